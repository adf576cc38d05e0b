"""What awaits a department: its tasks, filtered, ordered and paged, and how many of them there are."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from domain.words import AssignmentId, AssignmentState, DepartmentId, NeighbourhoodId, ServiceCode
from readmodel.base import UtcDateTime
from readmodel.cases import MOST, CaseItem, case_item, items
from readmodel.paging import Key, Order
from readmodel.rows import NO_PROMISE
from readmodel.schema import ASSIGNMENTS, CASES, REPORTS

Span = tuple[datetime, datetime]
"""From the first moment up to, not including, the second."""

_NUMBER = re.compile(r"\d{4}(-\d{0,9})?$")
_AFTER_DIGITS = "~"
_TASK = ASSIGNMENTS.c


class InboxGroup(StrEnum):
    """What a department has to do with a task."""

    ALL = "all"
    TO_ANSWER = "to_answer"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"


_STATES = {
    InboxGroup.TO_ANSWER: AssignmentState.ASSIGNED,
    InboxGroup.IN_PROGRESS: AssignmentState.IN_PROGRESS,
    InboxGroup.WAITING: AssignmentState.WAITING,
}


class InboxSort(StrEnum):
    """What comes first: what is due, what came in last, what is planned, or neighbourhood by neighbourhood."""

    DUE = "due"
    NEWEST = "newest"
    PLANNED = "planned"
    NEIGHBOURHOOD = "neighbourhood"


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """What an inbox is narrowed to; None narrows nothing."""

    group: InboxGroup = InboxGroup.ALL
    neighbourhood: NeighbourhoodId | None = None
    service: ServiceCode | None = None
    theme: str | None = None
    urgent: bool | None = None
    late: bool | None = None
    """A term has passed, and the task does not wait for something."""
    escalated: bool | None = None
    """Someone was alerted because of this task, and what for is not over."""
    planned_on: Span | None = None
    q: str | None = None
    """The beginning of a number, or words from the description or address."""


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A task that a department has something to do with, and its case."""

    case: CaseItem
    assignment: AssignmentId
    department: DepartmentId
    round: int
    state: AssignmentState
    assigned_at: datetime
    respond_by: datetime | None
    responded_at: datetime | None
    resolve_by: datetime
    planned_for: datetime | None
    due_at: datetime
    """When the department is next expected to act: to answer, to be done, or to go on after a pause."""
    escalation_level: int
    rules: str
    """The version of the rulebook that holds for the case."""

    def late(self, now: datetime) -> bool:
        """As in `InboxFilter`."""
        return self.due_at < now and self.state is not AssignmentState.WAITING


