"""Lists of cases: filtered, ordered and paged, within someone's sight."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, not_, select
from sqlalchemy.orm import Session

from domain.words import CaseId, DepartmentId, Kind, NeighbourhoodId, Outcome, ServiceCode, Stage
from readmodel.counted import Counted, counting
from readmodel.held import Held, holding
from readmodel.paging import Order
from readmodel.schema import ASSIGNMENTS, CASES, REPORTS
from readmodel.searching import query_words, search
from readmodel.sight import EVERYTHING, Sight, concerning, of_departments, within

MOST = 200
_NUMBER = re.compile(r"\d{4}(-\d{0,9})?$")
_AFTER_DIGITS = "~"
_FAR = datetime(9999, 1, 1, tzinfo=UTC)


class CaseSort(StrEnum):
    """What the `sort` of a list may be; a minus turns it around."""

    OPENED_AT = "opened_at"
    NEWEST = "-opened_at"
    PROMISED_BY = "promised_by"
    PROMISED_LAST = "-promised_by"
    NUMBER = "number"
    NUMBER_DOWN = "-number"


_COLUMNS = {"opened_at": CASES.c.opened_at, "promised_by": CASES.c.due, "number": CASES.c.number}


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list is narrowed to; None narrows nothing."""

    stages: tuple[Stage, ...] | None = None
    open: bool | None = None
    department: DepartmentId | None = None
    """One that carries a task, finished or not; a task that was passed on does not count.

    With `counted` or `held`: the one for which the case counts, or whose task was held back."""
    neighbourhood: NeighbourhoodId | None = None
    service: ServiceCode | None = None
    theme: str | None = None
    kind: Kind | None = None
    escalated: bool | None = None
    """Someone was alerted, and what for is not over."""
    overdue: bool | None = None
    """Promised by a time that has passed, and the departments are not done."""
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    closed_from: datetime | None = None
    closed_before: datetime | None = None
    counted: Counted | None = None
    """Those that count in a figure."""
    held: Held | None = None
    """Those that a limit held back."""
    q: str | None = None
    """The beginning of a number, or words that begin words of the description or address."""


@dataclass(frozen=True, slots=True)
class CaseItem:
    """A case in a list."""

    case_id: CaseId
    number: str
    kind: Kind
    service: ServiceCode
    theme: str
    neighbourhood: NeighbourhoodId
    stage: Stage
    outcome: Outcome | None
    urgent: bool
    opened_at: datetime
    promised_by: datetime | None
    closed_at: datetime | None
    version: int
    round: int
    supporters: int
    escalation_level: int
    departments: tuple[DepartmentId, ...]
    lat: float | None
    lon: float | None
    description: str
    address: str | None

    def overdue(self, now: datetime) -> bool:
        """As in `CaseFilter`."""
        done = self.stage in (Stage.RESOLVED, Stage.CLOSED)
        return not done and self.promised_by is not None and self.promised_by < now


@dataclass(frozen=True, slots=True)
class CasePage:
    items: tuple[CaseItem, ...]
    next_cursor: str | None


def list_cases(
    session: Session,
    now: datetime,
    wanted: CaseFilter = CaseFilter(),
    sight: Sight = EVERYTHING,
    sort: CaseSort = CaseSort.NEWEST,
    limit: int = 50,
    cursor: str | None = None,
) -> CasePage:
    """One page of at most `limit` (and never more than 200) cases. Raises BadCursor."""
    limit = max(1, min(limit, MOST))
    column = _COLUMNS[sort.removeprefix("-")]
    order = Order(sort.value, (column, CASES.c.case_id), descending=sort.startswith("-"))
    query = items().where(*within(session, sight, CASES), *_conditions(session, wanted, now))
    if cursor is not None:
        query = query.where(order.beyond(cursor))
    sought = (wanted.q or "").strip()
    if sought and not _NUMBER.match(sought):
        newest = _latest(wanted, order, cursor) if sort is CaseSort.NEWEST else None
        rows = search(session, query, order, query_words(sought), limit + 1, newest)
    else:
        query = query.where(*_numbered(sought)) if sought else query
        rows = session.connection().execute(query.order_by(*order.by()).limit(limit + 1)).all()
    page = rows[:limit]
    more = order.cursor((page[-1]._mapping[column.key], page[-1].case_id)) if len(rows) > limit else None
    return CasePage(tuple(case_item(row) for row in page), more)


