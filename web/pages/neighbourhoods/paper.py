"""A profile as one printed page: the same figures, words and drawings as its page, as data for `papers/profile.typ`."""

from collections.abc import Iterator, Mapping
from typing import Any

from babel.dates import format_date

from domain.actor import Actor
from domain.words import Tier
from web.charts.drawing import Drawing, Mark, Size
from web.context import WebContext
from web.pages.languages import Language
from web.pages.leadership.tables import Table
from web.pages.neighbourhoods.hot_spots_told import hot_spots_told
from web.pages.neighbourhoods.key_figures import Compared, compared
from web.pages.neighbourhoods.marks import Key, marked_map
from web.pages.neighbourhoods.sentences import (
    AREA,
    compared_with,
    money_told,
    period_told,
    projects_told,
    reporters_told,
    told_first,
)
from web.pages.neighbourhoods.tables import departments_table, recurring_table
from web.pages.neighbourhoods.trends import open_course, trends
from web.pages.templating import templates
from web.profiles import ProfileRead

PAPER = "profile.typ"
MOST_DEPARTMENTS, MOST_LINES = 8, 4
COURSE = Size(420, 170, left=38, right=8)
Part = Mapping[str, Any]


def paper(context: WebContext, reader: Language, actor: Actor, read: ProfileRead) -> Part:
    """Names are cut short where they are longer than there is room for."""
    here = read.here

    def say(key: str, **values: str | int) -> str:
        return reader.say(key, AREA, **values)

    kind = say("paper")
    if here.tier is Tier.ATTENTION:
        kind = f"{kind} · {reader.say('attention', 'neighbourhoods')}"
    return {
        "lang": reader.code,
        "title": f"{here.name}: {say('paper')}",
        "city": _short(context.city.name, 40),
        "name": _short(here.name, 42),
        "kind": kind,
        "date": str(format_date(read.today, "d MMMM y", locale=reader.locale)),
        "period": period_told(reader, read),
        "compared": compared_with(reader, read),
        "first": [
            {"headline": _short(told.headline, 64), "beside": _short(told.beside, 130), "mood": told.mood}
            for told in told_first(context, reader, read)
        ],
        "map": _map(context, reader, actor, read),
        "open": _open(reader, read),
        "course": _course(reader, read),
        "trends": _trends(reader, read),
        "figures": _figures(reader, read),
        "departments": _departments(departments_table(context, reader, read)),
        "more": [part for part in _more(context, reader, read) if part["lines"]],
        "sources": _sources(context, reader, read),
    }


def _map(context: WebContext, reader: Language, actor: Actor, read: ProfileRead) -> Part:
    map = marked_map(context, reader, actor, read)
    title = reader.say("map_title", AREA, name=_short(read.here.name, 42))
    if map is None:
        return {"title": title, "drawing": None, "keys": []}
    keys = [{**_drawn(_key(key)), "text": _short(key.text, 30)} for key in map.keys]
    return {"title": title, "drawing": _drawn(map.drawing), "keys": keys}


def _key(key: Key) -> Drawing:
    return Drawing(22, 16, key.text, "", (Mark("path", key.look, {"d": key.d}),))


def _open(reader: Language, read: ProfileRead) -> Part:
    stands, longest = read.stands, read.longest_open
    numbers = (
        (stands.open, "open_cases", False),
        (stands.overdue, "overdue_cases", True),
        (stands.stuck, "stuck_cases", True),
        (stands.to_place, "cases_to_place", False),
    )
    told = ""
    if longest is not None:
        days = (read.at - longest.opened_at).days
        since = reader.say("one_day_open" if days == 1 else "days_open", AREA, days=reader.number(days))
        told = f"{reader.say('longest_open', AREA, number=longest.number)} {since}"
    return {
        "title": reader.say("open_of_department" if read.of_department else "open_work", AREA),
        "numbers": [
            {"number": reader.number(number), "text": reader.say(text, AREA), "warn": warn and number > 0}
            for number, text, warn in numbers
        ],
        "longest": told,
    }


