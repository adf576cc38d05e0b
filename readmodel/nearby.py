"""The open cases around a place that may be about the same thing, without anything that anyone wrote."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import atan2, cos, degrees, hypot, radians
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from domain.words import CaseId, Kind, NeighbourhoodId, ServiceCode, Stage
from readmodel.schema import CASES

NEAR, CLOSE = 150.0, 50.0
"""Metres within which the same service counts, and within which a kindred one does."""
MOST = 5
MOST_LOOKED_AT = 1000
_METRES_A_DEGREE = 111_320.0


class Bearing(StrEnum):
    """Which way something lies."""

    NORTH = "north"
    NORTH_EAST = "north_east"
    EAST = "east"
    SOUTH_EAST = "south_east"
    SOUTH = "south"
    SOUTH_WEST = "south_west"
    WEST = "west"
    NORTH_WEST = "north_west"


@dataclass(frozen=True, slots=True)
class Nearby:
    """An open case; how far from the point asked about and which way, where both places are known."""

    case_id: CaseId
    number: str
    service: ServiceCode
    neighbourhood: NeighbourhoodId
    stage: Stage
    opened_at: datetime
    supporters: int
    metres: float | None = None
    bearing: Bearing | None = None


_COLUMNS = tuple(
    CASES.c[name]
    for name in ("case_id", "number", "service", "neighbourhood", "stage", "opened_at", "supporters", "lat", "lon")
)
_OPEN = (
    select(*_COLUMNS).where(CASES.c.closed_at.is_(None), CASES.c.kind != Kind.STRUCTURAL.value).limit(MOST_LOOKED_AT)
)


def around(
    session: Session,
    lat: float,
    lon: float,
    service: ServiceCode,
    kindred: Collection[ServiceCode] = (),
    seen: Sequence[ColumnElement[bool]] = (),
    most: int = MOST,
) -> list[Nearby]:
    """Those of this service within `NEAR` metres, and of kindred services within `CLOSE`; the nearest first.

    `seen` are conditions on what the reader may know of.
    """
    high, wide = NEAR / _METRES_A_DEGREE, NEAR / (_METRES_A_DEGREE * max(cos(radians(lat)), 0.01))
    query = _OPEN.where(
        CASES.c.lat.between(lat - high, lat + high),
        CASES.c.lon.between(lon - wide, lon + wide),
        _whatever_index(CASES.c.service).in_([service, *kindred]),
        *seen,
    )
    found = (_placed(row, lat, lon) for row in session.connection().execute(query))
    return _first(
        (one for one, metres in found if metres <= (NEAR if one.service == service else CLOSE)),
        lambda one: (one.metres, one.case_id),
        most,
    )


def within(
    session: Session,
    neighbourhood: NeighbourhoodId,
    service: ServiceCode,
    seen: Sequence[ColumnElement[bool]] = (),
    most: int = MOST,
) -> list[Nearby]:
    """Those of this service anywhere in the neighbourhood; the latest first."""
    query = _OPEN.where(CASES.c.neighbourhood == neighbourhood, _whatever_index(CASES.c.service) == service, *seen)
    found = (_nearby(row) for row in session.connection().execute(query))
    return _first(found, lambda one: (-one.opened_at.timestamp(), one.case_id), most)


def _whatever_index(column: Any) -> Any:
    """Keeps SQLite from walking through all cases of a service: the place narrows down far more."""
    return func.coalesce(column, "")


def _first(found: Iterable[Nearby], order: Any, most: int) -> list[Nearby]:
    return sorted(found, key=order)[:most]


def _placed(row: Row[Any], lat: float, lon: float) -> tuple[Nearby, float]:
    north = (row.lat - lat) * _METRES_A_DEGREE
    east = (row.lon - lon) * _METRES_A_DEGREE * cos(radians(lat))
    metres = hypot(north, east)
    way = list(Bearing)[round(degrees(atan2(east, north)) / 45) % 8]
    return _nearby(row, metres, way), metres


def _nearby(row: Row[Any], metres: float | None = None, bearing: Bearing | None = None) -> Nearby:
    return Nearby(
        case_id=CaseId(row.case_id),
        number=row.number,
        service=ServiceCode(row.service),
        neighbourhood=NeighbourhoodId(row.neighbourhood),
        stage=Stage(row.stage),
        opened_at=row.opened_at,
        supporters=row.supporters,
        metres=metres,
        bearing=bearing,
    )
