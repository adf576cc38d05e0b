"""Charts: what they draw is what they were given, on round axes, within their box."""

import re
from collections.abc import Callable
from itertools import pairwise
from math import cos, radians
from pathlib import Path
from xml.etree import ElementTree

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from configuration.places import Places
from domain.words import NeighbourhoodId
from web.charts.axes import ticks
from web.charts.choropleth import choropleth, quantile_limits
from web.charts.close_up import SHAPES, Circle, Spot, close_up, close_up_of
from web.charts.drawing import NARROW, WIDE, Drawing, Series, Size
from web.charts.multiples import SMALL, against_past
from web.charts.neighbourhoods import WIDTH, map_of, project
from web.charts.over_time import columns, flow, lines, spark, stacks
from web.charts.spread import Share, bar, histogram, share_bar
from web.pages.templating import STATIC, templates

GENK = Places.read(Path(__file__).parents[2] / "deploy/cities/genk/neighbourhoods.geojson")
numbers = st.lists(st.one_of(st.none(), st.floats(0, 1e7)), min_size=1, max_size=40)


def shown(value: float) -> str:
    return f"{value:g}"


def written(drawing: Drawing) -> ElementTree.Element:
    """The drawing as its template writes it, read as XML."""
    templates.globals.setdefault("pattern_of", {}.get)
    macro: Callable[..., str] = templates.get_template("charts.html").module.svg  # type: ignore[attr-defined]
    return ElementTree.fromstring(f"<div>{macro(drawing, 'c')}</div>")[0]


@pytest.mark.parametrize(
    ("most", "whole", "expected"),
    [
        (0, False, (0, 1)),
        (1, True, (0, 1)),
        (3, True, (0, 1, 2, 3)),
        (97, False, (0, 25, 50, 75, 100)),
        (0.9, False, (0, 0.25, 0.5, 0.75, 1.0)),
        (1234, True, (0, 500, 1000, 1500)),
    ],
)
def test_ticks_are_round_and_reach_the_greatest_value(most: float, whole: bool, expected: tuple[float, ...]) -> None:
    assert ticks(most, whole=whole) == expected


@given(st.floats(1e-3, 1e9), st.booleans())
def test_ticks_are_few_and_even(most: float, whole: bool) -> None:
    found = ticks(most, whole=whole)
    assert 2 <= len(found) <= 7
    assert found[-1] >= most * 0.999
    assert not whole or all(tick == int(tick) for tick in found)


@settings(max_examples=60)
@given(numbers, st.sampled_from([WIDE, NARROW]))
def test_every_mark_stays_within_the_box(values: list[float | None], size: Size) -> None:
    labels = [f"{place} Jan" for place in range(len(values))]
    one, other = Series("one", values, "a"), Series("other", values[::-1], "b")
    for drawing in (
        columns("t", "d", labels, [one, other], size, shown),
        stacks("t", "d", labels, [one, other], size, shown),
        lines("t", "d", labels, [one, other], size, shown),
        flow("t", "d", labels[1:], one, Series("other", values, "a"), size, shown),
        histogram("t", "d", labels, one, other, size, shown),
    ):
        assert (drawing.width, drawing.height) == (size.width, size.height)
        for mark in drawing.marks:
            for name, limit in (("x", size.width), ("cx", size.width), ("y", size.height), ("cy", size.height)):
                if name in mark.at:
                    assert -0.1 <= float(mark.at[name]) <= limit + 0.1, mark
            if mark.kind == "rect":
                assert float(mark.at["y"]) + float(mark.at["height"]) <= size.floor + 0.2


def test_a_column_is_as_high_as_its_value() -> None:
    drawing = columns("t", "d", ["Jan", "Feb"], [Series("opened", [10, 5], "a", hrefs=["/x", None])], WIDE, shown)
    first, second = (mark for mark in drawing.marks if mark.kind == "rect")
    assert first.at["height"] == pytest.approx(2 * float(second.at["height"]), abs=0.2)
    assert first.says == "Jan, opened: 10"
    assert (first.href, second.href) == ("/x", None)


