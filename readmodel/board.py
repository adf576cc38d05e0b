"""The escalation board: what is stuck, for how long, and who knows of it; and how much there is to look at."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from domain.words import AssignmentId, CaseId, DepartmentId, EscalationReason, NeighbourhoodId, Rung
from readmodel.ahead import (
    ComingItem,
    ComingPage,
    PlaceItem,
    PlacePage,
    about_to_escalate,
    count_coming,
    count_to_place,
    to_place,
)
from readmodel.cases import MOST, CaseItem, case_item, items
from readmodel.paging import Order
from readmodel.rungs import RungReached, open_rungs
from readmodel.schema import ASSIGNMENTS, CASES, ESCALATIONS
from readmodel.sight import EVERYTHING, Sight, of_departments, on_the_board

__all__ = [
    "BoardCounts",
    "BoardFilter",
    "BoardSort",
    "ComingItem",
    "ComingPage",
    "PlaceItem",
    "PlacePage",
    "StuckItem",
    "StuckPage",
    "about_to_escalate",
    "board_counts",
    "count_coming",
    "count_stuck",
    "count_to_place",
    "stuck",
    "to_place",
]

_TOP = ESCALATIONS.c
_CLIMBED = ASSIGNMENTS.c.case_ladders > 0


class BoardSort(StrEnum):
    """What comes first: what is stuck longest, or what climbed highest."""

    LONGEST = "longest"
    HIGHEST = "highest"


_ORDERS = {
    BoardSort.LONGEST: Order("longest", (_TOP.stuck_since, _TOP.case_id, _TOP.escalation)),
    BoardSort.HIGHEST: Order("highest", (-_TOP.level, _TOP.stuck_since, _TOP.case_id, _TOP.escalation)),
}


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What the board is narrowed to; None narrows nothing."""

    department: DepartmentId | None = None
    """The one whose task it concerns."""
    neighbourhood: NeighbourhoodId | None = None
    reason: EscalationReason | None = None
    level: int | None = None
    to: Rung | None = None
    """The highest rung that was reached."""
    raised_to: Rung | None = None
    """One of the rungs that were reached: those on it were told, also where it climbed on."""
    acknowledged: bool | None = None
    """Somebody took it up, on whatever rung, and the ladder is held by that now."""


@dataclass(frozen=True, slots=True)
class StuckItem:
    """A ladder that is being climbed: one reason, for one task or for the case itself."""

    case: CaseItem
    assignment: AssignmentId | None
    department: DepartmentId | None
    reason: EscalationReason
    level: int
    to: Rung
    since: datetime
    """When its first rung was reached."""
    rungs: tuple[RungReached, ...]
    """From the first up."""

    def held_until(self, now: datetime) -> datetime | None:
        """Until when it climbs no further; None where nobody has taken it up, or not any more."""
        holding = [r.held_until for r in self.rungs if r.held_until is not None and r.held_until > now]
        return max(holding, default=None)


