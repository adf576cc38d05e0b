import base64
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from domain.actor import Actor
from domain.commands import Accept, Acknowledge, Close, Resolve, Transfer
from domain.words import AssignmentId, CaseId, EscalationId, EscalationReason, NoteId, Outcome, Role, ServiceCode, Stage
from readmodel.case_detail import case_detail
from readmodel.cases import CaseFilter, CaseItem, CaseSort, list_cases
from readmodel.database import reading
from readmodel.escalations import EscalationFilter, EscalationItem, list_escalations
from readmodel.eventlog import answer_to, events_after, last_position
from readmodel.paging import BadCursor
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
)  # fmt: skip

FIRST = AssignmentId("a1")
NOTE = NoteId("n1")
EVERY_CASE = CaseFilter()
DAYS_20 = MORNING + timedelta(days=20)


def numbers(engine: Engine, wanted: CaseFilter = EVERY_CASE, sight: Sight = EVERYTHING) -> list[int]:
    """The last digits of the numbers of the cases in the list, ascending."""
    with reading(engine) as session:
        items = list_cases(session, DAYS_20, wanted, sight, CaseSort.NUMBER).items
    return [int(item.number[-3:]) for item in items]


def walk(engine: Engine, sort: CaseSort, limit: int) -> Iterator[CaseItem]:
    cursor = None
    while True:
        with reading(engine) as session:
            page = list_cases(session, MORNING, sort=sort, limit=limit, cursor=cursor)
        assert len(page.items) <= limit
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return


@pytest.fixture
def four(engine: Engine) -> Engine:
    """1: a lamp in progress; 2: a tree, closed; 3: awaits placing in Dorp; 4: a lamp that roads passed on to green."""
    lamp = open_case(engine)
    do(engine, lamp, Accept(FIRST), MEMBER, later(1))
    tree = open_case(engine, a_report(TREE, description="Een boom ligt 100% om"), later(2))
    do(engine, tree, Close(Outcome.EXPLAINED, NOTE), DIRECTOR, later(3))
    open_case(engine, a_report(OTHER, DORP, description="Iets anders"), later(4))
    passed_on = open_case(engine, a_report(LAMP, DORP), MORNING + timedelta(days=10))
    do(engine, passed_on, Transfer(FIRST, GREEN, NOTE), MEMBER, MORNING + timedelta(days=11))
    return engine


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (CaseFilter(), [1, 2, 3, 4]),
        (CaseFilter(stages=(Stage.TRIAGE, Stage.IN_PROGRESS)), [1, 3]),
        (CaseFilter(open=True), [1, 3, 4]),
        (CaseFilter(open=False), [2]),
        (CaseFilter(department=ROADS), [1, 2]),
        (CaseFilter(department=GREEN), [2, 4]),
        (CaseFilter(neighbourhood=DORP, service=OTHER), [3]),
        (CaseFilter(theme="theme-tree"), [2]),
        (CaseFilter(escalated=True), []),
        (CaseFilter(escalated=False), [1, 2, 3, 4]),
        (CaseFilter(overdue=True), [1]),
        (CaseFilter(overdue=False), [2, 3, 4]),
        (CaseFilter(q="2026-000003"), [3]),
        (CaseFilter(q="2026"), [1, 2, 3, 4]),
        (CaseFilter(q="2025"), []),
        (CaseFilter(q="BOOM om"), [2]),
        (CaseFilter(q="100%"), [2]),
        (CaseFilter(q="%"), []),
        (CaseFilter(q="heidestraat lamp"), [1, 4]),
        (CaseFilter(q="\0 '; --"), []),
    ],
)
def test_a_list_is_narrowed(four: Engine, wanted: CaseFilter, found: list[int]) -> None:
    assert numbers(four, wanted) == found


