"""What awaits a department, what is due first in front."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from domain.commands import Accept, AskResident, Close, PauseAssignment, Resolve, SetUrgent, Transfer
from domain.words import AssignmentId, AssignmentState, Cause, DepartmentId, NoteId, Outcome
from readmodel.database import reading
from readmodel.inbox import InboxCounts, InboxFilter, InboxGroup, InboxItem, InboxSort, inbox, inbox_counts
from readmodel.paging import BadCursor
from tests.readmodel.town import (
    DIRECTOR,
    DORP,
    GREEN,
    HEIDE,
    LAMP,
    MEMBER,
    MORNING,
    ROADS,
    TREE,
    a_report,
    do,
    later,
    let_time_pass,
    open_case,
)

A1, A2, NOTE = AssignmentId("a1"), AssignmentId("a2"), NoteId("n1")
EVERYTHING = InboxFilter()
DAY_3 = MORNING + timedelta(days=3)
TODAY = (MORNING + timedelta(days=3, hours=-9), MORNING + timedelta(days=4, hours=-9))


def numbers(
    engine: Engine,
    wanted: InboxFilter = EVERYTHING,
    department: DepartmentId = ROADS,
    sort: InboxSort = InboxSort.DUE,
) -> list[int]:
    with reading(engine) as session:
        found = inbox(session, DAY_3, department, wanted, sort).items
    assert all(item.department == department for item in found)
    return [int(item.case.number[-3:]) for item in found]


def walk(engine: Engine, sort: InboxSort, limit: int) -> Iterator[InboxItem]:
    cursor = None
    while True:
        with reading(engine) as session:
            page = inbox(session, DAY_3, ROADS, EVERYTHING, sort, limit, cursor)
        assert len(page.items) <= limit
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return


@pytest.fixture
def work(engine: Engine) -> Engine:
    """1: never answered, escalated; 2: accepted, planned for today; 3: paused in Dorp; 4: a tree for green and roads;
    5: roads passed it on; 6: closed while roads worked on it; 7: roads is done; 8: accepted, urgent."""
    silent = open_case(engine)
    let_time_pass(engine, silent, MORNING + timedelta(days=2, hours=1))
    planned = open_case(engine, a_report(LAMP, description="De lamp flikkert"), later(1))
    do(engine, planned, Accept(A1, TODAY[0] + timedelta(hours=10)), MEMBER, later(2))
    paused = open_case(engine, a_report(LAMP, DORP), later(3))
    do(engine, paused, Accept(A1), MEMBER, later(4))
    do(engine, paused, PauseAssignment(A1, Cause.CAPACITY, DAY_3, NOTE), MEMBER, later(5), id="c2")
    open_case(engine, a_report(TREE, DORP), MORNING + timedelta(days=2))
    passed_on = open_case(engine, now=later(6))
    do(engine, passed_on, Transfer(A1, GREEN, NOTE), MEMBER, later(7))
    closed = open_case(engine, now=later(8))
    do(engine, closed, Accept(A1), MEMBER, later(9))
    do(engine, closed, Close(Outcome.EXPLAINED, NOTE), DIRECTOR, later(10), id="c2")
    done = open_case(engine, now=later(11))
    do(engine, done, Resolve(A1, NOTE), MEMBER, later(12))
    urgent = open_case(engine, now=later(13))
    do(engine, urgent, SetUrgent(True, NOTE), DIRECTOR, later(13))
    do(engine, urgent, Accept(A1), MEMBER, later(14), id="c2")
    return engine


def test_what_is_due_first_comes_first(work: Engine) -> None:
    assert numbers(work) == [1, 3, 4, 2, 8]
    assert numbers(work, department=GREEN) == [5, 4]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (InboxFilter(InboxGroup.TO_ANSWER), [1, 4]),
        (InboxFilter(InboxGroup.IN_PROGRESS), [2, 8]),
        (InboxFilter(InboxGroup.WAITING), [3]),
        (InboxFilter(neighbourhood=DORP), [3, 4]),
        (InboxFilter(service=TREE), [4]),
        (InboxFilter(theme="theme-lamp"), [1, 3, 2, 8]),
        (InboxFilter(urgent=True), [8]),
        (InboxFilter(urgent=False), [1, 3, 4, 2]),
        (InboxFilter(late=True), [1]),
        (InboxFilter(late=False), [3, 4, 2, 8]),
        (InboxFilter(escalated=True), [1]),
        (InboxFilter(escalated=False), [3, 4, 2, 8]),
        (InboxFilter(planned_on=TODAY), [2]),
        (InboxFilter(planned_on=(TODAY[1], TODAY[1] + timedelta(days=1))), []),
        (InboxFilter(q="2026-000004"), [4]),
        (InboxFilter(q="2026"), [1, 3, 4, 2, 8]),
        (InboxFilter(q="FLIKKERT heidestraat"), [2]),
        (InboxFilter(q="%"), []),
        (InboxFilter(InboxGroup.TO_ANSWER, neighbourhood=HEIDE, late=True, escalated=True, q="lamp"), [1]),
    ],
)
def test_an_inbox_is_narrowed(work: Engine, wanted: InboxFilter, found: list[int]) -> None:
    assert numbers(work, wanted) == found


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        (InboxSort.DUE, [1, 3, 4, 2, 8]),
        (InboxSort.NEWEST, [4, 8, 3, 2, 1]),
        (InboxSort.PLANNED, [2, 1, 3, 4, 8]),
        (InboxSort.NEIGHBOURHOOD, [3, 4, 1, 2, 8]),
    ],
)
def test_an_inbox_has_several_orders(work: Engine, sort: InboxSort, found: list[int]) -> None:
    assert numbers(work, sort=sort) == found
    for limit in (1, 2, 4):
        assert [int(item.case.number[-3:]) for item in walk(work, sort, limit)] == found


def test_an_inbox_counts_what_there_is(work: Engine) -> None:
    with reading(work) as session:
        assert inbox_counts(session, DAY_3, ROADS, TODAY) == InboxCounts(
            all=5, to_answer=2, in_progress=2, waiting=1, late=1, escalated=1, planned_today=1
        )
        assert inbox_counts(session, DAY_3, DepartmentId("nobody"), TODAY).all == 0


def test_a_task_tells_its_terms_and_its_case(work: Engine) -> None:
    with reading(work) as session:
        first = inbox(session, DAY_3, ROADS).items[0]
    assert (first.case.number, first.case.neighbourhood, first.case.address) == ("2026-000001", HEIDE, "Heidestraat 7")
    assert (first.assignment, first.state, first.round) == (A1, AssignmentState.ASSIGNED, 1)
    assert first.due_at == first.respond_by == MORNING + timedelta(days=2)
    assert first.resolve_by == MORNING + timedelta(days=15)
    assert (first.escalation_level, first.late(DAY_3), first.late(MORNING)) == (1, True, False)


def test_a_task_that_waits_is_due_when_its_pause_ends_and_never_late(engine: Engine) -> None:
    asked = open_case(engine)
    do(engine, asked, AskResident(A1, NOTE), MEMBER, later(1))
    with reading(engine) as session:
        [item] = inbox(session, MORNING, ROADS).items
    assert item.due_at == later(1) + timedelta(days=30)
    assert not item.late(item.due_at + timedelta(days=1))


def test_a_cursor_holds_for_its_own_order_only(work: Engine) -> None:
    with reading(work) as session:
        cursor = inbox(session, DAY_3, ROADS, limit=1).next_cursor
        with pytest.raises(BadCursor):
            inbox(session, DAY_3, ROADS, sort=InboxSort.PLANNED, cursor=cursor)
