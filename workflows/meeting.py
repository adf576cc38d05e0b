"""The durable course of one meeting of a neighbourhood's team: it sleeps until something is due, and has it done."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.client import Client
from temporalio.common import RetryPolicy, WorkflowIDConflictPolicy, WorkflowIDReusePolicy

with workflow.unsafe.imports_passed_through():
    from domain.words import MeetingId
    from workflows.ports import ADVANCE_MEETING, CHANGED, ROUNDS, Advanced, Advancing


@dataclass(frozen=True, slots=True)
class Gathering:
    """Which meeting; everything else about it is in the database, and may change."""

    meeting_id: MeetingId


@workflow.defn(name="Meeting")
class MeetingWorkflow:
    """One meeting, until nothing is left that the engine does about it by itself."""

    @workflow.init
    def __init__(self, gathering: Gathering) -> None:
        self._meeting_id = gathering.meeting_id
        self._changes = 0

    @workflow.run
    async def run(self, gathering: Gathering) -> None:
        """What is due is done once, however often it is asked; a change of the meeting makes it look again at once."""
        while True:
            seen = self._changes
            advanced: Advanced = await workflow.execute_activity(
                ADVANCE_MEETING,
                Advancing(self._meeting_id, workflow.now()),
                start_to_close_timeout=timedelta(seconds=30),
                retry_policy=RetryPolicy(maximum_interval=timedelta(seconds=30)),
                result_type=Advanced,
            )
            if advanced.due is None and self._changes == seen:
                return
            await self._until(advanced.due, seen)

    @workflow.signal(name=CHANGED)
    def changed(self) -> None:
        """It was moved, begun, closed or cancelled."""
        self._changes += 1

    async def _until(self, due: datetime | None, seen: int) -> None:
        wait = max(due - workflow.now(), timedelta(0)) if due is not None else timedelta(0)
        try:
            await workflow.wait_condition(lambda: self._changes > seen, timeout=wait)
        except TimeoutError:
            return


async def tell_meeting(client: Client, meeting_id: MeetingId) -> None:
    """The meeting's workflow looks at it anew; it is started where none runs. Raises RPCError or RuntimeError."""
    await client.start_workflow(
        MeetingWorkflow.run,
        Gathering(meeting_id),
        id=f"meeting/{meeting_id}",
        task_queue=ROUNDS,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        start_signal=CHANGED,
    )