def test_a_column_of_parts_stands_on_the_floor_and_leaves_out_what_is_nothing() -> None:
    parts = [Series("a", [2, 0], "a"), Series("b", [1, 3], "b", ["one", "three"])]
    low, high, alone = (
        mark for mark in stacks("t", "d", ["Jan", "Feb"], parts, WIDE, shown).marks if mark.kind == "rect"
    )
    assert float(low.at["y"]) == pytest.approx(float(high.at["y"]) + float(high.at["height"]) + 1, abs=0.2)
    assert (high.says, alone.says) == ("Jan, b: one", "Feb, b: three")
    assert high.at["y"] == alone.at["y"], "both add up to three"


def test_a_line_is_broken_where_nothing_is_known() -> None:
    drawing = lines("t", "d", ["a", "b", "c", "d", "e"], [Series("s", [1, 2, None, 2, 3], "a")], WIDE, shown)
    assert sum(mark.kind == "path" for mark in drawing.marks) == 2
    assert sum(mark.kind == "circle" for mark in drawing.marks) == 4


def test_labels_that_would_touch_are_left_out() -> None:
    labels = [f"{place} January" for place in range(60)]
    for size in (WIDE, NARROW):
        drawing = columns("t", "d", labels, [Series("s", [1] * 60, "a")], size, shown)
        below = [mark for mark in drawing.marks if mark.text in labels]
        xs = [float(mark.at["x"]) for mark in below]
        assert all(right - left > 8 * size.letter for left, right in pairwise(xs))


def test_a_share_bar_is_parted_by_the_shares_and_an_empty_one_says_so() -> None:
    bars = share_bar("t", "d", [Share("yes", 3, "a", "75%"), Share("partly", 0, "b", "0%"), Share("no", 1, "c", "25%")])
    yes, no = bars.marks
    assert float(yes.at["width"]) == pytest.approx(3 * float(no.at["width"]), abs=12)
    assert [mark.look for mark in share_bar("t", "d", [Share("yes", 0, "a", "0%")]).marks] == ["none"]
    assert bar(5, 10).marks[0].at["width"] == 50
    assert bar(0, 0).marks[0].at["width"] == 0


def test_quantiles_part_the_values_into_classes_of_about_the_same_size() -> None:
    assert quantile_limits(list(range(10))) == [2, 4, 6, 8]
    assert quantile_limits([1, 1, 1, 1]) == []
    assert quantile_limits([]) == []
    assert quantile_limits([1, 2]) == [2]


def test_the_map_holds_every_neighbourhood_within_its_box() -> None:
    found = map_of(GENK)
    assert [area.id for area in found.areas] == list(GENK.areas)
    assert found.width == WIDTH
    for area in found.areas:
        assert 0 <= area.x <= found.width
        assert 0 <= area.y <= found.height
        assert area.d.startswith("M") and area.d.endswith("Z")
        lat, lon = found.locate(area.x, area.y)
        assert GENK.neighbourhood_at(lat, lon) == area.id
    assert sum(len(area.d) for area in found.areas) < 20_000


def test_a_point_of_the_city_lies_on_the_map_where_it_lies_in_the_city() -> None:
    found = map_of(GENK)
    west = project(GENK, 50.96, 5.45)
    east = project(GENK, 50.96, 5.55)
    north = project(GENK, 51.00, 5.45)
    assert west[0] < east[0] and north[1] < west[1]
    lat, lon = found.locate(*found.project(50.965, 5.5))
    assert lat == pytest.approx(50.965, abs=1e-4)
    assert lon == pytest.approx(5.5, abs=1e-4)
    across = (east[0] - west[0]) / (0.1 * 111.32 * 0.63)
    up = (west[1] - north[1]) / (0.04 * 111.32)
    assert across == pytest.approx(up, rel=0.02)


def test_a_city_of_one_square_has_a_map_too() -> None:
    places = Places({NeighbourhoodId("all"): shapely.box(5.0, 50.0, 5.1, 50.1)})
    assert len(map_of(places).areas) == 1
    assert map_of(Places({})).areas == ()


def test_every_place_of_the_choropleth_names_itself_and_leads_on() -> None:
    ids = list(GENK.areas)
    values = {id: float(place) for place, id in enumerate(ids[1:])}
    drawing = choropleth(
        map_of(GENK), "Escalations", "A map", values, lambda id: f"<{id}>", shown, lambda id: f"/figures?n={id}", "none"
    )
    places = [mark for mark in drawing.marks if mark.kind == "path"]
    assert len(places) == len(ids)
    assert places[0].says == f"<{ids[0]}>: none"
    assert all(mark.href for mark in places)
    assert [look for look, _ in drawing.legend] == ["class0", "class1", "class2", "class3", "class4", "none"]
    tree = written(drawing)
    assert tree.attrib["role"] == "group"
    assert sum(element.tag.endswith("a") for element in tree.iter()) == len(ids)


