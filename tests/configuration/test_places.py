"""A point is in one neighbourhood or in none."""

import csv
import json
import math
from itertools import islice
from pathlib import Path

import pytest

from configuration.mistakes import CityMistakes
from configuration.places import Places
from tests.configuration.small_city import write_city

BOSTON = Path(__file__).parents[3] / "shared/data/boston_311"


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.read(write_city(tmp_path) / "neighbourhoods.geojson")


def test_a_point_is_in_the_neighbourhood_around_it(places: Places) -> None:
    assert places.neighbourhood_at(51.05, 5.05) == "centrum"
    assert places.neighbourhood_at(51.05, 5.15) == "heide"


def test_a_neighbourhood_may_lie_in_several_pieces(places: Places) -> None:
    assert places.neighbourhood_at(51.01, 5.35) == "heide"


def test_a_point_outside_the_city_is_nowhere(places: Places) -> None:
    assert places.neighbourhood_at(51.05, 5.25) is None
    assert places.neighbourhood_at(5.05, 51.05) is None


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e308])
def test_a_point_that_is_no_place_is_nowhere(places: Places, value: float) -> None:
    assert places.neighbourhood_at(value, 5.05) is None
    assert places.neighbourhood_at(51.05, value) is None


def test_a_point_on_a_border_is_always_in_the_same_neighbourhood(places: Places) -> None:
    assert places.neighbourhood_at(51.05, 5.1) == "centrum"
    assert places.neighbourhood_at(51.0, 5.1) == "centrum"
    assert places.neighbourhood_at(51.05, 5.2) == "heide"


def test_a_file_with_mistakes_makes_no_places(tmp_path: Path) -> None:
    (tmp_path / "areas.geojson").write_text('{"features": [{}]}')

    with pytest.raises(CityMistakes) as caught:
        Places.read(tmp_path / "areas.geojson")

    assert [str(mistake) for mistake in caught.value.mistakes] == [
        "areas.geojson: features.0.properties.id: must be the id of a neighbourhood",
        "areas.geojson: features.0.geometry: must be a Polygon or a MultiPolygon",
    ]


def test_a_border_that_meets_itself_in_a_point_is_no_mistake(tmp_path: Path) -> None:
    ring = [[0, 0], [4, 0], [4, 4], [2, 0], [0, 4], [0, 0]]
    area = {"properties": {"id": "vlinder"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    (tmp_path / "areas.geojson").write_text(json.dumps({"features": [area]}))

    places = Places.read(tmp_path / "areas.geojson")

    assert places.neighbourhood_at(1, 0.5) == places.neighbourhood_at(1, 3.5) == "vlinder"
    assert places.neighbourhood_at(3, 2) is None


def test_requests_of_boston_lie_in_boston(tmp_path: Path) -> None:
    if not BOSTON.exists():
        pytest.skip("the shared Boston requests are not beside this repository")
    collection = json.loads((BOSTON / "boston_neighborhoods.geojson").read_text(encoding="utf-8"))
    for index, feature in enumerate(collection["features"]):
        feature["properties"]["id"] = f"boston-{index}"
    (tmp_path / "boston.geojson").write_text(json.dumps(collection))
    places = Places.read(tmp_path / "boston.geojson")
    with (BOSTON / "boston_311_2011Q3.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in islice(csv.DictReader(file), 2000) if row["latitude"] and row["longitude"]]

    found = [places.neighbourhood_at(float(row["latitude"]), float(row["longitude"])) for row in rows]

    assert len(rows) > 1500
    assert sum(neighbourhood is not None for neighbourhood in found) > 0.97 * len(rows)
    assert places.neighbourhood_at(42.3594, -71.0587) is not None


def test_a_file_may_tell_whose_borders_it_holds(tmp_path: Path, places: Places) -> None:
    assert places.credit == ""
    path = tmp_path / "areas.geojson"
    path.write_text('{"attribution": "The Survey, 2025", "features": []}')
    assert Places.read(path).credit == "The Survey, 2025"
    path.write_text('{"attribution": 7, "features": []}')
    with pytest.raises(CityMistakes) as caught:
        Places.read(path)
    assert [str(mistake) for mistake in caught.value.mistakes] == [
        "areas.geojson: attribution: must be a text of at most 200 characters"
    ]
