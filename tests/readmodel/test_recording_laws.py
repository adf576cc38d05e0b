from collections.abc import Sequence
from datetime import date, datetime
from importlib import import_module
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from domain.case import Assignment, Case, Escalation
from domain.events import Happened
from domain.forecast import forecast
from domain.time_rules import Act
from domain.words import AssignmentState
from readmodel.database import sessions
from readmodel.intake import keep_rules
from readmodel.letters import FollowerRole
from readmodel.origin import NewFollower, Origin
from readmodel.recording import open_record, record
from readmodel.schema import ASSIGNMENTS, CASES, ESCALATIONS, METADATA
from readmodel.settling import settle_month
from readmodel.steps import Gap, fold
from tests.readmodel.stories import CASE, stories, two_ends_of_a_story
from tests.readmodel.town import CITY, HEIDE, MORNING, rules_for

Rows = dict[str, list[dict[str, Any]]]

REPORTER = NewFollower("f1", FollowerRole.REPORTER, "secret", "An", "an@example.org", None, "en")
ORIGIN = Origin("Dark", MORNING, followers=(REPORTER,))


def begin(session: Session, story: Sequence[Happened]) -> None:
    for service in CITY.services:
        keep_rules(session, rules_for(service, HEIDE))
    open_record(session, CITY, ORIGIN, story[:1])


def everything(session: Session) -> dict[str, list[dict[str, Any]]]:
    """All rows; without numbers that the database hands out, and without marks for summaries that may be set twice."""
    found = {}
    for table in METADATA.sorted_tables:
        rows = session.connection().execute(select(table)).mappings()
        kept = [{k: v for k, v in row.items() if (table.name, k) not in HANDED_OUT} for row in rows]
        found[table.name] = sorted(kept, key=str)
    del found["figure_touches"]
    return found


HANDED_OUT = {("letters", "id"), ("figures", "id")}


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[tuple[Happened, ...], list[tuple[Happened, ...]]]:
    """A story, and batches that together bring all of it: repeated, and overlapping what came before."""
    story = draw(stories())
    batches, brought = [], 1
    while brought < len(story):
        end = draw(st.integers(brought + 1, len(story)))
        batches.append(story[draw(st.integers(0, brought)) : end])
        if draw(st.booleans()):
            batches.append(draw(st.sampled_from(batches)))
        brought = end
    return story, batches


@settings(max_examples=60, deadline=None)
@given(deliveries())
def test_batches_that_repeat_and_overlap_leave_the_same_rows_as_one(
    migrated: Engine, delivery: tuple[tuple[Happened, ...], list[tuple[Happened, ...]]]
) -> None:
    story, batches = delivery
    with sessions(migrated)() as session:
        begin(session, story)
        record(session, CITY, CASE, story)
        at_once = everything(session)
        session.rollback()
        begin(session, story)
        for batch in batches:
            record(session, CITY, CASE, batch)
        in_parts = everything(session)
        session.rollback()
    assert in_parts == at_once


@settings(max_examples=30, deadline=None)
@given(stories(), st.data())
def test_a_gap_is_refused_and_changes_nothing(
    migrated: Engine, story: tuple[Happened, ...], data: st.DataObject
) -> None:
    known = data.draw(st.integers(1, len(story)), label="known")
    ahead = [h for h in story if h.seq > known + 1]
    with sessions(migrated)() as session:
        begin(session, story)
        record(session, CITY, CASE, story[:known])
        before = everything(session)
        if ahead:
            with pytest.raises(Gap):
                record(session, CITY, CASE, ahead)
        else:
            assert record(session, CITY, CASE, ahead).version == known
        assert everything(session) == before
        session.rollback()


@settings(max_examples=30, deadline=None)
@given(stories())
def test_a_story_recorded_whole_leaves_the_rows_of_one_recorded_step_by_step(
    migrated: Engine, story: tuple[Happened, ...]
) -> None:
    with sessions(migrated)() as session:
        begin(session, story)
        for happened in story:
            record(session, CITY, CASE, [happened])
        step_by_step = everything(session)
        session.rollback()
        for service in CITY.services:
            keep_rules(session, rules_for(service, HEIDE))
        open_record(session, CITY, ORIGIN, story)
        whole = everything(session)
        session.rollback()
    assert whole == step_by_step


