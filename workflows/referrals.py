"""How programs outside a workflow reach a case: start it, and submit commands to it."""

import asyncio
from datetime import timedelta

from temporalio.client import Client, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.common import Priority, TypedSearchAttributes, WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain.case import Case
from domain.commands import Submitted
from domain.refusal import Refused
from domain.rulebook import Rulebook
from domain.words import CaseId
from workflows.case import CaseWorkflow
from workflows.ports import CASES, COMMAND, Answer, Running
from workflows.visibility import attributes, summary

BULK = Priority(priority_key=5)
"""Temporal serves 1 to 5, 3 by default: bulk intake waits for what people do now."""


class NotRunning(Exception):
    """No workflow of this case runs: it is closed, or not started yet."""


class EngineUnavailable(Exception):
    """Temporal, or every worker, is out of reach; what was asked may or may not still happen."""


def workflow_id(case_id: CaseId) -> str:
    """The one workflow of a case."""
    return f"case/{case_id}"


async def start_case(client: Client, case: Case, rules: Rulebook, *, low_priority: bool = False) -> None:
    """Starts the case's workflow; a case that was ever started is left alone.

    Raises EngineUnavailable when Temporal does not answer.
    """
    try:
        await client.start_workflow(
            CaseWorkflow.run,
            Running(case, rules),
            id=workflow_id(case.case_id),
            task_queue=CASES,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            search_attributes=TypedSearchAttributes(list(attributes(case))),
            static_summary=summary(case),
            priority=BULK if low_priority else Priority.default,
        )
    except WorkflowAlreadyStartedError:
        return
    except (RPCError, RuntimeError) as error:
        raise EngineUnavailable(str(error)) from error


async def submit(client: Client, case_id: CaseId, submitted: Submitted, within: timedelta) -> Answer:
    """Submits a command and waits until what it led to is recorded; a repeat of its id repeats the answer.

    Raises Refused, NotRunning, or EngineUnavailable when there is no answer in time.
    """
    handle = client.get_workflow_handle(workflow_id(case_id))
    try:
        async with asyncio.timeout(within.total_seconds()):
            answer: Answer = await handle.execute_update(
                COMMAND, submitted, id=submitted.command_id, result_type=Answer
            )
            return answer
    except WorkflowUpdateFailedError as failed:
        raise _refusal(failed) from failed
    except (WorkflowUpdateRPCTimeoutOrCancelledError, TimeoutError) as error:
        raise EngineUnavailable("the case did not answer in time") from error
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise NotRunning(case_id) from error
        raise EngineUnavailable(str(error)) from error


def _refusal(failed: WorkflowUpdateFailedError) -> Exception:
    cause = failed.cause
    if isinstance(cause, ApplicationError):
        if cause.type == "Refused":
            return Refused(cause.message, *cause.details)
        if cause.type == "AcceptedUpdateCompletedWorkflow":
            return NotRunning(str(cause))
    return EngineUnavailable(str(cause))
