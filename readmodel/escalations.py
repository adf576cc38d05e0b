"""Lists of escalations: what someone higher up must look at, the latest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from domain.words import (
    AssignmentId,
    CaseId,
    Cause,
    DepartmentId,
    EscalationId,
    EscalationReason,
    NeighbourhoodId,
    Rung,
    ServiceCode,
    Stage,
)
from readmodel.cases import MOST
from readmodel.paging import Order
from readmodel.schema import CASES, ESCALATIONS
from readmodel.sight import EVERYTHING, Sight, within

_LATEST = Order(
    "-raised_at",
    (ESCALATIONS.c.raised_at, ESCALATIONS.c.case_id, ESCALATIONS.c.escalation),
    descending=True,
)


@dataclass(frozen=True, slots=True)
class EscalationFilter:
    """What a list is narrowed to; None narrows nothing."""

    open: bool | None = None
    department: DepartmentId | None = None
    """The one whose task it concerns."""
    neighbourhood: NeighbourhoodId | None = None
    reason: EscalationReason | None = None
    level: int | None = None
    to: Rung | None = None


@dataclass(frozen=True, slots=True)
class EscalationItem:
    """An escalation, and the case it is about."""

    case_id: CaseId
    number: str
    service: ServiceCode
    neighbourhood: NeighbourhoodId
    stage: Stage
    urgent: bool
    promised_by: datetime | None
    escalation: EscalationId
    assignment: AssignmentId | None
    department: DepartmentId | None
    reason: EscalationReason
    level: int
    to: Rung
    raised_at: datetime
    acknowledged_at: datetime | None
    held_until: datetime | None
    cleared_at: datetime | None
    cause: Cause | None


_OWN = [column for column in ESCALATIONS.c if column.name in EscalationItem.__slots__]


@dataclass(frozen=True, slots=True)
class EscalationPage:
    items: tuple[EscalationItem, ...]
    next_cursor: str | None


def list_escalations(
    session: Session,
    wanted: EscalationFilter = EscalationFilter(),
    sight: Sight = EVERYTHING,
    limit: int = 50,
    cursor: str | None = None,
) -> EscalationPage:
    """One page of at most `limit` (and never more than 200) escalations. Raises BadCursor."""
    limit = max(1, min(limit, MOST))
    query = (
        select(*_OWN, CASES.c.number, CASES.c.service, CASES.c.stage, CASES.c.urgent, CASES.c.promised_by)
        .join(CASES, CASES.c.case_id == ESCALATIONS.c.case_id)
        .where(*_within(session, sight))
        .order_by(*_LATEST.by())
        .limit(limit + 1)
    )
    if wanted.open is not None:
        cleared = ESCALATIONS.c.cleared_at
        query = query.where(cleared.is_(None) if wanted.open else cleared.is_not(None))
    for name in ("department", "neighbourhood", "reason", "level", "to"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(ESCALATIONS.c[name] == value)
    if cursor is not None:
        query = query.where(_LATEST.beyond(cursor))
    rows = session.connection().execute(query).all()
    page = rows[:limit]
    last = page[-1] if len(rows) > limit else None
    more = _LATEST.cursor((last.raised_at, last.case_id, last.escalation)) if last is not None else None
    items = (
        EscalationItem(
            **{
                **row._mapping,
                "stage": Stage(row.stage),
                "reason": EscalationReason(row.reason),
                "to": Rung(row.to),
                "cause": Cause(row.cause) if row.cause is not None else None,
            }
        )
        for row in page
    )
    return EscalationPage(tuple(items), more)


def _within(session: Session, sight: Sight) -> list[ColumnElement[bool]]:
    """Those of the cases within one's sight, and those about advice that one's own department owes."""
    conditions = within(session, sight, ESCALATIONS)
    if sight.departments is None:
        return conditions
    return [or_(and_(*conditions), ESCALATIONS.c.department.in_(sight.departments))]
