"""Hot spots: keeping what a review finds, each once however often it is found, and what managers decide of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import cos, hypot, radians
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.words import CaseId, Kind, NeighbourhoodId, Outcome
from readmodel.counters import advance
from readmodel.schema import CASES
from readmodel.structural.tables import HotSpotReviewRow, HotSpotRow

METRES_A_DEGREE = 111_320.0
REVIEWS = "hot-spot-reviews"
"""The counter that a review takes hold of: two at once keep what they found one after the other."""
SAID_ELSEWHERE = (Outcome.MERGED.value, Outcome.WITHDRAWN.value)


class HotSpotState(StrEnum):
    """What became of a hot spot; `passed`: the last review did not find it any more."""

    OPEN = "open"
    TAKEN_UP = "taken_up"
    DISMISSED = "dismissed"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Reported:
    """An issue as the statistic sees it."""

    case_id: CaseId
    theme: str
    neighbourhood: NeighbourhoodId
    lat: float
    lon: float
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """A hot spot as a review finds it; the days are inclusive."""

    theme: str
    neighbourhood: NeighbourhoodId
    lat: float
    lon: float
    radius: float
    first_day: date
    last_day: date
    expected: float
    p: float
    cases: tuple[CaseId, ...]


@dataclass(frozen=True, slots=True)
class HotSpot:
    """One that is kept, and what was decided about it."""

    id: str
    found: Found
    first_found_at: datetime
    found_at: datetime
    state: HotSpotState
    structural: CaseId | None
    decided_by: str | None
    decided_at: datetime | None
    why: str | None


@dataclass(frozen=True, slots=True)
class HotSpotReview:
    """That it was looked for, and over how many reports."""

    at: datetime
    reports: int


def reported_since(session: Session, since: datetime) -> list[Reported]:
    """Every issue with a place; not those that turned out to be reported already, or were taken back."""
    columns = (CASES.c.case_id, CASES.c.theme, CASES.c.neighbourhood, CASES.c.lat, CASES.c.lon, CASES.c.opened_at)
    query = select(*columns).where(
        CASES.c.opened_at >= since,
        CASES.c.kind == Kind.ISSUE.value,
        CASES.c.lat.is_not(None),
        CASES.c.outcome.is_(None) | CASES.c.outcome.not_in(SAID_ELSEWHERE),
    )
    rows = session.connection().execute(query.order_by(CASES.c.opened_at, CASES.c.case_id))
    return [
        Reported(CaseId(r.case_id), r.theme, NeighbourhoodId(r.neighbourhood), r.lat, r.lon, r.opened_at) for r in rows
    ]


def keep_found(session: Session, found: Sequence[Found], reports: int, today: date, now: datetime) -> None:
    """Each new one is open; one that is known is told anew, and what was decided about it stands.

    Open ones that were not found have passed. The same review again changes nothing.
    """
    advance(session.connection(), REVIEWS, 0)
    decided = (HotSpotState.DISMISSED.value, HotSpotState.TAKEN_UP.value)
    known = session.scalars(select(HotSpotRow).order_by(HotSpotRow.state.in_(decided).desc(), HotSpotRow.id)).all()
    at_work = set(
        session.scalars(
            select(HotSpotRow.id)
            .join(CASES, CASES.c.case_id == HotSpotRow.structural)
            .where(HotSpotRow.state == HotSpotState.TAKEN_UP.value, CASES.c.closed_at.is_(None))
        )
    )
    seen = set()
    for one in found:
        same = next((row for row in known if _same(row, one, row.id in at_work)), None)
        if same is None:
            id = id_of(one, today)
            fresh = HotSpotRow(id=id, first_found_at=now, state=HotSpotState.OPEN.value)
            _tell(fresh, one, now)
            session.add(fresh)
            seen.add(id)
        elif same.id not in seen:
            seen.add(same.id)
            if same.state not in decided:
                _tell(same, one, now)
                same.state = HotSpotState.OPEN.value
    for row in known:
        if row.state == HotSpotState.OPEN.value and row.id not in seen:
            row.state = HotSpotState.PASSED.value
    session.execute(delete(HotSpotReviewRow).where(HotSpotReviewRow.day == today))
    session.add(HotSpotReviewRow(day=today, at=now, reports=reports))


def id_of(found: Found, today: date) -> str:
    """Of a hot spot that a review finds for the first time that day."""
    where = f"{found.lat}/{found.lon}/{found.radius}"
    return str(uuid5(NAMESPACE_URL, f"{found.theme}/{where}/{found.first_day}/{today}"))


def hot_spots_of(
    session: Session, neighbourhood: NeighbourhoodId | None = None, state: HotSpotState | None = None
) -> list[HotSpot]:
    """Of one neighbourhood or all; those found last, and of these the least likely, in front."""
    query = select(HotSpotRow).order_by(HotSpotRow.found_at.desc(), HotSpotRow.p, HotSpotRow.id)
    if neighbourhood is not None:
        query = query.where(HotSpotRow.neighbourhood == neighbourhood)
    if state is not None:
        query = query.where(HotSpotRow.state == state.value)
    return [_hot_spot(row) for row in session.scalars(query)]


def one_hot_spot(session: Session, id: str) -> HotSpot | None:
    """None where there is none by this id."""
    row = session.get(HotSpotRow, id)
    return _hot_spot(row) if row is not None else None


def dismiss(session: Session, id: str, by: str, why: str, now: datetime) -> bool:
    """Someone who knows the place sees nothing in it; whether it was open until then."""
    row = session.get(HotSpotRow, id, with_for_update=True)
    if row is None or row.state != HotSpotState.OPEN.value:
        return False
    row.state, row.decided_by, row.decided_at, row.why = HotSpotState.DISMISSED.value, by, now, why
    return True


def take_up(session: Session, id: str, structural: CaseId, by: str, now: datetime) -> bool:
    """A structural case is about it from now on; whether nothing was decided about it until then."""
    row = session.get(HotSpotRow, id, with_for_update=True)
    if row is None or row.state not in (HotSpotState.OPEN.value, HotSpotState.PASSED.value):
        return False
    row.state, row.structural = HotSpotState.TAKEN_UP.value, structural
    row.decided_by, row.decided_at = by, now
    return True


def last_review(session: Session) -> HotSpotReview | None:
    """When hot spots were last looked for; None where they never were."""
    row = session.scalar(select(HotSpotReviewRow).order_by(HotSpotReviewRow.day.desc()).limit(1))
    return HotSpotReview(row.at, row.reports) if row is not None else None


def metres_between(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Over the distances within a city."""
    north = (lat - other_lat) * METRES_A_DEGREE
    return hypot(north, (lon - other_lon) * METRES_A_DEGREE * cos(radians(lat)))