@dataclass(frozen=True, slots=True)
class InboxPage:
    items: tuple[InboxItem, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """How many tasks a department has something to do with."""

    all: int
    to_answer: int
    in_progress: int
    waiting: int
    late: int
    escalated: int
    planned_today: int


_PLANNED = func.coalesce(_TASK.planned_for, literal(NO_PROMISE, UtcDateTime()))
_UNIQUE = (_TASK.case_id, _TASK.assignment)
_ORDERS: dict[InboxSort, tuple[Order, Callable[[InboxItem], Key]]] = {
    InboxSort.DUE: (Order("due", (_TASK.due_at, *_UNIQUE)), lambda i: (i.due_at,)),
    InboxSort.NEWEST: (Order("newest", (_TASK.assigned_at, *_UNIQUE), descending=True), lambda i: (i.assigned_at,)),
    InboxSort.PLANNED: (
        Order("planned", (_PLANNED, _TASK.due_at, *_UNIQUE)),
        lambda i: (i.planned_for or NO_PROMISE, i.due_at),
    ),
    InboxSort.NEIGHBOURHOOD: (
        Order("neighbourhood", (_TASK.neighbourhood, _TASK.due_at, *_UNIQUE)),
        lambda i: (i.case.neighbourhood, i.due_at),
    ),
}


def inbox(
    session: Session,
    now: datetime,
    department: DepartmentId,
    wanted: InboxFilter = InboxFilter(),
    sort: InboxSort = InboxSort.DUE,
    limit: int = 50,
    cursor: str | None = None,
) -> InboxPage:
    """One page of at most `limit` (and never more than 200) tasks of the department. Raises BadCursor."""
    limit = max(1, min(limit, MOST))
    order, key = _ORDERS[sort]
    found = select(*_UNIQUE).where(_TASK.department == department, *_of_task(wanted, now))
    of_case = _of_case(wanted)
    if of_case:
        found = found.join(CASES, CASES.c.case_id == _TASK.case_id)
    if wanted.q is not None:
        found = found.join(REPORTS, REPORTS.c.case_id == _TASK.case_id)
    if cursor is not None:
        found = found.where(order.beyond(cursor))
    few = found.where(*of_case).order_by(*order.by()).limit(limit + 1).subquery()
    query = (
        items()
        .add_columns(
            _TASK.assignment,
            _TASK.department,
            _TASK.round.label("task_round"),
            _TASK.state,
            _TASK.assigned_at,
            _TASK.respond_by,
            _TASK.responded_at,
            _TASK.resolve_by,
            _TASK.planned_for,
            _TASK.due_at,
            _TASK.escalation_level.label("task_level"),
            CASES.c.rules,
        )
        .join(ASSIGNMENTS, _TASK.case_id == CASES.c.case_id)
        .join(few, and_(few.c.case_id == _TASK.case_id, few.c.assignment == _TASK.assignment))
        .order_by(*order.by())
    )
    rows = session.connection().execute(query).all()
    page = [_item(row) for row in rows[:limit]]
    last = page[-1] if len(rows) > limit else None
    more = order.cursor((*key(last), last.case.case_id, last.assignment)) if last is not None else None
    return InboxPage(tuple(page), more)


def inbox_counts(session: Session, now: datetime, department: DepartmentId, today: Span) -> InboxCounts:
    """Over the whole inbox; `today` are the bounds of the local day."""
    number = func.count()
    query = select(
        number.label("all"),
        *(number.filter(_TASK.state == state.value).label(group.value) for group, state in _STATES.items()),
        number.filter(_late(now)).label("late"),
        number.filter(_TASK.escalation_level > 0).label("escalated"),
        number.filter(_within(today)).label("planned_today"),
    ).where(_TASK.department == department, _TASK.due_at.is_not(None))
    return InboxCounts(**session.connection().execute(query).one()._mapping)


def _of_task(wanted: InboxFilter, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [_TASK.due_at.is_not(None)]
    if wanted.group is not InboxGroup.ALL:
        found.append(_TASK.state == _STATES[wanted.group].value)
    if wanted.neighbourhood is not None:
        found.append(_TASK.neighbourhood == wanted.neighbourhood)
    if wanted.late is not None:
        found.append(_late(now) if wanted.late else ~_late(now))
    if wanted.escalated is not None:
        found.append(_TASK.escalation_level > 0 if wanted.escalated else _TASK.escalation_level == 0)
    if wanted.planned_on is not None:
        found.append(_within(wanted.planned_on))
    return found


def _late(now: datetime) -> ColumnElement[bool]:
    return and_(_TASK.due_at < now, _TASK.state != AssignmentState.WAITING.value)


def _within(span: Span) -> ColumnElement[bool]:
    return and_(_TASK.planned_for >= span[0], _TASK.planned_for < span[1])


def _of_case(wanted: InboxFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, value in (
        (CASES.c.service, wanted.service),
        (CASES.c.theme, wanted.theme),
    ):
        if value is not None:
            found.append(column == value)
    if wanted.urgent is not None:
        found.append(CASES.c.urgent.is_(wanted.urgent))
    return found + (_search(wanted.q) if wanted.q is not None else [])


def _search(q: str) -> list[ColumnElement[bool]]:
    """A department has so few live tasks that their texts are read through."""
    beginning = q.replace("\0", " ").strip()
    if _NUMBER.match(beginning):
        return [CASES.c.number >= beginning, CASES.c.number < beginning + _AFTER_DIGITS]
    return [
        or_(
            REPORTS.c.description.icontains(word, autoescape=True),
            REPORTS.c.address.icontains(word, autoescape=True),
        )
        for word in beginning.split()[:10]
    ]


def _item(row: Row[Any]) -> InboxItem:
    return InboxItem(
        case=case_item(row),
        assignment=AssignmentId(row.assignment),
        department=DepartmentId(row.department),
        round=row.task_round,
        state=AssignmentState(row.state),
        assigned_at=row.assigned_at,
        respond_by=row.respond_by,
        responded_at=row.responded_at,
        resolve_by=row.resolve_by,
        planned_for=row.planned_for,
        due_at=row.due_at,
        escalation_level=row.task_level,
        rules=row.rules,
    )
