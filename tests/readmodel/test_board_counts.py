"""How much there is to look at: the board's numbers agree with its lists, for each rung that people stand on."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from domain.actor import Actor
from domain.commands import Acknowledge
from domain.words import CaseId, DepartmentId, EscalationId, EscalationReason, Role, Rung
from readmodel.board import (
    BoardFilter,
    about_to_escalate,
    board_counts,
    count_coming,
    count_stuck,
    count_to_place,
    stuck,
    to_place,
)
from readmodel.case_detail import case_state
from readmodel.case_states import states_of
from readmodel.database import reading
from readmodel.sight import EVERYTHING, Sight
from tests.readmodel.town import DORP, GREEN, HEIDE, LAMP, MORNING, OTHER, ROADS, a_report, do, let_time_pass, open_case

DAY = timedelta(days=1)
NOW = MORNING + 5 * DAY
HEAD = Actor(Role.DEPARTMENT_HEAD, "user:head", ROADS)
SIGHTS = (
    EVERYTHING,
    Sight(neighbourhoods=(HEIDE,)),
    Sight(neighbourhoods=(DORP,)),
    Sight(departments=(ROADS,)),
    Sight(departments=(GREEN,)),
    Sight(departments=(ROADS, GREEN)),
    Sight(departments=(ROADS,), neighbourhoods=(HEIDE,)),
    Sight(departments=()),
)


@pytest.fixture
def board(engine: Engine) -> Engine:
    """1: silent for two rungs in Heide; 2: for one in Dorp, taken up by its head; 3: awaits placing in Dorp."""
    let_time_pass(engine, open_case(engine), NOW)
    taken = open_case(engine, a_report(LAMP, DORP), MORNING + 2.5 * DAY)
    let_time_pass(engine, taken, NOW)
    do(engine, taken, Acknowledge(EscalationId("e1")), HEAD, NOW)
    let_time_pass(engine, open_case(engine, a_report(OTHER, DORP), MORNING + 3 * DAY), NOW)
    return engine


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (BoardFilter(), 3),
        (BoardFilter(raised_to=Rung.DEPARTMENT_HEAD), 2),
        (BoardFilter(raised_to=Rung.DEPARTMENT_HEAD, acknowledged=False), 1),
        (BoardFilter(raised_to=Rung.DEPARTMENT_HEAD, department=DepartmentId("green")), 0),
        (BoardFilter(raised_to=Rung.NEIGHBOURHOOD_MANAGER), 2),
        (BoardFilter(raised_to=Rung.NEIGHBOURHOOD_MANAGER, reason=EscalationReason.UNASSIGNED), 1),
        (BoardFilter(raised_to=Rung.CITY_LEADERSHIP), 0),
    ],
)
def test_what_was_raised_to_a_rung_is_counted_as_it_is_listed(board: Engine, wanted: BoardFilter, found: int) -> None:
    with reading(board) as session:
        assert count_stuck(session, NOW, wanted) == found == len(stuck(session, NOW, wanted).items)


@pytest.mark.parametrize("sight", SIGHTS)
def test_each_number_is_of_what_one_may_see(board: Engine, sight: Sight) -> None:
    until = NOW + 3 * DAY
    with reading(board) as session:
        assert count_stuck(session, NOW, BoardFilter(), sight) == len(stuck(session, NOW, sight=sight).items)
        assert count_coming(session, until, sight) == len(about_to_escalate(session, NOW, until, sight).items)
        assert count_to_place(session, sight) == len(to_place(session, sight).items)
        counts = board_counts(session, NOW, until, sight)
        assert counts.stuck == count_stuck(session, NOW, BoardFilter(), sight)
        assert counts.not_acknowledged == count_stuck(session, NOW, BoardFilter(acknowledged=False), sight)


def test_what_a_department_sees_of_the_board_are_the_cases_in_which_it_has_a_task(board: Engine) -> None:
    with reading(board) as session:
        everything = {item.case.case_id for item in stuck(session, NOW).items}
        cases = [case for case, _ in states_of(session, everything).values()]
        theirs = {case.case_id for case in cases if any(a.department == ROADS for a in case.assignments)}
        assert {item.case.case_id for item in stuck(session, NOW, sight=Sight(departments=(ROADS,))).items} == theirs
        assert 0 < len(theirs) < len(everything)


def test_several_cases_are_read_at_once_with_their_rules(board: Engine) -> None:
    with reading(board) as session:
        ids = {item.case.case_id for item in stuck(session, NOW).items}
        found = states_of(session, ids | {CaseId("unknown")})
        assert found == {id: case_state(session, id) for id in ids}
        assert states_of(session, ()) == {}
