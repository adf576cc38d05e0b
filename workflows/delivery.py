"""The durable delivery of one letter or digest: tried until the mail server takes it or patience ends."""

from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow
from temporalio.client import Client
from temporalio.common import RetryPolicy, WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ActivityError, is_cancelled_exception

LETTERS = "letters"
"""The queue of deliveries: a dead mail server holds up nothing else."""

DELIVER = "deliver"
GIVE_UP = "give_up"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often a delivery is tried."""

    first: timedelta = timedelta(seconds=10)
    """Until the second attempt; doubled from one to the next."""
    longest: timedelta = timedelta(hours=1)
    altogether: timedelta = timedelta(days=3)
    attempt: timedelta = timedelta(minutes=3)
    """What one attempt may take."""


USUAL = Patience()


@dataclass(frozen=True, slots=True)
class Delivery:
    """What leaves together, by its batch: `letter/ID` or `digest/RECIPIENT/DATE`. It holds no text and no address."""

    batch: str
    patience: Patience = USUAL


@workflow.defn(name="Delivery")
class DeliveryWorkflow:
    """Hands one batch over to the mail server, once."""

    @workflow.run
    async def run(self, delivery: Delivery) -> None:
        """Ends when every letter of the batch is sent, refused, uncertain or given up."""
        patience = delivery.patience
        try:
            await workflow.execute_activity(
                DELIVER,
                delivery.batch,
                start_to_close_timeout=patience.attempt,
                schedule_to_close_timeout=patience.altogether,
                retry_policy=RetryPolicy(initial_interval=patience.first, maximum_interval=patience.longest),
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            await workflow.execute_activity(GIVE_UP, delivery.batch, start_to_close_timeout=timedelta(minutes=1))


async def start_delivery(client: Client, delivery: Delivery) -> None:
    """Starts the delivery of the batch, unless it runs. Running again sends no letter that has left already."""
    await client.start_workflow(
        DeliveryWorkflow.run,
        delivery,
        id=delivery.batch,
        task_queue=LETTERS,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
    )
