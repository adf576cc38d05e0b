"""A meeting of a neighbourhood's team on the real engine, in virtual time."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import ActivityEnvironment
from temporalio.worker import Worker

from activities.meetings import Meetings
from domain.teams.course import MeetingState
from domain.words import MeetingId
from readmodel.database import reading, writing
from readmodel.meeting_course import move
from readmodel.meetings import Meeting, meeting_by_id, plan
from readmodel.schema import LETTERS, MEETINGS
from tests.readmodel.town import CITY, GREEN, HEIDE, ROADS
from tests.workflows.living import PATIENCE, Town
from tests.workflows.replaying import replay_all
from workers.runners import sandboxed
from workflows.meeting import MeetingWorkflow, tell_meeting
from workflows.ports import ROUNDS

DAY = timedelta(days=1)
M1 = MeetingId("11111111-1111-4111-8111-111111111111")
WITH_TEAM = replace(
    CITY, neighbourhoods={**CITY.neighbourhoods, HEIDE: replace(CITY.neighbourhoods[HEIDE], team=(ROADS, GREEN))}
)


@asynccontextmanager
async def meeting_worker(town: Town) -> AsyncIterator[Meetings]:
    meetings = Meetings(WITH_TEAM, town.database, town.client)
    worker = Worker(
        town.client,
        task_queue=ROUNDS,
        workflows=[MeetingWorkflow],
        activities=[meetings.advance],
        workflow_runner=sandboxed(),
    )
    async with worker:
        yield meetings


def letters(town: Town, meeting: MeetingId = M1) -> Counter[str]:
    with reading(town.database) as session:
        return Counter(session.scalars(select(LETTERS.c.kind).where(LETTERS.c.meeting_id == meeting)))


def planned(town: Town, starts_at: datetime) -> None:
    meeting = Meeting(M1, HEIDE, starts_at, "Town hall", MeetingState.PLANNED, every_weeks=4)
    with writing(town.database) as session:
        plan(session, meeting, "user:director", datetime.now(UTC))


async def passes(town: Town, handle: WorkflowHandle[Any, Any], time: timedelta) -> None:
    async with asyncio.timeout(PATIENCE.total_seconds()):
        await town.clock.fast_forward(handle, time)


async def test_a_meeting_sends_its_agenda_once_begins_in_time_and_plans_the_next(idle_town: Town) -> None:
    town, starts_at = idle_town, datetime.now(UTC) + 10 * DAY
    planned(town, starts_at)
    handle = town.client.get_workflow_handle(f"meeting/{M1}")
    async with meeting_worker(town) as meetings:
        assert await ActivityEnvironment().run(meetings.tell_changed) == 1
        await passes(town, handle, 7 * DAY)
        assert letters(town) == {}
        await passes(town, handle, 2 * DAY)
        assert letters(town) == {"agenda": 3}, "two departments and the manager"

        with writing(town.database) as session:
            meeting = meeting_by_id(session, M1)
            assert meeting is not None
            move(session, WITH_TEAM, meeting, starts_at + DAY, "Library", datetime.now(UTC) + 9 * DAY)
        await tell_meeting(town.client, M1)
        await tell_meeting(town.client, M1)
        await passes(town, handle, 3 * DAY)
        assert letters(town) == {"agenda": 3, "meeting_moved": 3, "minutes_due": 1}
        async with asyncio.timeout(PATIENCE.total_seconds()):
            await handle.result()
    with reading(town.database) as session:
        begun = meeting_by_id(session, M1)
        [following] = session.execute(select(MEETINGS).where(MEETINGS.c.follows == M1)).all()
    assert begun is not None and begun.state is MeetingState.BEGUN
    assert following.starts_at == starts_at + DAY + timedelta(weeks=4)
    await replay_all([await handle.fetch_history()], MeetingWorkflow)


async def test_a_meeting_planned_while_temporal_is_away_is_told_once_it_is_back(idle_town: Town) -> None:
    planned(idle_town, datetime.now(UTC) + 10 * DAY)
    nowhere = Meetings(WITH_TEAM, idle_town.database, await Client.connect("127.0.0.1:1", lazy=True))
    with pytest.raises(RuntimeError):
        await ActivityEnvironment().run(nowhere.tell_changed)
    back = Meetings(WITH_TEAM, idle_town.database, idle_town.client)
    assert await ActivityEnvironment().run(back.tell_changed) == 1
    assert await ActivityEnvironment().run(back.tell_changed) == 0
