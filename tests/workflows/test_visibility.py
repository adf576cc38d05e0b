"""What operators see of the cases in Temporal's own pages and searches."""

import asyncio
from datetime import timedelta

from domain.commands import Accept
from domain.words import AssignmentId
from tests.readmodel.town import MEMBER, TREE, a_report
from tests.workflows.living import BETWEEN_LOOKS, PATIENCE, Town
from workflows.referrals import workflow_id

ESCALATED = 'EscalationLevel > 0 and Department = "roads"'


async def found(town: Town, query: str, expected: set[str]) -> None:
    """Waits until the search finds these workflows and no others."""
    async with asyncio.timeout(PATIENCE.total_seconds()):
        while {execution.id async for execution in town.client.list_workflows(query)} != expected:
            await asyncio.sleep(BETWEEN_LOOKS)


async def test_escalated_cases_of_a_department_are_found(town: Town) -> None:
    silent, answered, shared = await town.begin(), await town.begin(), await town.begin(a_report(TREE))
    await answered.passes(timedelta(days=1))
    await answered.does(Accept(AssignmentId("a1")), MEMBER)
    for referral in (silent, answered, shared):
        await referral.passes(timedelta(days=3))
    await found(town, ESCALATED, {workflow_id(silent.id), workflow_id(shared.id)})
    await found(town, 'Stage = "in_progress"', {workflow_id(answered.id)})
    await silent.does(Accept(AssignmentId("a1")), MEMBER)
    await found(town, ESCALATED, {workflow_id(shared.id)})


async def test_a_case_is_named_by_its_number_service_and_neighbourhood(town: Town) -> None:
    referral = await town.begin()
    description = await referral.handle.describe()
    assert await description.static_summary() == f"{referral.accepted.number} · lamp · heide"
