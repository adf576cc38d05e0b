"""The worker that sends the messages of the webhooks."""

from temporalio.client import Client
from temporalio.worker import Worker, WorkflowRunner

from activities.webhooks.posting import Postings
from workflows.webhooks import WEBHOOKS, WebhookLaneWorkflow

SIDE_BY_SIDE = 300
"""Attempts at a time, most of which wait: far more than those of one subscriber that does not answer."""


def webhooks_worker(client: Client, postings: Postings, runner: WorkflowRunner) -> Worker:
    """Serves the queue of the webhooks."""
    return Worker(
        client,
        task_queue=WEBHOOKS,
        workflows=[WebhookLaneWorkflow],
        activities=[postings.post_next, postings.give_up],
        workflow_runner=runner,
        max_concurrent_activities=SIDE_BY_SIDE,
    )
