"""The map of the neighbourhoods, coloured by a figure."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence

from domain.words import NeighbourhoodId
from web.charts.drawing import Drawing, Mark, text
from web.charts.neighbourhoods import CityMap

CLASSES = 5
ROOM = 26.0
"""The least radius, in units of the map, in which a number can be read."""


def choropleth(
    map: CityMap,
    title: str,
    says: str,
    values: Mapping[NeighbourhoodId, float],
    named: Callable[[NeighbourhoodId], str],
    shown: Callable[[float], str],
    href: Callable[[NeighbourhoodId], str | None],
    nothing: str,
) -> Drawing:
    """Every neighbourhood a link that names itself and its value; those without a value look like none.

    As many neighbourhoods in each class as equal values allow (quantiles), and never more classes than values.
    """
    limits = quantile_limits(list(values.values()))
    marks: list[Mark] = []
    numbers: list[Mark] = []
    for area in map.areas:
        value = values.get(area.id)
        look = "none" if value is None else f"class{bisect_right(limits, value)}"
        told = f"{named(area.id)}: {nothing if value is None else shown(value)}"
        marks.append(Mark("path", f"place {look}", {"d": area.d}, says=told, href=href(area.id)))
        if value is not None and area.radius >= ROOM:
            numbers.append(text(area.x, area.y + 8, shown(value), "place-value"))
    return Drawing(
        map.width, map.height, title, says, (*marks, *numbers), legend_of(values, limits, shown, nothing, map)
    )


def quantile_limits(values: Sequence[float]) -> list[float]:
    """The least value of each class but the first."""
    ascending = sorted(values)
    if not ascending:
        return []
    limits = {ascending[len(ascending) * place // CLASSES] for place in range(1, CLASSES)}
    return sorted(limits - {ascending[0]})


def legend_of(
    values: Mapping[NeighbourhoodId, float],
    limits: Sequence[float],
    shown: Callable[[float], str],
    nothing: str,
    map: CityMap,
) -> tuple[tuple[str, str], ...]:
    """Each class with the least and the most in it."""
    ascending = sorted(values.values())
    legend: list[tuple[str, str]] = []
    for place in range(len(limits) + 1 if ascending else 0):
        start = bisect_left(ascending, limits[place - 1]) if place else 0
        end = bisect_left(ascending, limits[place]) if place < len(limits) else len(ascending)
        least, most = shown(ascending[start]), shown(ascending[end - 1])
        legend.append((f"class{place}", least if least == most else f"{least} – {most}"))
    if any(area.id not in values for area in map.areas):
        legend.append(("none", nothing))
    return tuple(legend)
