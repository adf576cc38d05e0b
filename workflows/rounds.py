"""What goes round and round: starting what was taken in, and sending what was written."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

ROUND = timedelta(minutes=10)


@workflow.defn(name="Round")
class RoundWorkflow:
    """One long activity that looks every second; a schedule begins the next round when one ends."""

    @workflow.run
    async def run(self, activity: str) -> None:
        """Runs until the activity has gone round for its ten minutes, on whichever worker lives."""
        await workflow.execute_activity(
            activity,
            start_to_close_timeout=ROUND + timedelta(minutes=1),
            heartbeat_timeout=timedelta(seconds=5),
            retry_policy=RetryPolicy(maximum_interval=timedelta(seconds=5)),
        )