def items() -> Select[Any]:
    """The columns that `case_item` takes, for queries of one's own."""
    return select(
        CASES.c.case_id,
        CASES.c.number,
        CASES.c.kind,
        CASES.c.service,
        CASES.c.theme,
        CASES.c.neighbourhood,
        CASES.c.stage,
        CASES.c.outcome,
        CASES.c.urgent,
        CASES.c.opened_at,
        CASES.c.promised_by,
        CASES.c.due,
        CASES.c.closed_at,
        CASES.c.version,
        CASES.c.round,
        CASES.c.supporters,
        CASES.c.escalation_level,
        CASES.c.departments,
        CASES.c.lat,
        CASES.c.lon,
        REPORTS.c.description,
        REPORTS.c.address,
    ).join(REPORTS, REPORTS.c.case_id == CASES.c.case_id)


def case_item(row: Row[Any]) -> CaseItem:
    return CaseItem(
        case_id=CaseId(row.case_id),
        number=row.number,
        kind=Kind(row.kind),
        service=ServiceCode(row.service),
        theme=row.theme,
        neighbourhood=NeighbourhoodId(row.neighbourhood),
        stage=Stage(row.stage),
        outcome=Outcome(row.outcome) if row.outcome is not None else None,
        urgent=row.urgent,
        opened_at=row.opened_at,
        promised_by=row.promised_by,
        closed_at=row.closed_at,
        version=row.version,
        round=row.round,
        supporters=row.supporters,
        escalation_level=row.escalation_level,
        departments=tuple(DepartmentId(d) for d in row.departments),
        lat=row.lat,
        lon=row.lon,
        description=row.description,
        address=row.address,
    )


def _latest(wanted: CaseFilter, order: Order, cursor: str | None) -> datetime:
    """A moment after which no case of the page was opened."""
    at = order.key(cursor)[0] if cursor is not None else None
    moments = [at] if isinstance(at, datetime) else []
    return min([*moments, *([wanted.opened_before] if wanted.opened_before is not None else [])], default=_FAR)


def _conditions(session: Session, wanted: CaseFilter, now: datetime) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.stages is not None:
        found.append(CASES.c.stage.in_(wanted.stages))
    if wanted.open is not None:
        found.append(CASES.c.closed_at.is_(None) if wanted.open else CASES.c.closed_at.is_not(None))
    if wanted.counted is not None:
        found.append(counting(session, wanted.counted, wanted.department))
    if wanted.held is not None:
        found.append(holding(session, wanted.held, wanted.department))
    if wanted.department is not None and wanted.counted is None and wanted.held is None:
        if wanted.open or wanted.overdue:
            # This follows from the next condition and that the case is open, and there are few such.
            theirs = select(ASSIGNMENTS.c.case_id).where(*of_departments([wanted.department]))
            found.append(CASES.c.case_id.in_(theirs))
        found.append(concerning(session, [wanted.department], CASES, carried=True))
    for moment, start, end in (
        (CASES.c.opened_at, wanted.opened_from, wanted.opened_before),
        (CASES.c.closed_at, wanted.closed_from, wanted.closed_before),
    ):
        found += [moment >= start] if start is not None else []
        found += [moment < end] if end is not None else []
    for column, value in (
        (CASES.c.neighbourhood, wanted.neighbourhood),
        (CASES.c.service, wanted.service),
        (CASES.c.theme, wanted.theme),
        (CASES.c.kind, wanted.kind),
    ):
        if value is not None:
            found.append(column == value)
    if wanted.escalated is not None:
        level = CASES.c.escalation_level
        found.append(level > 0 if wanted.escalated else level == 0)
    if wanted.overdue is not None:
        late = and_(CASES.c.closed_at.is_(None), CASES.c.stage != Stage.RESOLVED.value, CASES.c.due < now)
        found.append(late if wanted.overdue else not_(late))
    return found


def _numbered(beginning: str) -> list[ColumnElement[bool]]:
    return [CASES.c.number >= beginning, CASES.c.number < beginning + _AFTER_DIGITS]
