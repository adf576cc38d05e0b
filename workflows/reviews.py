"""What is looked over once a week: where in the city hot spots have come up."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from workflows.ports import FIND_HOT_SPOTS


@workflow.defn(name="HotSpotReview")
class HotSpotReviewWorkflow:
    """One look over the whole city; a schedule begins it every week."""

    @workflow.run
    async def run(self) -> int:
        """How many hot spots there are; tried until a worker finishes it, or the next week's is near."""
        found: int = await workflow.execute_activity(
            FIND_HOT_SPOTS,
            start_to_close_timeout=timedelta(hours=2),
            schedule_to_close_timeout=timedelta(days=6),
            heartbeat_timeout=timedelta(seconds=30),
            retry_policy=RetryPolicy(initial_interval=timedelta(seconds=10), maximum_interval=timedelta(hours=1)),
            result_type=int,
        )
        return found
