"""What was taken in while Temporal was away is started once; one case that cannot be started holds up no others."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from temporalio.client import Client
from temporalio.testing import ActivityEnvironment

from activities.intake import Intake
from domain.commands import Accept
from domain.projects.commands import Commit
from domain.words import AssignmentId, Kind, NoteId, Role
from readmodel.commitments import commitments_of
from readmodel.database import reading, writing
from readmodel.intake import Reporter
from readmodel.new_projects import NewProject
from readmodel.notes import Note, put_notes
from readmodel.origin import COMMITMENT
from readmodel.schema import CASES
from tests.readmodel.town import CITY, HEIDE, LAMP, MEMBER, MORNING, ROADS, a_report
from tests.workflows.living import BETWEEN_LOOKS, PATIENCE, Referral, Town
from tests.workflows.replaying import histories_of
from workflows.referrals import EngineUnavailable
from workflows.standing import arrange


def a_while_ago() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=5)


def spoil(town: Town, referral: Referral) -> None:
    """Makes of it a case that Temporal does not take."""
    with writing(town.database) as session:
        state = session.scalars(select(CASES.c.state).where(CASES.c.case_id == referral.id)).one()
        endless = state.replace('"heide"', f'"{"heide" * 1000}"')
        session.execute(update(CASES).where(CASES.c.case_id == referral.id).values(state=endless))
    town.referrals.remove(referral)


def a_project() -> NewProject:
    return NewProject(ROADS, (HEIDE,), "Square", "What do we miss?", (datetime.now(UTC) + timedelta(days=30)).date())


def waiting(town: Town) -> list[str]:
    with reading(town.database) as session:
        return list(session.scalars(select(CASES.c.case_id).where(CASES.c.workflow_started_at.is_(None))))


async def test_what_was_taken_in_without_temporal_is_started_once_when_it_is_back(town: Town) -> None:
    referrals = [town.take_in(at=a_while_ago()) for _ in range(3)]
    nowhere = await Client.connect("127.0.0.1:1", lazy=True)
    with pytest.raises(EngineUnavailable):
        await ActivityEnvironment().run(Intake(town.database, nowhere, CITY).start_waiting)
    assert len(waiting(town)) == 3

    back = Intake(town.database, town.client, CITY)
    assert await ActivityEnvironment().run(back.start_waiting) == 3
    assert await ActivityEnvironment().run(back.start_waiting) == 0
    assert waiting(town) == []
    for referral in referrals:
        await referral.does(Accept(AssignmentId("a1")), MEMBER)
        assert len(await histories_of(town.client, referral.id)) == 1


async def test_a_case_that_runs_already_is_not_started_again(town: Town) -> None:
    referral = await town.begin(at=a_while_ago())
    await referral.does(Accept(AssignmentId("a1")), MEMBER)
    assert waiting(town) == [referral.id]
    assert await ActivityEnvironment().run(Intake(town.database, town.client, CITY).start_waiting) == 1
    assert waiting(town) == []
    assert referral.case.version == 3
    assert len(await histories_of(town.client, referral.id)) == 1


async def test_what_was_taken_in_just_now_is_left_to_whoever_took_it_in(idle_town: Town) -> None:
    fresh = idle_town.take_in()
    idle_town.referrals.remove(fresh)
    assert await ActivityEnvironment().run(Intake(idle_town.database, idle_town.client, CITY).start_waiting) == 0
    assert waiting(idle_town) == [fresh.id]


async def test_cases_that_cannot_be_started_hold_up_no_others(town: Town) -> None:
    spoilt = [town.take_in(at=a_while_ago()) for _ in range(21)]
    referrals = [town.take_in(at=a_while_ago()) for _ in range(3)]
    for referral in spoilt:
        spoil(town, referral)
    assert await ActivityEnvironment().run(Intake(town.database, town.client, CITY).start_waiting) == 3
    assert sorted(waiting(town)) == sorted(referral.id for referral in spoilt)
    for referral in referrals:
        await referral.does(Accept(AssignmentId("a1")), MEMBER)


async def test_arranging_again_changes_nothing(idle_town: Town) -> None:
    await arrange(idle_town.client)
    await arrange(idle_town.client)
    async with asyncio.timeout(PATIENCE.total_seconds()):
        while not {"round/intake", "round/letters", "review/hot-spots"} <= set(schedules := await listed(idle_town)):
            await asyncio.sleep(BETWEEN_LOOKS)
    assert len(schedules) == len(set(schedules))


async def listed(town: Town) -> list[str]:
    return [schedule.id async for schedule in await town.client.list_schedules()]


async def test_what_was_promised_about_a_project_becomes_a_case_once(town: Town) -> None:
    project = replace(a_report(), kind=Kind.PROJECT, reporter=Reporter(), by=MEMBER, project=a_project())
    promising = await town.begin(project, at=a_while_ago())
    note = NoteId("promise")
    with writing(town.database) as session:
        put_notes(session, [Note(note, promising.id, "Two benches", True, Role.DEPARTMENT, "user:member", MORNING)])
    await promising.does(Commit(note, LAMP, HEIDE), MEMBER)
    intake = Intake(town.database, town.client, CITY)
    for _ in range(2):
        await ActivityEnvironment().run(intake.start_waiting)
    with reading(town.database) as session:
        [followed] = commitments_of(session, promising.id)
        opened = session.scalars(select(CASES.c.case_id).where(CASES.c.source == COMMITMENT)).all()
    assert opened == [followed.case_id]