@dataclass(frozen=True, slots=True)
class StuckPage:
    items: tuple[StuckItem, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class BoardCounts:
    """How much there is to look at."""

    stuck: int
    not_acknowledged: int
    by_rung: Mapping[Rung, int]
    by_reason: Mapping[EscalationReason, int]
    about_to_escalate: int
    to_place: int


def stuck(
    session: Session,
    now: datetime,
    wanted: BoardFilter = BoardFilter(),
    sight: Sight = EVERYTHING,
    sort: BoardSort = BoardSort.LONGEST,
    limit: int = 50,
    cursor: str | None = None,
) -> StuckPage:
    """One page of at most `limit` (and never more than 200) ladders that are being climbed. Raises BadCursor."""
    limit, order, connection = max(1, min(limit, MOST)), _ORDERS[sort], session.connection()
    found = select(_TOP.case_id, _TOP.escalation).where(*_listed(wanted, now, sight))
    if cursor is not None:
        found = found.where(order.beyond(cursor))
    few = found.order_by(*order.by()).limit(limit + 1).subquery()
    query = (
        items()
        .add_columns(
            _TOP.escalation, _TOP.assignment, _TOP.department, _TOP.reason, _TOP.level, _TOP.to, _TOP.stuck_since
        )
        .join(ESCALATIONS, _TOP.case_id == CASES.c.case_id)
        .join(few, and_(few.c.case_id == _TOP.case_id, few.c.escalation == _TOP.escalation))
        .order_by(*order.by())
    )
    rows = connection.execute(query).all()
    page, more = rows[:limit], None
    if len(rows) > limit:
        last = page[-1]
        place = (last.stuck_since, last.case_id, last.escalation)
        more = order.cursor((-last.level, *place) if sort is BoardSort.HIGHEST else place)
    rungs = open_rungs(connection, {CaseId(row.case_id) for row in page})
    made = (
        StuckItem(
            case=case_item(row),
            assignment=row.assignment,
            department=row.department,
            reason=EscalationReason(row.reason),
            level=row.level,
            to=Rung(row.to),
            since=row.stuck_since,
            rungs=rungs[row.case_id, row.assignment, EscalationReason(row.reason)],
        )
        for row in page
    )
    return StuckPage(tuple(made), more)


def count_stuck(session: Session, now: datetime, wanted: BoardFilter, sight: Sight = EVERYTHING) -> int:
    """How many ladders `stuck` has in all."""
    found = select(func.count()).where(*_listed(wanted, now, sight))
    if wanted == BoardFilter() and sight.neighbourhoods is None and len(sight.departments or ()) == 1:
        tasks = of_departments(sight.departments or (), _CLIMBED)
        found = select(func.coalesce(func.sum(ASSIGNMENTS.c.case_ladders), 0)).where(*tasks)
    return int(session.connection().execute(found).scalar_one())


def board_counts(session: Session, now: datetime, until: datetime, sight: Sight = EVERYTHING) -> BoardCounts:
    """Over the whole board; as `stuck`, `about_to_escalate` and `to_place` list it."""
    connection = session.connection()
    number = func.count()
    ladders = (
        select(_TOP.to, _TOP.reason, number, number.filter(_free(now)))
        .where(*_listed(BoardFilter(), now, sight))
        .group_by(_TOP.to, _TOP.reason)
    )
    by_rung: Counter[Rung] = Counter()
    by_reason: Counter[EscalationReason] = Counter()
    waiting = 0
    for to, reason, found, not_held in connection.execute(ladders):
        by_rung[Rung(to)] += found
        by_reason[EscalationReason(reason)] += found
        waiting += not_held
    return BoardCounts(
        stuck=by_rung.total(),
        not_acknowledged=waiting,
        by_rung=dict(by_rung),
        by_reason=dict(by_reason),
        about_to_escalate=count_coming(session, until, sight),
        to_place=count_to_place(session, sight),
    )


def _listed(wanted: BoardFilter, now: datetime, sight: Sight) -> list[ColumnElement[bool]]:
    """A department sees every ladder of a task of its own."""
    own = wanted.department is not None and (wanted.department,) == sight.departments
    seen = replace(sight, departments=None) if own else sight
    found = [_TOP.stuck_since.is_not(None), *on_the_board(seen, ESCALATIONS, _CLIMBED)]
    for name in ("department", "neighbourhood", "reason", "level", "to"):
        value = getattr(wanted, name)
        if value is not None:
            found.append(_TOP[name] == value)
    if wanted.raised_to is not None:
        found.append(_TOP.rungs.contains(f" {wanted.raised_to} "))
    if wanted.acknowledged is not None:
        found.append(_held(now) if wanted.acknowledged else _free(now))
    return found


def _held(now: datetime) -> ColumnElement[bool]:
    """An acknowledgement holds it, on any of its rungs."""
    return _TOP.stuck_until > now


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(_TOP.stuck_until.is_(None), _TOP.stuck_until <= now)
