"""Replaying histories as every worker would, in the surroundings of tests and in those of production."""

from collections.abc import AsyncIterator, Sequence

from temporalio.client import Client, WorkflowHistory
from temporalio.worker import Replayer, WorkflowRunner

from domain.words import CaseId
from workers.runners import sandboxed, unsandboxed
from workflows.case import CaseWorkflow
from workflows.conversion import domain_data_converter
from workflows.referrals import workflow_id

IN_THE_SANDBOX = 40


async def histories_of(client: Client, case_id: CaseId) -> list[WorkflowHistory]:
    """The histories of all runs of the case, the first in front."""
    id = workflow_id(case_id)
    description = await client.get_workflow_handle(id).describe()
    run = description.raw_description.workflow_execution_info.first_run_id
    found: list[WorkflowHistory] = []
    while run:
        history = await client.get_workflow_handle(id, run_id=run).fetch_history()
        found.append(history)
        run = history.events[-1].workflow_execution_continued_as_new_event_attributes.new_execution_run_id
    return found


def as_bytes(history: WorkflowHistory) -> bytes:
    """Everything that is written in it, payloads as they are."""
    return b"".join(event.SerializeToString() for event in history.events)


async def replay_all(histories: Sequence[WorkflowHistory], workflow: type = CaseWorkflow) -> None:
    """Raises where a replay takes another way than its history; of very many, the sandbox replays the first only."""
    await _replay(histories, workflow, unsandboxed())
    await _replay(histories[:IN_THE_SANDBOX], workflow, sandboxed())


async def _replay(histories: Sequence[WorkflowHistory], workflow: type, runner: WorkflowRunner) -> None:
    async def each() -> AsyncIterator[WorkflowHistory]:
        for history in histories:
            yield history

    replayer = Replayer(workflows=[workflow], data_converter=domain_data_converter, workflow_runner=runner)
    await replayer.replay_workflows(each())