@pytest.mark.parametrize(
    ("sight", "found"),
    [
        (EVERYTHING, [1, 2, 3, 4]),
        (Sight(departments=(ROADS,)), [1, 2, 4]),
        (Sight(departments=(GREEN,)), [2, 4]),
        (Sight(neighbourhoods=(HEIDE,)), [1, 2]),
        (Sight(departments=(GREEN,), neighbourhoods=(DORP,)), [4]),
        (Sight(departments=()), []),
    ],
)
def test_nobody_sees_beyond_their_sight(four: Engine, sight: Sight, found: list[int]) -> None:
    assert numbers(four, sight=sight) == found
    with reading(four) as session:
        items = list_cases(session, MORNING).items
        assert sorted(int(i.number[-3:]) for i in items if case_detail(session, i.case_id, sight)) == found
        assert sorted({int(e.number[-3:]) for e in events_after(session, 0, sight=sight)}) == found


AT_THE_EDGE_OF_TIME = base64.urlsafe_b64encode(b'["-opened_at", "0001-01-01T00:00:00+23:59", "x"]').decode()
NOT_GIVEN_OUT = ["W10", "WyItb3BlbmVkX2F0IiwgMSwgMl0", "bnVsbA", AT_THE_EDGE_OF_TIME]
KEYS: dict[str, Callable[[CaseItem], str]] = {
    "opened_at": lambda item: item.opened_at.isoformat(),
    "promised_by": lambda item: item.promised_by.isoformat() if item.promised_by else "never",
    "number": lambda item: item.number,
}


@pytest.mark.parametrize("sort", list(CaseSort))
def test_pages_show_every_case_once_in_order(engine: Engine, sort: CaseSort) -> None:
    for n in range(11):
        open_case(engine, a_report(OTHER if n % 4 == 0 else LAMP), later(n % 3))
    items = list(walk(engine, sort, 3))
    assert len({item.case_id for item in items}) == 11
    keys = [KEYS[sort.removeprefix("-")](item) for item in items]
    assert keys == sorted(keys, reverse=sort.startswith("-"))


def test_a_page_stays_put_while_new_cases_come_in(engine: Engine) -> None:
    old = [open_case(engine, now=later(n)).number for n in range(4)]
    pages = walk(engine, CaseSort.NEWEST, 2)
    seen = [next(pages).number]
    open_case(engine, now=later(9))
    assert seen + [item.number for item in pages] == old[::-1]


arrivals = st.lists(st.tuples(st.integers(0, 6), st.sampled_from([LAMP, OTHER])), max_size=5)


@settings(max_examples=12, deadline=None, derandomize=True, database=None)
@given(sort=st.sampled_from(CaseSort), limit=st.integers(1, 4), known=arrivals, coming=arrivals)
def test_whoever_reads_on_while_cases_come_in_skips_nothing_and_reads_nothing_twice(
    migrated: Engine,
    sort: CaseSort,
    limit: int,
    known: list[tuple[int, ServiceCode]],
    coming: list[tuple[int, ServiceCode]],
) -> None:
    for hours, service in known:
        open_case(migrated, a_report(service), later(hours))
    there = {item.case_id for item in walk(migrated, sort, 200)}
    seen: list[CaseItem] = []
    for item in walk(migrated, sort, limit):
        seen.append(item)
        if coming:
            hours, service = coming.pop()
            open_case(migrated, a_report(service), later(hours))
    found = [item.case_id for item in seen]
    assert len(found) == len(set(found))
    assert there <= set(found)
    keys = [KEYS[sort.removeprefix("-")](item) for item in seen]
    assert keys == sorted(keys, reverse=sort.startswith("-"))


@settings(max_examples=50, deadline=None)
@given(st.one_of(st.text(max_size=40), st.sampled_from(NOT_GIVEN_OUT)))
def test_a_cursor_that_was_not_given_out_is_refused(migrated: Engine, cursor: str) -> None:
    with reading(migrated) as session, pytest.raises(BadCursor):
        list_cases(session, MORNING, cursor=cursor)


def test_a_cursor_holds_for_its_own_order_only(engine: Engine) -> None:
    for _ in range(2):
        open_case(engine)
    with reading(engine) as session:
        cursor = list_cases(session, MORNING, limit=1).next_cursor
        with pytest.raises(BadCursor):
            list_cases(session, MORNING, sort=CaseSort.NUMBER, cursor=cursor)