@settings(max_examples=30, deadline=None)
@given(two_ends_of_a_story(), st.data())
def test_a_story_that_went_astray_ends_as_if_only_the_truth_had_been_recorded(
    migrated: Engine, ends: tuple[tuple[Happened, ...], tuple[Happened, ...]], data: st.DataObject
) -> None:
    astray, truth = ends
    same = next((n for n, (a, b) in enumerate(zip(astray, truth, strict=False)) if a != b), min(map(len, ends)))
    assume(len(truth) > same)
    part = data.draw(st.integers(same + 1, len(truth)), label="part")
    with sessions(migrated)() as session:
        begin(session, truth)
        record(session, CITY, CASE, truth)
        only_the_truth = settled(session)
        session.rollback()
        begin(session, astray)
        record(session, CITY, CASE, astray)
        settled(session)
        record(session, CITY, CASE, truth[data.draw(st.integers(1, same), label="first") : part])
        record(session, CITY, CASE, truth[part:])
        found = settled(session)
        session.rollback()
    both = _kept(found) & _kept(only_the_truth)
    assert _of_kept(found, both) == _of_kept(only_the_truth, both)


def _kept(rows: Rows) -> set[tuple[str, date]]:
    """What is kept of them, days and months."""
    return {(row["bucket"], row["first_day"]) for row in rows["figure_kept"]}


def _of_kept(rows: Rows, kept: set[tuple[str, date]]) -> Rows:
    """Scopes are told for a day or month once later ones have facts; what went astray may have had later facts."""
    scopes = [row for row in rows["figure_scopes"] if (row["bucket"], row["first_day"]) in kept]
    return {**rows, "figure_scopes": scopes, "figure_kept": []}


def settled(session: Session) -> Rows:
    """All rows, figures settled; but for the places of events in the order of the city."""
    while settle_month(session):
        pass
    found = everything(session)
    del found["counters"]
    for event in found["events"]:
        del event["position"]
    return found


@settings(max_examples=60, deadline=None)
@given(two_ends_of_a_story())
def test_what_is_due_and_what_will_escalate_follow_from_the_folded_state(
    migrated: Engine, ends: tuple[tuple[Happened, ...], tuple[Happened, ...]]
) -> None:
    astray, truth = ends
    with sessions(migrated)() as session:
        begin(session, truth)
        record(session, CITY, CASE, astray)
        record(session, CITY, CASE, truth)
        recorded = working_columns(session)
        case = fold(None, truth)[-1].after if len(truth) >= len(astray) else None
        emptied(session)
        MIGRATION.fill(session.connection())
        filled = working_columns(session)
        session.rollback()
    assert filled == recorded
    if case is not None:
        assert recorded == told_by(case)


def told_by(case: Case) -> dict[str, list[tuple[Any, ...]]]:
    """The same, by the whole forecast and without the rows."""
    rules = rules_for(case.service, HEIDE)
    ahead = [due.at for due in forecast(rules, case, case.opened_at) if due.act is Act.ESCALATE]
    ladders: dict[Any, list[Escalation]] = {}
    for escalation in case.open_escalations():
        ladders.setdefault((escalation.assignment, escalation.reason), []).append(escalation)
    next_one, to_place = next(iter(ahead), None), next(iter(p.since for p in case.placements), None)
    board = {a.department: (a.id, len(ladders), next_one, to_place) for a in case.assignments}
    last = {id: told for id, *told in board.values()} if not case.closed else {}
    tasks = (
        (a.id, _due(a) if not case.closed else None, case.neighbourhood, *last.get(a.id, [None] * 3))
        for a in case.assignments
    )
    climbed = {
        ladder[-1].id: (
            ladder[0].raised_at,
            max((e.held_until for e in ladder if e.held_until), default=None),
            "".join(f" {e.to}" for e in ladder) + " ",
        )
        for ladder in ladders.values()
    }
    return {
        "cases": [(next_one, to_place)],
        "assignments": sorted(tasks, key=str),
        "escalations": sorted(((e.id, *climbed.get(e.id, [None] * 3)) for e in case.escalations), key=str),
    }


def _due(task: Assignment) -> datetime | None:
    match task.state:
        case AssignmentState.ASSIGNED:
            return min(task.resolve_by, task.respond_by or task.resolve_by)
        case AssignmentState.IN_PROGRESS:
            return task.resolve_by
        case AssignmentState.WAITING if task.pause is not None:
            return task.pause.until
        case _:
            return None


def working_columns(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    connection = session.connection()
    return {
        table.name: sorted(
            (tuple(row) for row in connection.execute(select(*(table.c[name] for name in columns)))), key=str
        )
        for table, columns in WORKING.items()
    }


def emptied(session: Session) -> None:
    for table, columns in WORKING.items():
        for name in columns:
            if table.c[name].nullable:
                session.connection().execute(update(table).values({name: None}))


WORKING = {
    CASES: ("escalates_at", "to_place_since"),
    ASSIGNMENTS: (
        "assignment",
        "due_at",
        "neighbourhood",
        "case_ladders",
        "case_escalates_at",
        "case_to_place_since",
    ),
    ESCALATIONS: ("escalation", "stuck_since", "stuck_until", "rungs"),
}
MIGRATION = import_module("readmodel.migrations.versions.0002_work")
