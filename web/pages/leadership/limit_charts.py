"""The charts and tables of what held follow-up back: by cause, in the course of the period, and by group."""

from collections.abc import Sequence

from domain.limit_figures import NOTHING, LimitFigures
from domain.limits import Limit
from domain.words import Cause
from web.charts.drawing import NARROW, WIDE, Series
from web.charts.over_time import stacks
from web.charts.spread import bar
from web.pages.leadership.limits import CAUSES, Limits, total, word
from web.pages.leadership.measured import Unit, decimal, written
from web.pages.leadership.story import name_of
from web.pages.leadership.tables import Cell, Chart, Head, Table

LOOKS = ("a", "b", "c")
TOLD_APART = 2
"""So many causes are drawn each for itself; the rest is one."""
CSV = "/figures/limits.csv"


def limit_charts(limits: Limits) -> list[Chart]:
    return [_causes(limits), _course(limits), _groups(limits)]


def _causes(limits: Limits) -> Chart:
    say, period = limits.say, limits.asked.period
    most = max((figures.waiting_days for figures in limits.now.values()), default=0)
    heads = [
        Head("cause", say("cause"), number=False),
        Head("waiting_days", say("waiting_days")),
        Head("share", say("share")),
        Head("waiting_days_before", limits.reader.say("period_before", "leadership")),
        Head("median_waiting_days", say("median")),
        Head("cases", say("cases")),
        Head("declines", say("declines")),
        Head("pauses", say("pauses")),
        Head("escalations", say("escalations")),
    ]
    rows = []
    for cause in limits.ranked:
        figures = limits.of(cause)
        share = figures.waiting_days / limits.total if limits.total else None
        before = limits.before.get(cause, NOTHING).waiting_days if limits.before else None
        behind = limits.asked.held(word(cause), period.start, period.end)
        rows.append(
            [
                Cell(word(cause), limits.named(cause)),
                Cell(
                    figures.waiting_days,
                    _number(limits, figures.waiting_days),
                    behind if figures.cases else None,
                    bar(figures.waiting_days, most),
                ),
                Cell(share, written(limits.reader, Unit.SHARE, share)),
                Cell(before, _number(limits, before)),
                Cell(figures.median_waiting_days, _number(limits, figures.median_waiting_days)),
                Cell(figures.cases, written(limits.reader, Unit.NUMBER, figures.cases)),
                *_began(limits, cause, figures),
            ]
        )
    lead = say("causes_lead", days=written(limits.reader, Unit.DAYS, limits.total))
    return _chart(limits, "causes", lead, heads, rows)


def _began(limits: Limits, cause: Cause | None, figures: LimitFigures) -> list[Cell]:
    period = limits.asked.period
    return [
        Cell(
            number,
            written(limits.reader, Unit.NUMBER, number),
            limits.asked.held(word(cause), period.start, period.end, what) if number else None,
        )
        for what, number in (
            (Limit.DECLINE, figures.declines),
            (Limit.PAUSE, figures.pauses),
            (Limit.ESCALATION, figures.escalations),
        )
    ]


def _course(limits: Limits) -> Chart:
    say = limits.say
    apart = [cause for cause in limits.ranked if cause in limits.course][:TOLD_APART]
    rest = [cause for cause in CAUSES if cause not in apart and cause in limits.course]
    named = [([cause], limits.named(cause), word(cause)) for cause in apart]
    if rest:
        named.append((rest, say("rest") if len(rest) > 1 else limits.named(rest[0]), ""))
    series = [
        _series(limits, causes, name, look, held) for (causes, name, held), look in zip(named, LOOKS, strict=False)
    ]
    shown = [cause for cause in limits.ranked if cause in limits.course]
    heads = [Head("from", limits.reader.say("period_column", "leadership"), number=False)]
    heads += [Head(word(cause), limits.briefly(cause)) for cause in shown]
    rows = [
        [
            Cell(first.isoformat(), label),
            *(_held(limits, cause, limits.course[cause][place], place) for cause in shown),
        ]
        for place, (first, label) in enumerate(zip(limits.firsts, limits.full_labels, strict=True))
    ]
    lead = say("course_lead")
    wide, narrow = (
        stacks(say("course"), lead, limits.labels, series, size, lambda value: decimal(limits.reader, value))
        for size in (WIDE, NARROW)
    )
    table = Table("course", say("course"), heads, rows, _csv(limits, "course"))
    return Chart("course", say("course"), lead, say("course_means"), wide, narrow, table, broad=True, unit=say("axis"))


def _series(limits: Limits, causes: Sequence[Cause | None], name: str, look: str, held: str) -> Series:
    """`held`: the cause whose cases are behind it; none where it is several."""
    values = [sum(limits.course[cause][place] for cause in causes) for place in range(len(limits.firsts))]
    hrefs = [
        limits.asked.held(held, first, limits.last_of(first)) if held and value else None
        for first, value in zip(limits.firsts, values, strict=True)
    ]
    return Series(name, values, look, [written(limits.reader, Unit.DAYS, value) for value in values], hrefs)


def _held(limits: Limits, cause: Cause | None, days: float, place: int) -> Cell:
    first = limits.firsts[place]
    href = limits.asked.held(word(cause), first, limits.last_of(first)) if days else None
    return Cell(days, _number(limits, days), href)


def _groups(limits: Limits) -> Chart:
    say, period, by = limits.say, limits.asked.period, limits.by
    days = {group: total(by_cause) for group, by_cause in limits.groups.items()}
    most = max(days.values(), default=0)
    shown = [cause for cause in limits.ranked if limits.of(cause) != NOTHING]
    heads = [Head(by.value, limits.reader.say(by.value, "leadership_groups"), number=False)]
    heads += [Head("waiting_days", say("waiting_days"))]
    heads += [Head(word(cause), limits.briefly(cause)) for cause in shown]
    rows = []
    for group in sorted(days, key=lambda group: (-days[group], group)):
        name = name_of(limits.context.city, limits.reader, by, group)
        cells = [
            Cell(group, name, limits.asked.link("/figures/limits", **{by.value: group})),
            Cell(days[group], _number(limits, days[group]), None, bar(days[group], most)),
        ]
        for cause in shown:
            waited = limits.groups[group].get(cause, NOTHING).waiting_days
            href = limits.asked.held(word(cause), period.start, period.end, group=(by, group)) if waited else None
            cells.append(Cell(waited, _number(limits, waited), href))
        rows.append(cells)
    return _chart(limits, "groups", say("groups_lead"), heads, rows)


def _chart(limits: Limits, name: str, lead: str, heads: Sequence[Head], rows: Sequence[Sequence[Cell]]) -> Chart:
    table = Table(name, limits.say(name), heads, rows, _csv(limits, name))
    return Chart(name, limits.say(name), lead, limits.say(f"{name}_means"), None, None, table, open=True, broad=True)


def _csv(limits: Limits, name: str) -> str:
    return limits.asked.link(CSV, table=name, by=limits.by.value if name == "groups" else None)


def _number(limits: Limits, days: float | None) -> str:
    """Days, without the word: that stands above the column."""
    if days is None:
        return written(limits.reader, Unit.NUMBER, None)
    return decimal(limits.reader, days) if days < 10 else written(limits.reader, Unit.NUMBER, days)
