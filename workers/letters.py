"""The worker that hands letters to the mail server."""

from temporalio.client import Client
from temporalio.worker import Worker, WorkflowRunner

from activities.delivery import Deliveries
from workflows.delivery import LETTERS, DeliveryWorkflow

SIDE_BY_SIDE = 8
"""Conversations with the mail server at a time."""


def letters_worker(client: Client, deliveries: Deliveries, runner: WorkflowRunner) -> Worker:
    """Serves the queue of the letters."""
    return Worker(
        client,
        task_queue=LETTERS,
        workflows=[DeliveryWorkflow],
        activities=[deliveries.deliver, deliveries.give_up],
        workflow_runner=runner,
        max_concurrent_activities=SIDE_BY_SIDE,
    )
