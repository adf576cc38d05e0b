"""The database fails, is slow, or hears everything twice: what happened is delayed, never lost and never doubled."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.cases import CaseActivities
from domain.commands import Accept, Comment, GiveFeedback, Resolve
from domain.words import AssignmentId, NoteId, Solved
from readmodel.database import writing
from readmodel.schema import LETTERS
from tests.readmodel.town import CITY, MEMBER, RESIDENT, rows
from tests.workflows.living import Town, at_work, eventually
from workflows.ports import RECORD, Recording

TASK = AssignmentId("a1")
NOTE = NoteId("n1")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Failing(CaseActivities):
    """Records nothing while it is down, and then asks to be tried again in an hour."""

    down = True
    attempts = 0

    @activity.defn(name=RECORD)
    async def record(self, recording: Recording) -> None:
        self.attempts += 1
        if self.down:
            again = None if activity.info().is_local else HOUR
            raise ApplicationError("the database is down", next_retry_delay=again)
        await super().record(recording)


class Counting(CaseActivities):
    """Knows how many attempts were begun, and how many came to their end."""

    begun = 0
    ended = 0

    @activity.defn(name=RECORD)
    async def record(self, recording: Recording) -> None:
        self.begun += 1
        try:
            await super().record(recording)
        finally:
            self.ended += 1


class Stuttering(CaseActivities):
    """Records everything twice."""

    @activity.defn(name=RECORD)
    async def record(self, recording: Recording) -> None:
        await super().record(recording)
        await super().record(recording)


async def test_a_day_without_a_database_delays_and_breaks_nothing(idle_town: Town) -> None:
    records = Failing(idle_town.database, CITY, idle_town.client)
    async with at_work(idle_town.client, records):
        referral = await idle_town.begin()
        accepted = asyncio.create_task(referral.does(Accept(TASK), MEMBER))
        await eventually(lambda: records.attempts > 2)
        remarked = asyncio.create_task(referral.does(Comment(NOTE, public=False), MEMBER))
        await referral.passes(DAY)
        assert records.attempts > 20
        assert not accepted.done()
        assert not remarked.done()
        assert referral.kinds == ["case_opened", "department_assigned"]

        records.down = False
        await referral.passes(2 * HOUR)
        assert (await accepted).version == 3
        assert (await remarked).version == 4
        assert referral.kinds[2:] == ["assignment_accepted", "comment_added"]
        await referral.does(Resolve(TASK, NOTE), MEMBER)
        await referral.does(GiveFeedback(Solved.YES), RESIDENT)
        await referral.ends()


async def test_a_term_that_ends_while_the_database_is_down_is_raised_once_when_it_is_back(idle_town: Town) -> None:
    records = Failing(idle_town.database, CITY, idle_town.client)
    records.down = False
    async with at_work(idle_town.client, records):
        referral = await idle_town.begin()
        await referral.passes(1.75 * DAY)
        records.down = True
        await referral.passes(0.75 * DAY)
        assert referral.kinds[-1] == "department_reminded"
        records.down = False
        await referral.passes(2 * HOUR)
        assert referral.kinds[-1] == "escalation_raised"
        assert referral.kinds.count("escalation_raised") == 1
        assert referral.events[-1].at - referral.accepted.case.opened_at < 2 * DAY + HOUR, "raised when it was due"


@pytest.mark.slow
async def test_a_slow_database_that_writes_what_was_given_up_meanwhile_writes_it_once(idle_town: Town) -> None:
    records = Counting(idle_town.database, CITY, idle_town.client)
    free = Event()

    def occupy() -> None:
        with writing(idle_town.database):
            occupied.set()
            free.wait()

    occupied = Event()
    with ThreadPoolExecutor(1) as thread:
        async with at_work(idle_town.client, records):
            referral = await idle_town.begin()
            thread.submit(occupy)
            await eventually(occupied.is_set)
            accepted = asyncio.create_task(referral.does(Accept(TASK), MEMBER))
            try:
                await eventually(lambda: records.begun >= 3)
            finally:
                free.set()
            await accepted
            await eventually(lambda: records.ended == records.begun)
    assert referral.kinds == ["case_opened", "department_assigned", "assignment_accepted"]


async def test_a_batch_that_is_recorded_twice_is_recorded_once(idle_town: Town) -> None:
    async with at_work(idle_town.client, Stuttering(idle_town.database, CITY, idle_town.client)):
        referral = await idle_town.begin()
        await referral.passes(5 * DAY)
        await referral.does(Resolve(TASK, NOTE), MEMBER)
        await referral.does(GiveFeedback(Solved.YES), RESIDENT)
        await referral.ends()
    letters = [(row["kind"], row["recipient"], row["seq"]) for row in rows(idle_town.database, LETTERS)]
    assert len(letters) > 3
    assert len(letters) == len(set(letters))
