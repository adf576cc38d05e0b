"""The durable delivery of a webhook's messages about one case: in order, each until it is taken or patience ends."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from temporalio import workflow
from temporalio.client import Client
from temporalio.common import RetryPolicy, WorkflowIDConflictPolicy, WorkflowIDReusePolicy

with workflow.unsafe.imports_passed_through():
    from domain.webhooks import Patience, gives_up, pause
    from workflows.ports import CHANGED

WEBHOOKS = "webhooks"
"""The queue of these deliveries: a dead subscriber holds up neither cases nor letters."""

POST_NEXT = "post_next"
GIVE_UP_MESSAGE = "give_up_message"

USUAL = Patience()


@dataclass(frozen=True, slots=True)
class Lane:
    """Messages that must not overtake each other: a webhook's about one case. It holds no text and no address."""

    webhook_id: str
    lane: str


@dataclass(frozen=True, slots=True)
class Stuck:
    """A message that was not taken yet."""

    message_id: str
    since: datetime
    failures: int = 1


@dataclass(frozen=True, slots=True)
class Posting:
    """What a lane's workflow carries from run to run."""

    lane: Lane
    patience: Patience = USUAL
    stuck: Stuck | None = None


class Met(StrEnum):
    """What an attempt met."""

    NOTHING = "nothing"
    """There is nothing to send."""
    WENT_ON = "went_on"
    """The message is done with."""
    FAILED = "failed"
    RESTING = "resting"
    """The subscriber is left alone for a while, or has its hands full."""


@dataclass(frozen=True, slots=True)
class Attempted:
    """What became of an attempt to send the first message of a lane."""

    met: Met
    message_id: str | None = None
    rest: timedelta = timedelta(0)


@workflow.defn(name="WebhookLane")
class WebhookLaneWorkflow:
    """One lane, until nothing waits in it."""

    @workflow.init
    def __init__(self, posting: Posting) -> None:
        self._lane = posting.lane
        self._patience = posting.patience
        self._stuck = posting.stuck
        self._changes = 0

    @workflow.run
    async def run(self, posting: Posting) -> None:
        """Sends one message after the other; news about the lane makes it try again at once."""
        while True:
            seen = self._changes
            attempted: Attempted = await workflow.execute_activity(
                POST_NEXT,
                self._lane,
                start_to_close_timeout=self._patience.attempt + self._patience.around,
                retry_policy=RetryPolicy(maximum_interval=timedelta(seconds=30)),
                result_type=Attempted,
            )
            if attempted.met is Met.NOTHING and self._changes == seen:
                return
            await self._follow(attempted, seen)
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(Posting(self._lane, self._patience, self._stuck))

    @workflow.signal(name=CHANGED)
    def changed(self) -> None:
        """Something waits in the lane."""
        self._changes += 1

    async def _follow(self, attempted: Attempted, seen: int) -> None:
        if attempted.met in (Met.NOTHING, Met.WENT_ON):
            self._stuck = None
        elif attempted.met is Met.FAILED and attempted.message_id is not None:
            self._fail(attempted.message_id)
        if (stuck := self._stuck) is not None and gives_up(self._patience, stuck.since, workflow.now()):
            await workflow.execute_activity(
                GIVE_UP_MESSAGE, stuck.message_id, start_to_close_timeout=timedelta(minutes=1)
            )
            self._stuck = None
        elif attempted.met is Met.FAILED and stuck is not None:
            await self._wait(pause(self._patience, stuck.failures), seen)
        elif attempted.met is Met.RESTING:
            await self._wait(attempted.rest * (1 + workflow.random().random() / 4), seen)

    def _fail(self, message_id: str) -> None:
        if self._stuck is not None and self._stuck.message_id == message_id:
            self._stuck = replace(self._stuck, failures=self._stuck.failures + 1)
        else:
            self._stuck = Stuck(message_id, workflow.now())

    async def _wait(self, time: timedelta, seen: int) -> None:
        try:
            await workflow.wait_condition(lambda: self._changes > seen, timeout=time)
        except TimeoutError:
            return


async def tell_lane(client: Client, lane: Lane, patience: Patience = USUAL) -> None:
    """The lane's workflow looks at once; it is started where none runs. Raises RPCError or RuntimeError."""
    await client.start_workflow(
        WebhookLaneWorkflow.run,
        Posting(lane, patience),
        id=f"webhook/{lane.webhook_id}/{lane.lane}",
        task_queue=WEBHOOKS,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        start_signal=CHANGED,
    )
