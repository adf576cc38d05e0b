"""The map of one neighbourhood: its border among its neighbours', and marks within that differ in shape and colour."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians
from typing import cast

import shapely
from shapely import MultiPolygon, Polygon
from shapely.affinity import affine_transform

from configuration.places import Places
from domain.words import NeighbourhoodId
from web.charts.drawing import Drawing, Mark, n
from web.charts.neighbourhoods import outline

WIDTH, TALLEST = 640.0, 560.0
MARGIN = 22.0
_DETAIL = 0.6
RING = 11
SHAPES = 6
"""Of marks; the last is for all that have none of their own."""


@dataclass(frozen=True, slots=True)
class CloseUp:
    """A neighbourhood as the `d` of a path, those around it as another, in a box; north is up."""

    d: str
    around: str
    width: float
    height: float
    matrix: tuple[float, float, float, float, float, float]
    """From longitude and latitude, as `shapely.affinity` has it."""

    def project(self, lat: float, lon: float) -> tuple[float, float]:
        a, _, _, e, x, y = self.matrix
        return a * lon + x, e * lat + y

    def length(self, metres: float) -> float:
        """In units of the box."""
        return -self.matrix[3] * metres / 111_195

    def holds(self, x: float, y: float) -> bool:
        return 0 <= x <= self.width and 0 <= y <= self.height


@dataclass(frozen=True, slots=True)
class Spot:
    """A mark on the map; `shape` from 0 up to before `SHAPES`."""

    lat: float
    lon: float
    shape: int
    ringed: bool
    says: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Circle:
    """An area that is pointed out."""

    lat: float
    lon: float
    metres: float
    says: str
    href: str | None = None


@lru_cache(maxsize=512)
def close_up_of(places: Places, id: NeighbourhoodId) -> CloseUp | None:
    """As large as the box allows; a plate carrée at its own latitude. None for one without an area."""
    shape = places.areas.get(id)
    if shape is None:
        return None
    west, south, east, north = shape.bounds
    narrow = max(cos(radians((south + north) / 2)), 0.01)
    wide, high = max((east - west) * narrow, 1e-6), max(north - south, 1e-6)
    scale = min((WIDTH - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN) / high)
    height = high * scale + 2 * MARGIN
    left = (WIDTH - wide * scale) / 2
    matrix = (scale * narrow, 0.0, 0.0, -scale, left - west * scale * narrow, MARGIN + north * scale)
    box = shapely.box(-MARGIN, -MARGIN, WIDTH + MARGIN, height + MARGIN)
    others = [
        shapely.intersection(affine_transform(cast(Polygon | MultiPolygon, other), matrix), box)
        for there, other in places.areas.items()
        if there != id
    ]
    around = "".join(outline(shapely.simplify(other, _DETAIL)) for other in others if not other.is_empty)
    d = outline(shapely.simplify(affine_transform(shape, matrix), _DETAIL))
    return CloseUp(d, around, WIDTH, round(height, 1), matrix)


def close_up(map: CloseUp, title: str, says: str, spots: Sequence[Spot], circles: Sequence[Circle] = ()) -> Drawing:
    """What lies outside of the box is left out."""
    marks = [Mark("path", "around", {"d": map.around}), Mark("path", "within", {"d": map.d})]
    for one in circles:
        x, y = map.project(one.lat, one.lon)
        at = {"cx": n(x), "cy": n(y), "r": n(max(map.length(one.metres), 10))}
        marks.append(Mark("circle", "hot", at, says=one.says, href=one.href))
    for spot in spots:
        x, y = map.project(spot.lat, spot.lon)
        if not map.holds(x, y):
            continue
        if spot.ringed:
            marks.append(Mark("circle", "ring", {"cx": n(x), "cy": n(y), "r": RING}))
        look = f"spot s{spot.shape}"
        marks.append(Mark("path", look, {"d": SYMBOLS[spot.shape](x, y)}, says=spot.says, href=spot.href))
    return Drawing(map.width, map.height, title, says, tuple(marks))


def _round(x: float, y: float) -> str:
    return f"M{n(x - 5.5):g} {n(y):g}a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0Z"


def _through(*points: tuple[float, float]) -> Callable[[float, float], str]:
    return lambda x, y: "M" + "L".join(f"{n(x + dx):g} {n(y + dy):g}" for dx, dy in points) + "Z"


SYMBOLS: Sequence[Callable[[float, float], str]] = (
    _round,
    _through((-5, -5), (5, -5), (5, 5), (-5, 5)),
    _through((0, -6.5), (6.5, 5), (-6.5, 5)),
    _through((0, -7), (7, 0), (0, 7), (-7, 0)),
    _through((0, 6.5), (6.5, -5), (-6.5, -5)),
    _through(
        (-2, -6), (2, -6), (2, -2), (6, -2), (6, 2), (2, 2), (2, 6), (-2, 6), (-2, 2), (-6, 2), (-6, -2), (-2, -2)
    ),
)
"""A disc, a square, a triangle, a diamond, a triangle that points down; and last a plus."""