def _same(row: HotSpotRow, found: Found, at_work: bool) -> bool:
    """The same theme, with circles that overlap and days that do; one that is being worked on is the same later too.

    A hot spot that was decided about stays as it was found then, so that what comes after its days is a new one.
    """
    together = row.first_day <= found.last_day and found.first_day <= row.last_day
    near = metres_between(row.lat, row.lon, found.lat, found.lon) <= row.radius + found.radius
    return row.theme == found.theme and (together or at_work) and near


def _tell(row: HotSpotRow, found: Found, now: datetime) -> None:
    row.neighbourhood, row.theme = found.neighbourhood, found.theme
    row.lat, row.lon, row.radius = found.lat, found.lon, found.radius
    row.first_day, row.last_day = found.first_day, found.last_day
    row.observed, row.expected, row.p = len(found.cases), found.expected, found.p
    row.cases, row.found_at = list(found.cases), now


def _hot_spot(row: HotSpotRow) -> HotSpot:
    return HotSpot(
        id=row.id,
        found=Found(
            theme=row.theme,
            neighbourhood=NeighbourhoodId(row.neighbourhood),
            lat=row.lat,
            lon=row.lon,
            radius=row.radius,
            first_day=row.first_day,
            last_day=row.last_day,
            expected=row.expected,
            p=row.p,
            cases=tuple(CaseId(id) for id in row.cases),
        ),
        first_found_at=row.first_found_at,
        found_at=row.found_at,
        state=HotSpotState(row.state),
        structural=CaseId(row.structural) if row.structural is not None else None,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        why=row.why,
    )
