"""The worker that lives the cases and records them."""

from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, Worker, WorkflowRunner

from activities.cases import CaseActivities
from workflows.case import CaseWorkflow
from workflows.ports import CASES

CACHED_CASES = 4000
"""About 70 kB each: cases that are acted on often stay in memory, the others are replayed when they wake."""

TAKEN_OVER_AFTER = timedelta(seconds=2)
"""How long a case waits for the worker that has it in memory before any other takes it over."""


def case_worker(client: Client, activities: CaseActivities, runner: WorkflowRunner) -> Worker:
    """Serves the queue of the cases; the activities are to be closed after it."""
    return Worker(
        client,
        task_queue=CASES,
        workflows=[CaseWorkflow],
        activities=[
            activities.record,
            activities.reserve,
            activities.release,
            activities.join,
            activities.part,
        ],
        workflow_runner=runner,
        max_cached_workflows=CACHED_CASES,
        sticky_queue_schedule_to_start_timeout=TAKEN_OVER_AFTER,
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
    )
