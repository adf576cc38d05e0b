"""What managers and heads must look at: what is stuck, what will be, and what waits to be placed."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, update

from domain.actor import Actor
from domain.commands import Accept, Acknowledge, Close, Command, Decline, Resolve
from domain.words import AssignmentId, Cause, DepartmentId, EscalationId, EscalationReason, NoteId, Outcome, Role, Rung
from readmodel.ahead import ComingItem, PlaceItem
from readmodel.board import (
    BoardCounts,
    BoardFilter,
    BoardSort,
    StuckItem,
    about_to_escalate,
    board_counts,
    stuck,
    to_place,
)
from readmodel.database import reading, writing
from readmodel.letters import LetterKind, LetterStatus
from readmodel.paging import BadCursor
from readmodel.schema import LETTERS
from readmodel.sight import EVERYTHING, Sight
from tests.readmodel.town import (
    DIRECTOR,
    DORP,
    GREEN,
    HEIDE,
    LAMP,
    MEMBER,
    MORNING,
    OTHER,
    ROADS,
    TREE,
    a_report,
    do,
    later,
    let_time_pass,
    open_case,
)

A1, E1, E2, NOTE = AssignmentId("a1"), EscalationId("e1"), EscalationId("e2"), NoteId("n1")
HEAD = Actor(Role.DEPARTMENT_HEAD, "user:head", ROADS)
DAY = timedelta(days=1)
NOW = MORNING + 5 * DAY
ANYTHING = BoardFilter()
Row = tuple[int, EscalationReason, int]


def row(item: StuckItem) -> Row:
    return int(item.case.number[-3:]), item.reason, item.level


def rows(
    engine: Engine,
    wanted: BoardFilter = ANYTHING,
    sight: Sight = EVERYTHING,
    sort: BoardSort = BoardSort.LONGEST,
) -> list[Row]:
    with reading(engine) as session:
        return [row(item) for item in stuck(session, NOW, wanted, sight, sort).items]


NO_RESPONSE, UNASSIGNED = EscalationReason.NO_RESPONSE, EscalationReason.UNASSIGNED


@pytest.fixture
def board(engine: Engine) -> Engine:
    """As it stands after five days. 1: roads silent for two rungs in Heide, the second acknowledged; 2: awaits placing
    in Dorp, one rung; 3: roads silent, one rung; 4: answered after one rung; 5: roads declined a tree that green is
    silent about; 6: closed after a rung."""
    silent = open_case(engine)
    let_time_pass(engine, silent, MORNING + 4.5 * DAY)
    do(engine, silent, Acknowledge(E2, NOTE), DIRECTOR, MORNING + 4.5 * DAY)
    unplaced = open_case(engine, a_report(OTHER, DORP), later(30))
    let_time_pass(engine, unplaced, MORNING + 3 * DAY)
    quiet = open_case(engine, a_report(LAMP, DORP), MORNING + 2 * DAY)
    let_time_pass(engine, quiet, NOW)
    answered = open_case(engine)
    let_time_pass(engine, answered, MORNING + 2 * DAY)
    do(engine, answered, Accept(A1), MEMBER, MORNING + 2 * DAY)
    tree = open_case(engine, a_report(TREE), MORNING + 2.25 * DAY)
    do(engine, tree, Decline(AssignmentId("a2"), Cause.NOT_OURS, NOTE), MEMBER, MORNING + 2.5 * DAY)
    let_time_pass(engine, tree, NOW)
    closed = open_case(engine)
    let_time_pass(engine, closed, MORNING + 2 * DAY)
    do(engine, closed, Close(Outcome.EXPLAINED, NOTE), DIRECTOR, MORNING + 2 * DAY)
    return engine


STUCK = [
    (1, NO_RESPONSE, 2),
    (2, UNASSIGNED, 1),
    (5, UNASSIGNED, 1),
    (3, NO_RESPONSE, 1),
    (5, NO_RESPONSE, 1),
]


def test_each_ladder_is_one_row_and_what_is_stuck_longest_comes_first(board: Engine) -> None:
    assert rows(board) == STUCK


def test_what_climbed_highest_may_come_first(engine: Engine) -> None:
    held = open_case(engine)
    let_time_pass(engine, held, MORNING + 2 * DAY)
    do(engine, held, Acknowledge(E1, NOTE), HEAD, MORNING + 3.5 * DAY)
    let_time_pass(engine, open_case(engine, now=later(1)), NOW)
    assert rows(engine) == [(1, NO_RESPONSE, 1), (2, NO_RESPONSE, 2)]
    assert rows(engine, sort=BoardSort.HIGHEST) == [(2, NO_RESPONSE, 2), (1, NO_RESPONSE, 1)]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (BoardFilter(department=ROADS), [1, 5, 3]),
        (BoardFilter(department=GREEN), [5]),
        (BoardFilter(neighbourhood=DORP), [2, 3]),
        (BoardFilter(reason=UNASSIGNED), [2, 5]),
        (BoardFilter(level=2), [1]),
        (BoardFilter(to=Rung.DEPARTMENT_HEAD), [3, 5]),
        (BoardFilter(acknowledged=True), [1]),
        (BoardFilter(acknowledged=False), [2, 5, 3, 5]),
    ],
)
def test_the_board_is_narrowed(board: Engine, wanted: BoardFilter, found: list[int]) -> None:
    assert [number for number, _, _ in rows(board, wanted)] == found


@pytest.mark.parametrize(
    ("sight", "found"),
    [
        (Sight(departments=(ROADS,)), [1, 5, 3, 5]),
        (Sight(departments=(GREEN,)), [5, 5]),
        (Sight(neighbourhoods=(HEIDE,)), [1, 5, 5]),
        (Sight(neighbourhoods=(DORP,)), [2, 3]),
        (Sight(departments=()), []),
    ],
)
def test_nobody_sees_beyond_their_sight(board: Engine, sight: Sight, found: list[int]) -> None:
    assert [number for number, _, _ in rows(board, sight=sight)] == found
    with reading(board) as session:
        counts = board_counts(session, NOW, NOW + 3 * DAY, sight)
        coming = about_to_escalate(session, NOW, NOW + 3 * DAY, sight).items
        placing = to_place(session, sight).items
    assert (counts.stuck, counts.about_to_escalate, counts.to_place) == (len(found), len(coming), len(placing))
    assert {int(c.number[-3:]) for c in [*(i.case for i in coming), *(i.case for i in placing)]} <= {1, 2, 3, 4, 5} & {
        *found,
        4,
    }


def test_a_row_tells_every_rung_who_was_told_and_who_took_it_up(board: Engine) -> None:
    with writing(board) as session:
        told = update(LETTERS).where(LETTERS.c.recipient == "head:roads").values(status="sent", sent_at=NOW)
        session.execute(told)
    with reading(board) as session:
        item = stuck(session, NOW).items[0]
    assert (item.case.number, item.assignment, item.department) == ("2026-000001", A1, ROADS)
    assert (item.since, item.level, item.to) == (MORNING + 2 * DAY, 2, Rung.NEIGHBOURHOOD_MANAGER)
    first, second = item.rungs
    assert [(r.level, r.to, r.raised_at) for r in item.rungs] == [
        (1, Rung.DEPARTMENT_HEAD, MORNING + 2 * DAY),
        (2, Rung.NEIGHBOURHOOD_MANAGER, MORNING + 4 * DAY),
    ]
    assert (first.acknowledged_at, first.acknowledged_by) == (None, None)
    assert second.acknowledged_at == MORNING + 4.5 * DAY
    assert second.acknowledged_by == DIRECTOR.signature()
    assert item.held_until(NOW) == second.held_until == MORNING + 6.5 * DAY
    assert item.held_until(NOW + 2 * DAY) is None
    [to_head], [to_manager] = first.told, second.told
    assert (to_head.recipient, to_head.kind, to_head.sent_at) == ("head:roads", LetterKind.ESCALATION, NOW)
    assert (to_manager.recipient, to_manager.status) == ("manager:heide", LetterStatus.WAITING)


def test_an_acknowledgement_that_ran_out_does_not_count(board: Engine) -> None:
    with reading(board) as session:
        later_on = stuck(session, NOW + 2 * DAY, BoardFilter(acknowledged=True)).items
    assert later_on == ()


@pytest.mark.parametrize("sort", list(BoardSort))
def test_the_board_is_paged(board: Engine, sort: BoardSort) -> None:
    seen: list[Row] = []
    cursor = None
    with reading(board) as session:
        for _ in STUCK:
            page = stuck(session, NOW, sort=sort, limit=1, cursor=cursor)
            seen += map(row, page.items)
            cursor = page.next_cursor
        assert cursor is None
        assert seen == STUCK
        other = BoardSort.HIGHEST if sort is BoardSort.LONGEST else BoardSort.LONGEST
        with pytest.raises(BadCursor):
            stuck(session, NOW, sort=other, cursor=stuck(session, NOW, sort=sort, limit=1).next_cursor)


def coming(engine: Engine, until: datetime, department: DepartmentId | None = None) -> list[tuple[int, str, int]]:
    found: list[ComingItem] = []
    cursor = None
    with reading(engine) as session:
        while True:
            page = about_to_escalate(session, NOW, until, limit=2, cursor=cursor, department=department)
            found += page.items
            cursor = page.next_cursor
            if cursor is None:
                break
    assert all(item.at == item.due.at for item in found)
    return [(int(item.case.number[-3:]), str(item.due.reason), item.due.level) for item in found]


def test_what_will_escalate_is_told_soonest_first(board: Engine) -> None:
    assert coming(board, NOW + timedelta(hours=20)) == [(2, "unassigned", 2), (5, "unassigned", 2)]
    everything = [(2, "unassigned", 2), (5, "unassigned", 2), (3, "no_response", 2), (1, "no_response", 3)]
    assert coming(board, NOW + 1.8 * DAY) == everything
    assert coming(board, NOW + 30 * DAY) == [*everything, (4, "stalled", 1)]
    assert coming(board, NOW + 30 * DAY, GREEN) == [(5, "unassigned", 2)]


def test_what_will_escalate_is_what_does_if_nobody_acts(engine: Engine) -> None:
    accepted = open_case(engine)
    with reading(engine) as session:
        [item] = about_to_escalate(session, MORNING, MORNING + 10 * DAY).items
    assert (item.department, item.due.to, item.due.assignment) == (ROADS, Rung.DEPARTMENT_HEAD, A1)
    case = let_time_pass(engine, accepted, MORNING + 3 * DAY)
    assert case.escalations[0].raised_at == item.at


@pytest.mark.parametrize("ending", [Resolve(A1, NOTE), Close(Outcome.EXPLAINED, NOTE)])
def test_what_is_done_or_closed_will_not_escalate(engine: Engine, ending: Command) -> None:
    do(engine, open_case(engine), ending, MEMBER if isinstance(ending, Resolve) else DIRECTOR, later(1))
    assert coming(engine, NOW + 99 * DAY) == []


def test_what_waits_to_be_placed_is_told_with_the_reason(board: Engine) -> None:
    found: list[PlaceItem] = []
    cursor = None
    with reading(board) as session:
        for _ in range(2):
            page = to_place(session, limit=1, cursor=cursor)
            found += page.items
            cursor = page.next_cursor
        assert cursor is None
        assert to_place(session, neighbourhood=HEIDE).items == (found[1],)
    assert [int(item.case.number[-3:]) for item in found] == [2, 5]
    assert [item.since for item in found] == [later(30), MORNING + 2.5 * DAY]
    assert [p.reason for item in found for p in item.placements] == [UNASSIGNED, UNASSIGNED]
    assert found[1].placements[0].assignment == "a2"


def test_the_board_counts_what_there_is(board: Engine) -> None:
    with reading(board) as session:
        assert board_counts(session, NOW, NOW + timedelta(hours=20)) == BoardCounts(
            stuck=5,
            not_acknowledged=4,
            by_rung={Rung.DEPARTMENT_HEAD: 2, Rung.NEIGHBOURHOOD_MANAGER: 3},
            by_reason={NO_RESPONSE: 3, UNASSIGNED: 2},
            about_to_escalate=2,
            to_place=2,
        )
