"""What a structural case changed: reports of its theme around its issues, before it began and since its work ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.case import Case
from domain.recurrence import Recurrence
from domain.words import Kind
from readmodel.schema import CASES
from readmodel.structural.hot_spots import SAID_ELSEWHERE, metres_between, one_hot_spot

LEAST_DAYS = 28
"""Four weeks: in less, nothing can be said about what comes back."""
MOST_DAYS = 364
AROUND_AN_ISSUE = 150.0
"""Metres within which a report counts as the same place."""

Circle = tuple[float, float, float]
"""Latitude, longitude and metres."""


@dataclass(frozen=True, slots=True)
class Effect:
    """Before and after over equal times: `days` before the case was opened, and as many since its work ended."""

    days: int
    since: datetime
    telling_from: datetime
    """When enough time has passed to tell anything."""
    recurrence: Recurrence | None
    """None before that."""


def effect_of(session: Session, case: Case, now: datetime) -> Effect | None:
    """None while there is work to do, and where no issue has a place."""
    structure = case.structure
    since = case.closed_at or (structure.done_at if structure is not None else None)
    if structure is None or since is None:
        return None
    area = area_of(session, case)
    if not area:
        return None
    days = min((now - since).days, MOST_DAYS)
    telling_from = since + timedelta(days=LEAST_DAYS)
    if days < LEAST_DAYS:
        return Effect(days, since, telling_from, None)
    span = timedelta(days=days)
    windows = ((case.opened_at - span, case.opened_at), (since, since + span))
    return Effect(days, since, telling_from, _count(session, structure.theme, area, windows))


def area_of(session: Session, case: Case) -> list[Circle]:
    """The hot spot's circle, and a circle around each issue that has a place."""
    structure = case.structure
    if structure is None:
        return []
    spot = one_hot_spot(session, structure.hot_spot) if structure.hot_spot is not None else None
    circles = [(spot.found.lat, spot.found.lon, spot.found.radius)] if spot is not None else []
    query = select(CASES.c.lat, CASES.c.lon).where(CASES.c.case_id.in_(structure.issues), CASES.c.lat.is_not(None))
    return [*circles, *((row.lat, row.lon, AROUND_AN_ISSUE) for row in session.connection().execute(query))]


def _count(
    session: Session, theme: str, area: list[Circle], windows: tuple[tuple[datetime, datetime], ...]
) -> Recurrence:
    within = [CASES.c.opened_at.between(start, end) for start, end in windows]
    query = select(CASES.c.lat, CASES.c.lon, CASES.c.opened_at).where(
        CASES.c.kind == Kind.ISSUE.value,
        CASES.c.theme == theme,
        CASES.c.lat.is_not(None),
        CASES.c.outcome.is_(None) | CASES.c.outcome.not_in(SAID_ELSEWHERE),
        or_(*within),
    )
    here, elsewhere = [0, 0], [0, 0]
    for row in session.connection().execute(query):
        inside = any(metres_between(row.lat, row.lon, lat, lon) <= radius for lat, lon, radius in area)
        for place, (start, end) in enumerate(windows):
            if start <= row.opened_at < end:
                (here if inside else elsewhere)[place] += 1
    return Recurrence(here[0], here[1], elsewhere[0], elsewhere[1])
