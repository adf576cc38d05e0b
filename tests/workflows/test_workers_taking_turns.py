"""Workers come and go, and cases go on with whichever there is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from activities.cases import CaseActivities
from domain.commands import Accept, GiveFeedback, ReportProgress, Resolve
from domain.words import AssignmentId, NoteId, Outcome, Solved
from readmodel.database import connect
from tests.readmodel.town import CITY, MEMBER, RESIDENT
from tests.workflows.living import Referral, Town, at_work, eventually
from tests.workflows.test_faulty_recording import Failing

TASK = AssignmentId("a1")
NOTE = NoteId("n1")
LIFE = (
    (Accept(TASK), MEMBER),
    (ReportProgress(TASK, NOTE), MEMBER),
    (Resolve(TASK, NOTE), MEMBER),
    (GiveFeedback(Solved.YES), RESIDENT),
)


@asynccontextmanager
async def another_worker(town: Town) -> AsyncIterator[None]:
    """With connections of its own, as another process would have."""
    client = await town.elsewhere()
    database = connect(str(town.database.url))
    async with at_work(client, CaseActivities(database, CITY, client)):
        yield
    database.dispose()


async def live(town: Town) -> Referral:
    referral = await town.begin()
    for command, by in LIFE:
        await referral.does(command, by)
    await referral.ends()
    return referral


async def test_a_life_may_be_lived_with_another_worker_at_every_step(idle_town: Town) -> None:
    referral = await idle_town.begin()
    for command, by in LIFE:
        async with another_worker(idle_town):
            await referral.does(command, by)
    async with another_worker(idle_town):
        await referral.ends()
    assert referral.case.outcome is Outcome.SOLVED


async def test_what_one_worker_decided_and_could_not_record_is_recorded_by_the_next(idle_town: Town) -> None:
    failing = Failing(idle_town.database, CITY, idle_town.client)
    async with at_work(idle_town.client, failing):
        referral = await idle_town.begin()
        answer = asyncio.create_task(referral.does(Accept(TASK), MEMBER))
        await eventually(lambda: failing.attempts > 2)
    async with another_worker(idle_town):
        await referral.passes(timedelta(hours=2))
        assert (await answer).version == 3
    assert referral.kinds == ["case_opened", "department_assigned", "assignment_accepted"]


async def test_two_workers_share_the_cases(idle_town: Town) -> None:
    async with another_worker(idle_town), another_worker(idle_town):
        referrals = await asyncio.gather(*(live(idle_town) for _ in range(12)))
    assert {referral.case.outcome for referral in referrals} == {Outcome.SOLVED}
