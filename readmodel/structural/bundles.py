"""Which issues belong to which structural case."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.orm import Session

from domain.case import Case
from domain.words import CaseId, Kind, NeighbourhoodId, Outcome, ServiceCode, Stage
from readmodel.schema import BUNDLED, CASES
from readmodel.sight import EVERYTHING, Sight, within


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue as those who work on its structural case may know it: no texts, nobody's name."""

    case_id: CaseId
    number: str
    service: ServiceCode
    neighbourhood: NeighbourhoodId
    stage: Stage
    outcome: Outcome | None
    opened_at: datetime
    closed_at: datetime | None
    lat: float | None
    lon: float | None
    within: bool
    """The reader may open it."""


@dataclass(frozen=True, slots=True)
class PartOf:
    """The structural case that an issue belongs to."""

    case_id: CaseId
    number: str
    stage: Stage


def keep_bundles(connection: Connection, cases: Sequence[Case]) -> None:
    """The issues of these structural cases are those that their states tell; twice changes nothing."""
    if not cases:
        return
    connection.execute(delete(BUNDLED).where(BUNDLED.c.structural.in_([case.case_id for case in cases])))
    rows = [
        {"structural": case.case_id, "issue": issue}
        for case in cases
        if case.structure is not None
        for issue in case.structure.issues
    ]
    if rows:
        connection.execute(insert(BUNDLED), rows)


def issues(session: Session, ids: Collection[CaseId], sight: Sight = EVERYTHING) -> tuple[Issue, ...]:
    """Those of these ids that are issues, the oldest first; and whether each is within the sight."""
    if not ids:
        return ()
    connection = session.connection()
    names = (
        "case_id",
        "number",
        "service",
        "neighbourhood",
        "stage",
        "outcome",
        "opened_at",
        "closed_at",
        "lat",
        "lon",
    )
    found = select(*(CASES.c[name] for name in names)).where(CASES.c.case_id.in_(ids), CASES.c.kind == Kind.ISSUE.value)
    seen = select(CASES.c.case_id).where(CASES.c.case_id.in_(ids), *within(session, sight, CASES))
    reachable = set(connection.execute(seen).scalars())
    return tuple(
        Issue(
            case_id=CaseId(row.case_id),
            number=row.number,
            service=ServiceCode(row.service),
            neighbourhood=NeighbourhoodId(row.neighbourhood),
            stage=Stage(row.stage),
            outcome=Outcome(row.outcome) if row.outcome is not None else None,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            lat=row.lat,
            lon=row.lon,
            within=row.case_id in reachable,
        )
        for row in connection.execute(found.order_by(CASES.c.opened_at, CASES.c.case_id))
    )


def part_of(session: Session, issue: CaseId) -> PartOf | None:
    """The structural case that the issue belongs to; an open one rather than one that has ended."""
    query = (
        select(CASES.c.case_id, CASES.c.number, CASES.c.stage)
        .join(BUNDLED, BUNDLED.c.structural == CASES.c.case_id)
        .where(BUNDLED.c.issue == issue)
        .order_by(CASES.c.closed_at.is_(None).desc(), CASES.c.opened_at.desc())
        .limit(1)
    )
    row = session.connection().execute(query).one_or_none()
    return PartOf(CaseId(row.case_id), row.number, Stage(row.stage)) if row is not None else None


def bundled_elsewhere(session: Session, ids: Collection[CaseId], here: CaseId | None = None) -> dict[CaseId, str]:
    """Those of the issues that an open structural case other than `here` bundles already, with its number."""
    query = (
        select(BUNDLED.c.issue, CASES.c.number)
        .join(CASES, CASES.c.case_id == BUNDLED.c.structural)
        .where(BUNDLED.c.issue.in_(ids), CASES.c.closed_at.is_(None), BUNDLED.c.structural != (here or ""))
    )
    return {CaseId(row.issue): row.number for row in session.connection().execute(query)}
