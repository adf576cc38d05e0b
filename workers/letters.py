"""The worker that delivers letters."""

from temporalio.client import Client
from temporalio.worker import Worker, WorkflowRunner

from activities.delivery import Deliveries
from workflows.delivery import LETTERS, DeliveryWorkflow


def letters_worker(client: Client, deliveries: Deliveries, runner: WorkflowRunner) -> Worker:
    """Serves the queue of the letters; few at a time, as mail servers like it."""
    return Worker(
        client,
        task_queue=LETTERS,
        workflows=[DeliveryWorkflow],
        activities=[deliveries.deliver, deliveries.give_up],
        workflow_runner=runner,
        max_concurrent_activities=10,
    )
