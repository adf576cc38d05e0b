"""What comes up on the escalation board: what will escalate if nobody acts, and what a manager has to place."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, distinct, func, select
from sqlalchemy.orm import Session

from domain.case import Placement
from domain.forecast import next_escalation
from domain.time_rules import Due
from domain.words import DepartmentId, NeighbourhoodId
from readmodel.cases import MOST, CaseItem, case_item, items
from readmodel.codec import case_from_json
from readmodel.paging import Order
from readmodel.rulebooks import rules_of
from readmodel.schema import ASSIGNMENTS, CASES
from readmodel.sight import EVERYTHING, Sight, of_departments, on_the_board

_NEXT = Order("escalates_at", (CASES.c.escalates_at, CASES.c.case_id))
_TO_PLACE = Order("to_place_since", (CASES.c.to_place_since, CASES.c.case_id))
_TO_BE_PLACED = ASSIGNMENTS.c.case_to_place_since.is_not(None)


@dataclass(frozen=True, slots=True)
class ComingItem:
    """A case that escalates next, if nobody acts."""

    case: CaseItem
    at: datetime
    """In the past where the engine is late."""
    due: Due
    department: DepartmentId | None
    """The one whose task it concerns."""


@dataclass(frozen=True, slots=True)
class ComingPage:
    items: tuple[ComingItem, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class PlaceItem:
    """A case that awaits its neighbourhood manager, and why."""

    case: CaseItem
    since: datetime
    placements: tuple[Placement, ...]


@dataclass(frozen=True, slots=True)
class PlacePage:
    items: tuple[PlaceItem, ...]
    next_cursor: str | None


def about_to_escalate(
    session: Session,
    now: datetime,
    until: datetime,
    sight: Sight = EVERYTHING,
    limit: int = 50,
    cursor: str | None = None,
    department: DepartmentId | None = None,
    neighbourhood: NeighbourhoodId | None = None,
) -> ComingPage:
    """The cases in which someone is alerted before `until` if nobody acts, soonest first. Raises BadCursor.

    Narrowed to a department: those in which it has something to do.
    """
    limit, connection = max(1, min(limit, MOST)), session.connection()
    query = (
        items()
        .add_columns(CASES.c.state, CASES.c.rules, CASES.c.escalates_at)
        .where(CASES.c.escalates_at < until, *on_the_board(sight, CASES, _coming(until)))
        .order_by(*_NEXT.by())
        .limit(limit + 1)
    )
    if department is not None:
        works = and_(ASSIGNMENTS.c.department == department, ASSIGNMENTS.c.due_at.is_not(None))
        query = query.where(CASES.c.case_id.in_(select(ASSIGNMENTS.c.case_id).where(works)))
    if neighbourhood is not None:
        query = query.where(CASES.c.neighbourhood == neighbourhood)
    if cursor is not None:
        query = query.where(_NEXT.beyond(cursor))
    rows = connection.execute(query).all()
    page = rows[:limit]
    more = _NEXT.cursor((page[-1].escalates_at, page[-1].case_id)) if len(rows) > limit else None
    rules = rules_of(connection, {row.rules for row in page})
    found: list[ComingItem] = []
    for row in page:
        case = case_from_json(row.state)
        due = next_escalation(rules[row.rules], case, now)
        if due is not None:
            found.append(ComingItem(case_item(row), row.escalates_at, due, case.department_of(due.assignment)))
    return ComingPage(tuple(found), more)


def to_place(
    session: Session,
    sight: Sight = EVERYTHING,
    limit: int = 50,
    cursor: str | None = None,
    neighbourhood: NeighbourhoodId | None = None,
) -> PlacePage:
    """The cases that nobody owns, or not all of whose work somebody owns, longest first. Raises BadCursor."""
    limit = max(1, min(limit, MOST))
    query = (
        items()
        .add_columns(CASES.c.state, CASES.c.to_place_since)
        .where(CASES.c.to_place_since.is_not(None), *on_the_board(sight, CASES, _TO_BE_PLACED))
        .order_by(*_TO_PLACE.by())
        .limit(limit + 1)
    )
    if neighbourhood is not None:
        query = query.where(CASES.c.neighbourhood == neighbourhood)
    if cursor is not None:
        query = query.where(_TO_PLACE.beyond(cursor))
    rows = session.connection().execute(query).all()
    page = rows[:limit]
    more = _TO_PLACE.cursor((page[-1].to_place_since, page[-1].case_id)) if len(rows) > limit else None
    return PlacePage(
        tuple(PlaceItem(case_item(row), row.to_place_since, case_from_json(row.state).placements) for row in page), more
    )


def count_coming(session: Session, until: datetime, sight: Sight = EVERYTHING) -> int:
    """How many cases `about_to_escalate` has in all."""
    return _count(session, sight, CASES.c.escalates_at < until, _coming(until))


def count_to_place(session: Session, sight: Sight = EVERYTHING) -> int:
    """How many cases `to_place` has in all."""
    return _count(session, sight, CASES.c.to_place_since.is_not(None), _TO_BE_PLACED)


def _coming(until: datetime) -> ColumnElement[bool]:
    return ASSIGNMENTS.c.case_escalates_at < until


def _count(session: Session, sight: Sight, of_cases: ColumnElement[bool], of_tasks: ColumnElement[bool]) -> int:
    if sight.departments is not None and sight.neighbourhoods is None:
        found = select(func.count(distinct(ASSIGNMENTS.c.case_id))).where(*of_departments(sight.departments, of_tasks))
    else:
        found = select(func.count()).select_from(CASES).where(of_cases, *on_the_board(sight, CASES, of_tasks))
    return int(session.connection().execute(found).scalar_one())
