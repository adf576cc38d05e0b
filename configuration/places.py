"""Where a point lies: the neighbourhoods as polygons in WGS84."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from configuration.mistakes import CityMistakes, Mistake, quoted
from configuration.reading import WHOLE_FILE, read_json
from domain.words import NeighbourhoodId

SHAPES = ("Polygon", "MultiPolygon")
LONGEST_CREDIT = 200
TOUCHES_ITSELF = "Ring Self-intersection"
"""A border that meets itself in a point, common in real data: what lies within is still clear."""


class Places:
    """The neighbourhood of any point; a point on a border belongs to the first of its neighbourhoods by id."""

    def __init__(self, areas: Mapping[NeighbourhoodId, BaseGeometry], credit: str = "") -> None:
        self.credit = credit
        """Whose borders these are, as their licence may ask to tell."""
        self._areas = dict(sorted(areas.items()))
        self._ids = tuple(self._areas)
        self._tree = STRtree(list(self._areas.values()))

    @classmethod
    def read(cls, path: Path) -> "Places":
        """Raises CityMistakes where the file cannot be used."""
        areas = read_areas(path)
        if areas.mistakes:
            raise CityMistakes(areas.mistakes)
        return cls(areas.usable, areas.credit)

    @property
    def areas(self) -> Mapping[NeighbourhoodId, BaseGeometry]:
        """By id, in order; longitude before latitude."""
        return self._areas

    def neighbourhood_at(self, lat: float, lon: float) -> NeighbourhoodId | None:
        """None outside the city."""
        if not (isfinite(lat) and isfinite(lon)):
            return None
        found = self._tree.query(shapely.Point(lon, lat), predicate="intersects")
        return self._ids[min(found)] if len(found) else None

    def centre(self, neighbourhood: NeighbourhoodId) -> tuple[float, float]:
        """A point (lat, lon) that surely lies within; raises KeyError for an unknown neighbourhood."""
        point = shapely.point_on_surface(self._areas[neighbourhood])
        return point.y, point.x


@dataclass(frozen=True, slots=True)
class Areas:
    """What a GeoJSON file holds: the areas that can be used, and every mistake in it."""

    usable: Mapping[NeighbourhoodId, BaseGeometry]
    features: Mapping[str, int] | None
    """Each id with the index of its feature, usable or not; None where the file cannot be read."""
    mistakes: Sequence[Mistake]
    credit: str = ""
    """What the file says of its source, in its member `attribution`."""


def read_areas(path: Path) -> Areas:
    document = read_json(path)
    if isinstance(document, Mistake):
        return Areas({}, None, [document])
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        text = "must be a GeoJSON FeatureCollection with a list of features"
        return Areas({}, None, [Mistake(path.name, WHOLE_FILE, text)])
    usable: dict[NeighbourhoodId, BaseGeometry] = {}
    indices: dict[str, int] = {}
    mistakes: list[Mistake] = []
    for index, feature in enumerate(features):
        name = _feature_id(feature)
        if name is None:
            mistakes.append(Mistake(path.name, f"features.{index}.properties.id", "must be the id of a neighbourhood"))
        elif indices.setdefault(name, index) != index:
            text = f"{quoted(name)} is already at features.{indices[name]}; make them one MultiPolygon"
            mistakes.append(Mistake(path.name, f"features.{index}.properties.id", text))
        area = _area(feature.get("geometry") if isinstance(feature, dict) else None)
        if isinstance(area, str):
            mistakes.append(Mistake(path.name, f"features.{index}.geometry", area))
        elif name is not None:
            usable.setdefault(NeighbourhoodId(name), area)
    credit = document.get("attribution", "")
    if not isinstance(credit, str) or len(credit) > LONGEST_CREDIT:
        mistakes.append(Mistake(path.name, "attribution", f"must be a text of at most {LONGEST_CREDIT} characters"))
        credit = ""
    return Areas(usable, indices, mistakes, credit)


def _feature_id(feature: object) -> str | None:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    name = properties.get("id") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else None


def _area(geometry: object) -> BaseGeometry | str:
    """The area, or what is wrong with it."""
    if not isinstance(geometry, dict) or geometry.get("type") not in SHAPES:
        return "must be a Polygon or a MultiPolygon"
    try:
        area: BaseGeometry = shapely.from_geojson(json.dumps(geometry))
    except shapely.errors.GEOSException:
        return "has coordinates that make no polygon: each ring is a list of [lon, lat] and ends where it starts"
    if area.is_empty:
        return "has no coordinates"
    west, south, east, north = area.bounds
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        return "has coordinates that are not degrees: give longitude and latitude (WGS84)"
    if area.is_valid:
        return area
    reason = shapely.is_valid_reason(area)
    if reason.startswith(TOUCHES_ITSELF):
        return shapely.make_valid(area)
    return f"is not a valid polygon: {reason}"
