"""The map of the neighbourhoods: their borders as SVG paths, and where a point lies on it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from math import cos, radians
from typing import cast

import shapely
from shapely import MultiPolygon, Polygon
from shapely.affinity import affine_transform
from shapely.geometry.base import BaseGeometry

from configuration.places import Places
from domain.words import NeighbourhoodId

WIDTH = 1000.0
"""Of the map in its own units; the height follows from the city."""
MARGIN = 4.0
_DETAIL = 1.5
"""What is smaller than this, in the map's own units, is left out."""


@dataclass(frozen=True, slots=True)
class Area:
    """A neighbourhood as the `d` of a path, and the middle of the largest circle within: for a label."""

    id: NeighbourhoodId
    d: str
    x: float
    y: float
    radius: float
    """Of that circle."""


@dataclass(frozen=True, slots=True)
class CityMap:
    """All neighbourhoods in one drawing of `width` by `height`; north is up."""

    areas: tuple[Area, ...]
    width: float
    height: float
    west: float
    north: float
    x_scale: float
    """Units a degree of longitude."""
    y_scale: float
    """Units a degree of latitude."""

    @property
    def view_box(self) -> str:
        return f"0 0 {self.width:g} {self.height:g}"

    def project(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a point lies on the map; outside of it for a point outside the city."""
        x = MARGIN + (lon - self.west) * self.x_scale
        y = MARGIN + (self.north - lat) * self.y_scale
        return round(x, 1), round(y, 1)

    def locate(self, x: float, y: float) -> tuple[float, float]:
        """The latitude and longitude of a point on the map: the inverse of `project`."""
        return self.north - (y - MARGIN) / self.y_scale, self.west + (x - MARGIN) / self.x_scale


@lru_cache(maxsize=4)
def map_of(places: Places) -> CityMap:
    """Made once: common borders are simplified as one, so that neighbours keep touching.

    A plate carrée at the city's own latitude: over the size of a city it keeps shapes and areas.
    """
    ids = list(places.areas)
    shapes = list(places.areas.values())
    west, south, east, north = shapely.total_bounds(shapes) if shapes else (0.0, 0.0, 1.0, 1.0)
    x_scale = (WIDTH - 2 * MARGIN) / max(east - west, 1e-6)
    y_scale = x_scale / max(cos(radians((south + north) / 2)), 0.01)
    height = round((north - south) * y_scale + 2 * MARGIN, 1)
    empty = CityMap((), WIDTH, height, float(west), float(north), float(x_scale), float(y_scale))
    matrix = [x_scale, 0, 0, -y_scale, MARGIN - west * x_scale, MARGIN + north * y_scale]
    flat: list[BaseGeometry] = [affine_transform(shape, matrix) for shape in shapes]
    simple: list[BaseGeometry] = list(shapely.coverage_simplify(flat, _DETAIL)) if flat else []
    areas = (_area(id, shape, whole) for id, shape, whole in zip(ids, simple, flat, strict=True))
    return replace(empty, areas=tuple(areas))


def project(places: Places, lat: float, lon: float) -> tuple[float, float]:
    """Where a point lies on the map of these places."""
    return map_of(places).project(lat, lon)


def _area(id: NeighbourhoodId, shape: BaseGeometry, whole: BaseGeometry) -> Area:
    drawn = whole if shape.is_empty else shape
    circle = shapely.maximum_inscribed_circle(cast(Polygon | MultiPolygon, drawn), tolerance=2)
    (x, y), *_ = circle.coords
    return Area(id, outline(drawn), round(x, 1), round(y, 1), round(circle.length, 1))


def outline(shape: BaseGeometry) -> str:
    """The `d` of a path around all its polygons; in whole units."""
    return "".join(_rings(shape))


def _rings(shape: BaseGeometry) -> Iterator[str]:
    for polygon in shapely.get_parts(shape):
        if polygon.geom_type != "Polygon":
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            points = [f"{round(x)} {round(y)}" for x, y in ring.coords[:-1]]
            yield "M" + "L".join(points) + "Z"