def _course(reader: Language, read: ProfileRead) -> Part:
    drawing = open_course(reader, read, COURSE)
    paints = {"line a": ("#0b5563", False), "line b": ("#b3610a", True)}
    legend = [
        {"text": text, "paint": paints[look][0], "dashed": paints[look][1]}
        for look, text in drawing.legend
        if len(drawing.legend) > 1
    ]
    return {**_drawn(drawing), "title": drawing.title, "legend": legend}


def _trends(reader: Language, read: ProfileRead) -> Part:
    means = "trends_means" if read.figures.past_known else "trends_means_without_past"
    items = [
        {
            **_drawn(trend.drawing),
            "name": _short(trend.name, 26),
            "number": trend.number,
            "before": trend.before,
            "share": trend.share_briefly,
        }
        for trend in trends(reader, read)
    ]
    return {"title": reader.say("trends", AREA), "means": reader.say(means, AREA), "items": items}


def _figures(reader: Language, read: ProfileRead) -> Part:
    heads = ["", reader.say("here", AREA)]
    heads += [reader.say("reported_before", "profile_heads")] if read.figures.past_known else []
    heads.append(reader.say("peers_short", AREA))
    rows = [_figure(row) for row in compared(reader, read)]
    return {
        "title": reader.say("doing", AREA),
        "heads": heads,
        "rows": rows,
        "means": " ".join(filter(None, (reporters_told(reader, read), reader.say("paper_moods", AREA)))),
    }


def _figure(row: Compared) -> Part:
    others = [{"value": row.before, "mood": row.before_mood}] if row.before is not None else []
    others.append({"value": row.peers, "mood": row.peers_mood})
    return {"name": row.name, "here": row.here, "number": row.number, "others": others}


def _departments(table: Table) -> Part:
    """Without how many answers there were: there is no room for it."""
    heads = [head.text for head in table.heads if head.key != "answers"]
    rows = [
        [_short(cell.shown, 30) for head, cell in zip(table.heads, row, strict=True) if head.key != "answers"]
        for row in table.rows[:MOST_DEPARTMENTS]
    ]
    return {"title": table.caption, "heads": heads, "rows": rows}


def _more(context: WebContext, reader: Language, read: ProfileRead) -> Iterator[Part]:
    """What has a column of its own where there is any."""
    yield _recurring(recurring_table(context, reader, read))
    yield _hot_spots(reader, read)
    projects = projects_told(context, reader, read)[:MOST_LINES]
    yield {
        "title": reader.say("projects", AREA),
        "lines": [_short(f"{project.title}: {project.beside}", 100) for project in projects],
    }
    yield {"title": reader.say("budget", AREA), "lines": [told for told in (money_told(reader, read),) if told]}


def _recurring(table: Table) -> Part:
    lines = [f"{_short(name.shown, 40)}: {number.shown}" for name, number, *_ in table.rows[:MOST_LINES]]
    return {"title": table.caption, "lines": lines}


def _hot_spots(reader: Language, read: ProfileRead) -> Part:
    lines = [_short(told, 90) for told in hot_spots_told(reader, read)[:MOST_LINES]]
    return {"title": reader.say("hot_spots", AREA), "lines": lines}


def _sources(context: WebContext, reader: Language, read: ProfileRead) -> str:
    told = [reader.say("paper_figures", AREA, city=_short(context.city.name, 40))]
    if context.places.credit:
        told.append(reader.say("borders", AREA, source=context.places.credit))
    return " · ".join(told)


def _drawn(drawing: Drawing) -> Part:
    svg = templates.get_template("papers/drawing.svg").render(drawing=drawing)
    return {"svg": svg.strip(), "alt": drawing.title if not drawing.says else f"{drawing.title}. {drawing.says}"}


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