def test_a_drawing_is_written_with_a_name_and_without_styles_of_its_own() -> None:
    drawing = lines("A & B", "What <it> shows", ["x", "y"], [Series("s", [1, 2], "a")], WIDE, shown)
    tree = written(drawing)
    assert tree.attrib["role"] == "img"
    names = {element.attrib["id"]: element.text for element in tree.iter() if "id" in element.attrib}
    assert [names[id] for id in tree.attrib["aria-labelledby"].split()] == ["A & B", "What <it> shows"]
    assert not any("style" in element.attrib or "fill" in element.attrib for element in tree.iter())
    assert written(spark("t", ["x"], [3.0], 3.0, Size(100, 30))).attrib["aria-labelledby"] == "c-t"


def luminance(colour: str) -> float:
    """As WCAG 2.2 defines it."""
    digits = colour if len(colour) == 6 else "".join(digit * 2 for digit in colour)
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_stand_out_from_the_ground_and_neighbours_from_each_other(scheme: str) -> None:
    css = (STATIC / "charts.css").read_text()
    light, dark = (dict(re.findall(r"--([a-z0-9-]+): #([0-9a-f]{3,6})", line)) for line in css.split("@media")[:2])
    colours = light if scheme == "light" else dark
    for name in ("chart-a", "chart-b", "chart-c", "chart-soft"):
        assert contrast(colours[name], colours["chart-ground"]) >= 3, name
    assert contrast(colours["step-0"], colours["step-2"]) >= 3
    assert contrast(colours["step-2"], colours["step-4"]) >= 3


def test_a_close_up_shows_the_marks_within_its_box_each_with_its_shape_and_a_ring_where_asked() -> None:
    id = next(iter(GENK.areas))
    map = close_up_of(GENK, id)
    assert map is not None
    lat, lon = GENK.centre(id)
    spots = [Spot(lat, lon, shape, shape == 2, f"mark {shape}", f"/cases/{shape}") for shape in range(SHAPES)]
    drawing = close_up(
        map, "Here", "A map", [*spots, Spot(0, 0, 0, False, "far away", "/")], [Circle(lat, lon, 150, "hot")]
    )
    marks = [mark for mark in drawing.marks if mark.look.startswith("spot")]
    assert [mark.says for mark in marks] == [spot.says for spot in spots]
    assert len({(mark.look, mark.at["d"]) for mark in marks}) == SHAPES
    assert sum(mark.look == "ring" for mark in drawing.marks) == 1
    assert next(mark for mark in drawing.marks if mark.look == "hot").says == "hot"
    assert close_up_of(GENK, NeighbourhoodId("nowhere")) is None


def test_a_close_up_is_as_wide_as_it_is_long_on_the_ground() -> None:
    for id in GENK.areas:
        map = close_up_of(GENK, id)
        assert map is not None
        lat, lon = GENK.centre(id)
        x, y = map.project(lat, lon)
        assert map.holds(x, y)
        assert map.project(lat + 100 / 111_195, lon)[1] == pytest.approx(y - map.length(100), abs=0.01)
        across = map.project(lat, lon + 100 / 111_195 / cos(radians(lat)))[0] - x
        assert across == pytest.approx(map.length(100), rel=0.01)


def test_small_charts_share_the_scale_that_they_are_given() -> None:
    labels = [str(number) for number in range(3)]
    drawing = against_past("Theme", labels, [1, 4, 2], [2, 2, 2], 8, ends=("first", "last"))
    columns = [mark for mark in drawing.marks if mark.kind == "rect"]
    assert [mark.says for mark in columns] == labels
    heights = [float(mark.at["height"]) for mark in columns]
    assert heights[1] == pytest.approx(SMALL.inner_height / 2, abs=0.1)
    assert sum(mark.look == "line b" for mark in drawing.marks) == 1
    alone = against_past("Theme", labels, [0, 0, 0], [], 0)
    assert not any(mark.look == "line b" for mark in alone.marks)
