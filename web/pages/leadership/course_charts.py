"""The charts of a period's course: what came in and went out, what stays open, how long it took, and in time or not."""

from collections.abc import Callable, Sequence
from datetime import date

from domain.measures import Measure
from readmodel.leadership import Part
from web.charts.drawing import NARROW, WIDE, Drawing, Series, Size
from web.charts.over_time import columns, flow, lines
from web.pages.leadership.measured import BY_KEY, Shown, Unit, decimal, written
from web.pages.leadership.story import Told
from web.pages.leadership.tables import Cell, Chart, Head, Table

Draw = Callable[[Size], Drawing]


def course_charts(told: Told) -> list[Chart]:
    return [_in_and_out(told), _flow(told), _speed(told), _in_time(told)]


def _in_and_out(told: Told) -> Chart:
    series = [_series(told, "opened", "a"), _series(told, "closed", "b")]
    lead = told.say("in_and_out_lead", opened=_now(told, "opened"), closed=_now(told, "closed"))
    return _chart(
        told,
        "in_and_out",
        lead,
        ("opened", "closed", "open_at_end"),
        lambda size: columns(told.say("in_and_out"), lead, told.labels, series, size, _number(told)),
    )


def _flow(told: Told) -> Chart:
    """What left a department without being closed is no longer open, so it counts with the closed ones here."""
    start = told.now.whole.open_at_start
    opened, standing = [start], [start]
    for _, part in told.now.buckets:
        opened.append(opened[-1] + part.count(Measure.OPENED).facts + part.count(Measure.RETURNED).facts)
        standing.append(part.open_at_end)
    done = [total - rest for total, rest in zip(opened, standing, strict=True)]
    number = _number(told)
    closed = Series(told.say("flow_closed"), done, "b-soft", [number(value) for value in done])
    rest = Series(told.say("flow_open"), standing, "a", [number(value) for value in standing])
    lead = told.say("flow_lead", start=number(standing[0]), end=number(standing[-1]))
    return _chart(
        told,
        "flow",
        lead,
        ("opened", "closed", "open_at_end"),
        lambda size: flow(told.say("flow"), lead, told.labels, closed, rest, size, number),
        own=False,
    )


def _speed(told: Told) -> Chart:
    series = [_series(told, "median_days_to_close", "a"), _series(told, "p90_days_to_close", "b")]
    lead = told.say("speed_lead", median=_now(told, "median_days_to_close"), p90=_now(told, "p90_days_to_close"))
    return _chart(
        told,
        "speed",
        lead,
        ("median_days_to_close", "p90_days_to_close", "median_hours_to_respond"),
        lambda size: lines(told.say("speed"), lead, told.labels, series, size, _decimal(told)),
        unit=told.say("axis_days"),
    )


def _in_time(told: Told) -> Chart:
    series = [_series(told, "responded_in_time", "a"), _series(told, "resolved_in_time", "b")]
    lead = told.say("in_time_lead", responded=_now(told, "responded_in_time"), resolved=_now(told, "resolved_in_time"))
    return _chart(
        told,
        "in_time",
        lead,
        ("responded_in_time", "resolved_in_time"),
        lambda size: lines(told.say("in_time"), lead, told.labels, series, size, _percent(told), most=1.0),
    )


def _chart(
    told: Told, id: str, lead: str, keys: Sequence[str], draw: Draw, *, unit: str = "", own: bool = True
) -> Chart:
    table = _table(told, id if own else "in_and_out", keys, told.say(id))
    means = " ".join(told.reader.say(key, "leadership_means") for key in keys) if own else told.say(f"{id}_means")
    return Chart(id, told.say(id), lead, means, draw(WIDE), draw(NARROW), table, unit=unit)


def _table(told: Told, name: str, keys: Sequence[str], caption: str) -> Table:
    heads = [Head("from", told.say("period_column"), number=False)]
    heads += [Head(key, told.reader.say(key, "leadership_names")) for key in keys]
    rows = []
    for (first, part), label in zip(told.now.buckets, told.full_labels, strict=True):
        cells = [Cell(first.isoformat(), label)]
        cells += [_cell(told, BY_KEY[key], part, _href(told, BY_KEY[key], first)) for key in keys]
        rows.append(cells)
    return Table(name, caption, heads, rows, told.asked.link("/figures.csv", table=name))


def _cell(told: Told, shown: Shown, part: Part, href: str | None) -> Cell:
    value = shown.of(part)
    return Cell(value, written(told.reader, shown.unit, value), href if value else None)


def _href(told: Told, shown: Shown, first: date) -> str | None:
    if shown.measure is None:
        return None
    return told.asked.cases(shown.measure, first, told.last_of(first), failed=shown.failed)


def _series(told: Told, key: str, look: str) -> Series:
    shown = BY_KEY[key]
    values = [shown.of(part) for _, part in told.now.buckets]
    words = [written(told.reader, shown.unit, value) for value in values]
    hrefs = [_href(told, shown, first) if shown.of(part) else None for first, part in told.now.buckets]
    return Series(told.reader.say(key, "leadership_names"), values, look, words, hrefs)


def _now(told: Told, key: str) -> str:
    shown = BY_KEY[key]
    return written(told.reader, shown.unit, shown.of(told.now.whole))


def _number(told: Told) -> Callable[[float], str]:
    return lambda value: written(told.reader, Unit.NUMBER, value)


def _decimal(told: Told) -> Callable[[float], str]:
    return lambda value: decimal(told.reader, value)


def _percent(told: Told) -> Callable[[float], str]:
    return lambda value: written(told.reader, Unit.SHARE, value)
