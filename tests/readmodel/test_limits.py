"""The waits of cases, kept as events arrive."""

from collections.abc import Sequence
from datetime import timedelta
from importlib import import_module

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine, select

from domain.commands import Accept, Acknowledge, Assign, Decline, MergeInto, PauseAssignment, Resume
from domain.events import Happened
from domain.joining.commands import Split
from domain.limits import Limit
from domain.words import AssignmentId, Cause, EscalationId, NoteId
from readmodel.database import reading, writing
from readmodel.erasure import erase
from readmodel.held import UNNAMED, Held, holding
from readmodel.recording import record
from readmodel.schema import CASES, ESCALATIONS, LIMITS
from tests.readmodel.conftest import empty
from tests.readmodel.stories import CASE, stories
from tests.readmodel.test_recording_laws import begin
from tests.readmodel.town import CITY, DIRECTOR, GREEN, MEMBER, ROADS, do, later, let_time_pass, open_case, rows

A1, E2, NOTE = AssignmentId("a1"), EscalationId("e2"), NoteId("n1")
migration = import_module("readmodel.migrations.versions.0014_limits")


def told(engine: Engine) -> list[tuple[str, str, str | None, str | None, float, float | None]]:
    """What, source, department, cause, and the hours since the morning at which it began and ended."""
    start = later(0)
    hour = timedelta(hours=1)
    return [
        (
            row["what"],
            row["source"],
            row["department"],
            row["cause"],
            (row["began_at"] - start) / hour,
            (row["ended_at"] - start) / hour if row["ended_at"] is not None else None,
        )
        for row in sorted(rows(engine, LIMITS), key=lambda row: row["seq"])
    ]


def test_a_pause_lasts_until_the_department_goes_on(engine: Engine) -> None:
    accepted = open_case(engine)
    do(engine, accepted, Accept(A1), MEMBER, later(1))
    do(engine, accepted, PauseAssignment(A1, Cause.CAPACITY, later(100), NOTE), MEMBER, later(2))
    assert told(engine) == [("pause", "a1", ROADS, "capacity", 2, None)]
    do(engine, accepted, Resume(A1), MEMBER, later(26))
    do(engine, accepted, PauseAssignment(A1, Cause.NO_BUDGET, later(100), NOTE), MEMBER, later(26))
    assert told(engine) == [("pause", "a1", ROADS, "capacity", 2, 26), ("pause", "a1", ROADS, "no_budget", 26, None)]


def test_a_decline_and_its_escalation_last_until_the_task_is_placed(engine: Engine) -> None:
    accepted = open_case(engine)
    do(engine, accepted, Decline(A1, Cause.NOT_OURS, NOTE), MEMBER, later(1))
    let_time_pass(engine, accepted, later(26))
    do(engine, accepted, Assign((GREEN,)), DIRECTOR, later(30))
    assert told(engine) == [
        ("decline", "a1", ROADS, "not_ours", 1, 30),
        ("escalation", "e1", ROADS, "not_ours", 25, 30),
    ]


def test_a_cause_that_is_named_on_a_higher_rung_is_that_of_the_ladder(engine: Engine) -> None:
    accepted = open_case(engine)
    let_time_pass(engine, accepted, later(97))
    assert told(engine) == [("escalation", "e1", ROADS, None, 48, None)]
    do(engine, accepted, Acknowledge(E2, cause=Cause.THIRD_PARTY), DIRECTOR, later(98))
    assert told(engine) == [("escalation", "e1", ROADS, "third_party", 48, None)]


def test_while_a_case_was_joined_to_another_by_mistake_nothing_held_it_back(engine: Engine) -> None:
    accepted, other = open_case(engine), open_case(engine)
    do(engine, accepted, Decline(A1, Cause.NOT_OURS, NOTE), MEMBER, later(1))
    do(engine, accepted, MergeInto(other.case_id), DIRECTOR, later(5))
    assert told(engine) == [("decline", "a1", ROADS, "not_ours", 1, 5)]
    do(engine, accepted, Split(NOTE), DIRECTOR, later(8))
    assert told(engine) == [("decline", "a1", ROADS, "not_ours", 1, 5), ("decline", "a1", ROADS, "not_ours", 8, None)]


def test_erasing_a_case_leaves_what_held_it_back(engine: Engine) -> None:
    accepted = open_case(engine)
    do(engine, accepted, Decline(A1, Cause.NOT_OURS, NOTE), MEMBER, later(1))
    with writing(engine) as session:
        assert erase(session, accepted.case_id)
    assert told(engine) == [("decline", "a1", ROADS, "not_ours", 1, None)]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories())
def test_waits_told_from_the_events_are_those_that_were_kept(engine: Engine, story: Sequence[Happened]) -> None:
    empty(engine)
    with writing(engine) as session:
        begin(session, story)
        record(session, CITY, CASE, story)
    kept = [rows(engine, table) for table in (LIMITS, CASES, ESCALATIONS)]
    with writing(engine) as session:
        session.execute(LIMITS.delete())
        session.execute(ESCALATIONS.update().values(cause=None))
        migration.tell(session.connection())
    assert [rows(engine, table) for table in (LIMITS, CASES, ESCALATIONS)] == kept


def test_a_case_that_began_before_causes_were_kept_knows_them_from_now_on(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migration, "AT_ONCE", 1)
    several = [open_case(engine) for _ in range(3)]
    for accepted in several:
        do(engine, accepted, Decline(A1, Cause.NO_BUDGET, NOTE), MEMBER, later(1))
    with writing(engine) as session:
        session.execute(LIMITS.delete())
        for row in rows(engine, CASES):
            before = row["state"].replace('"cause":"no_budget"', '"cause":null')
            session.execute(CASES.update().where(CASES.c.case_id == row["case_id"]).values(state=before))
        migration.tell(session.connection())
    for accepted in several:
        let_time_pass(engine, accepted, later(26))
    assert sorted(what for what, *_ in told(engine)) == ["decline"] * 3 + ["escalation"] * 3
    assert {cause for _, _, _, cause, *_ in told(engine)} == {"no_budget"}


def test_many_cases_behind_a_limit_are_listed_like_few(engine: Engine) -> None:
    several = [open_case(engine) for _ in range(4)]
    for hours, accepted in enumerate(several[:3]):
        do(engine, accepted, Decline(A1, Cause.NO_BUDGET, NOTE), MEMBER, later(hours))
    for wanted, found in (
        (Held("no_budget"), several[:3]),
        (Held(None, Limit.DECLINE, later(1), later(2)), several[1:2]),
        (Held(None, None, later(1), later(2)), several[:2]),
        (Held(UNNAMED), []),
        (Held(None, Limit.PAUSE), []),
    ):
        for few in (10, 1):
            with reading(engine) as session:
                ids = select(CASES.c.case_id).where(holding(session, wanted, ROADS, few))
                assert set(session.scalars(ids)) == {accepted.case_id for accepted in found}, wanted