@pytest.fixture
def stalled(engine: Engine) -> Engine:
    """1: roads never answered in Heide, up to leadership; 2: not placed in Dorp; 3: answered after one rung."""
    climbed = open_case(engine)
    let_time_pass(engine, climbed, MORNING + timedelta(days=7))
    unplaced = open_case(engine, a_report(OTHER, DORP))
    let_time_pass(engine, unplaced, MORNING + timedelta(days=2))
    answered = open_case(engine)
    let_time_pass(engine, answered, MORNING + timedelta(days=3))
    do(engine, answered, Accept(FIRST), MEMBER, MORNING + timedelta(days=3))
    return engine


def escalations(engine: Engine, wanted: EscalationFilter, sight: Sight = EVERYTHING) -> list[tuple[int, int]]:
    """Case and level, sorted."""
    with reading(engine) as session:
        items = list_escalations(session, wanted, sight).items
    assert all(a.raised_at >= b.raised_at for a, b in pairwise(items))
    return sorted((int(item.number[-3:]), item.level) for item in items)


def test_escalations_are_narrowed(stalled: Engine) -> None:
    every = EscalationFilter()
    assert escalations(stalled, every) == [(1, 1), (1, 2), (1, 3), (2, 1), (3, 1)]
    assert escalations(stalled, EscalationFilter(open=False)) == [(3, 1)]
    assert escalations(stalled, EscalationFilter(department=ROADS, level=1)) == [(1, 1), (3, 1)]
    assert escalations(stalled, EscalationFilter(neighbourhood=DORP)) == [(2, 1)]
    assert escalations(stalled, EscalationFilter(reason=EscalationReason.UNASSIGNED)) == [(2, 1)]
    assert escalations(stalled, every, Sight(departments=(GREEN,))) == []
    assert escalations(stalled, every, Sight(neighbourhoods=(HEIDE,))) == [(1, 1), (1, 2), (1, 3), (3, 1)]


def test_escalations_are_paged(stalled: Engine) -> None:
    seen: list[EscalationItem] = []
    cursor = None
    with reading(stalled) as session:
        for _ in range(3):
            page = list_escalations(session, limit=2, cursor=cursor)
            seen += page.items
            cursor = page.next_cursor
    assert cursor is None
    assert len({(item.case_id, item.escalation) for item in seen}) == 5


def test_a_case_is_told_whole(engine: Engine) -> None:
    accepted = open_case(engine)
    let_time_pass(engine, accepted, MORNING + timedelta(days=3))
    head = Actor(Role.DEPARTMENT_HEAD, "user:head", ROADS)
    case = do(engine, accepted, Acknowledge(EscalationId("e1"), NOTE), head, later(73))
    with reading(engine) as session:
        detail = case_detail(session, accepted.case_id)
        assert case_detail(session, CaseId("nowhere")) is None
    assert detail is not None
    assert detail.case == case
    assert detail.rules == accepted.rules
    assert [h.seq for h in detail.timeline] == list(range(1, case.version + 1))
    assert (detail.item.description, detail.item.address) == ("The lamp at number 7 is dark", "Heidestraat 7")
    assert [f.email for f in detail.followers] == ["an@example.org"]


def test_a_repeated_command_gets_the_answer_of_the_first_time(engine: Engine) -> None:
    accepted = open_case(engine)
    do(engine, accepted, Accept(FIRST), MEMBER, later(1), id="c1")
    do(engine, accepted, Resolve(FIRST, NOTE), MEMBER, later(2), id="c2")
    do(engine, accepted, Close(Outcome.SOLVED, NOTE), DIRECTOR, later(3), id="c3")
    with reading(engine) as session:
        first = answer_to(session, accepted.case_id, "c1")
        assert first is not None
        assert (first.version, first.stage) == (3, Stage.IN_PROGRESS)
        assert answer_to(session, accepted.case_id, "c9") is None
        assert answer_to(session, CaseId("nowhere"), "c1") is None


def test_the_city_story_goes_on_after_any_position(four: Engine) -> None:
    with reading(four) as session:
        whole = events_after(session, 0)
        assert [e.position for e in whole] == list(range(1, last_position(session) + 1))
        assert events_after(session, 3, limit=2) == whole[3:5]
