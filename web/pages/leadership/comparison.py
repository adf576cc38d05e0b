"""Departments, neighbourhoods, services or themes side by side, in the order of a figure of choice."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from configuration.places import Places
from domain.buckets import Bucket
from domain.city import City
from domain.measures import Measure
from domain.words import NeighbourhoodId
from readmodel.leadership import Part, side_by_side
from readmodel.tallies import GroupBy
from web.charts.choropleth import choropleth
from web.charts.drawing import Drawing, Size
from web.charts.neighbourhoods import map_of
from web.charts.over_time import spark
from web.charts.spread import bar
from web.pages.languages import Language
from web.pages.leadership.asking import Asked
from web.pages.leadership.measured import BY_KEY, Shown, Unit, briefly, full_label, written
from web.pages.leadership.story import name_of
from web.pages.leadership.tables import Cell, Head, Table
from web.problems import invalid

COLUMNS = (
    "opened",
    "closed",
    "open_at_end",
    "median_days_to_close",
    "p90_days_to_close",
    "responded_in_time",
    "resolved_in_time",
    "escalations",
    "transfers",
    "reopened",
    "satisfaction",
)
SPARK = Size(120, 30, left=3, right=5, top=4, bottom=3)
MOST_SPARKS = 40


@dataclass(frozen=True, slots=True)
class Multiple:
    """One of the small charts that share a scale."""

    name: str
    href: str
    value: str
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class Comparison:
    group_by: GroupBy
    shown: Shown
    table: Table
    map: Drawing | None
    multiples: Sequence[Multiple]


def compare(
    session: Session, city: City, places: Places, reader: Language, asked: Asked, group_by: GroupBy, order: str
) -> Comparison:
    """`order`: a column, with a minus for the greatest first. Raises Problem (422)."""
    key = order.removeprefix("-")
    if key not in {*COLUMNS, "name"}:
        raise invalid("sort", f"must be one of name, {', '.join(COLUMNS)}, perhaps with a minus before it")
    period = asked.period
    view = asked.grouped(group_by)
    parts = side_by_side(session, view, period.start, period.end)
    names = {id: name_of(city, reader, group_by, id) for id in parts}
    shown = BY_KEY["escalations" if key == "name" else key]
    ids = _ordered(parts, names, key, descending=order.startswith("-"))
    table = _table(reader, asked, group_by, order, [(id, names[id], parts[id]) for id in ids], shown)
    drawn = _map(city, places, reader, asked, parts, shown) if group_by is GroupBy.NEIGHBOURHOOD else None
    multiples = _multiples(reader, asked, group_by, ids[:MOST_SPARKS], names, parts)
    return Comparison(group_by, shown, table, drawn, multiples)


def _ordered(parts: dict[str, Part], names: dict[str, str], key: str, *, descending: bool) -> list[str]:
    """Those without the figure come last, in whatever order."""
    by_name = sorted(parts, key=lambda id: names[id].casefold())
    if key == "name":
        return by_name[::-1] if descending else by_name
    values = {id: BY_KEY[key].of(part) for id, part in parts.items()}
    known = [id for id in by_name if values[id] is not None]
    known.sort(key=lambda id: values[id] or 0.0, reverse=descending)
    return known + [id for id in by_name if values[id] is None]


def _table(
    reader: Language,
    asked: Asked,
    group_by: GroupBy,
    order: str,
    rows: Sequence[tuple[str, str, Part]],
    shown: Shown,
) -> Table:
    path = f"/figures/by/{group_by.value}"

    def head(key: str, text: str, *, number: bool) -> Head:
        here = order.removeprefix("-") == key
        usual, turned = (f"-{key}", key) if number else (key, f"-{key}")
        going = turned if order == usual else usual
        way = None if not here else "descending" if order.startswith("-") else "ascending"
        return Head(key, text, number, asked.link(path, sort=going), way)

    heads = [head("name", reader.say(group_by.value, "leadership_groups"), number=False)]
    heads += [head(key, reader.say(key, "leadership_short"), number=True) for key in COLUMNS]
    most = max((shown.of(part) or 0 for _, _, part in rows), default=0)
    cells = []
    for id, name, part in rows:
        row = [Cell(id, name, asked.link("/figures", **{group_by.value: id}))]
        for key in COLUMNS:
            column = BY_KEY[key]
            value = column.of(part)
            drawn = bar(value or 0, most) if column is shown else None
            row.append(
                Cell(value, briefly(reader, column.unit, value), _cases(asked, group_by, id, column, value), drawn)
            )
        cells.append(row)
    caption = reader.say(f"by_{group_by.value}", "leadership")
    return Table(f"by_{group_by.value}", caption, heads, cells, asked.link(f"{path}.csv", sort=order))


def _cases(asked: Asked, group_by: GroupBy, id: str, shown: Shown, value: float | None) -> str | None:
    if shown.measure is None or not value or shown.unit is Unit.DAYS:
        return None
    period = asked.period
    of_group = Asked(period, asked.sight, {**asked.chosen, group_by: id})
    return of_group.cases(shown.measure, period.start, period.end, failed=shown.failed)


def _map(city: City, places: Places, reader: Language, asked: Asked, parts: dict[str, Part], shown: Shown) -> Drawing:
    title = reader.say("map_title", "leadership", figure=reader.say(shown.key, "leadership_names"))
    values = {NeighbourhoodId(id): value for id, part in parts.items() if (value := shown.of(part)) is not None}
    seen = asked.sight.neighbourhoods

    return choropleth(
        map_of(places),
        title,
        reader.say("map_says", "leadership"),
        values,
        lambda id: name_of(city, reader, GroupBy.NEIGHBOURHOOD, id),
        lambda value: briefly(reader, shown.unit, value),
        lambda id: asked.link("/figures", neighbourhood=id) if seen is None or id in seen else None,
        reader.say("nothing_there", "leadership"),
    )


def _multiples(
    reader: Language,
    asked: Asked,
    group_by: GroupBy,
    ids: Sequence[str],
    names: dict[str, str],
    parts: dict[str, Part],
) -> list[Multiple]:
    """How many were opened, month by month: shown where the period has months enough to see a course."""
    period = asked.period
    if period.bucket is not Bucket.MONTH or len(ids) < 2:
        return []
    months = list(Bucket.MONTH.between(period.start, period.end))
    values = {id: [parts[id].opened_in[month] for month in months] for id in ids}
    most = max((number for row in values.values() for number in row), default=0)
    labels = [full_label(reader, Bucket.MONTH, month) for month in months]
    made = []
    for id in ids:
        value = written(reader, Unit.NUMBER, parts[id].count(Measure.OPENED).facts)
        title = reader.say("spark_title", "leadership", name=names[id], number=value)
        made.append(
            Multiple(
                names[id],
                asked.link("/figures", **{group_by.value: id}),
                value,
                spark(title, labels, values[id], most, SPARK),
            )
        )
    return made
