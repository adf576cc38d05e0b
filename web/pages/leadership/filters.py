"""The form by which a period and a scope are chosen, and what was chosen in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from domain.buckets import Bucket
from domain.city import City
from readmodel.tallies import GroupBy
from web.pages.languages import Language
from web.pages.leadership.asking import Asked
from web.pages.leadership.measured import AREA
from web.pages.leadership.periods import Against, Preset
from web.pages.leadership.story import name_of

NOTHING_ELSE: Mapping[str, str | None] = {}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several, in a list."""

    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Select:
    name: str
    label: str
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Filters:
    """A plain form that is sent by GET."""

    action: str
    presets: Sequence[tuple[str, str, bool]]
    """Link, text, and whether it is chosen."""
    selects: Sequence[Select]
    start: str
    end: str
    preset: str
    kept: Sequence[tuple[str, str]]
    """What else stays as it is in the address."""
    narrowed: Sequence[tuple[str, str]]
    """What was chosen beside the period: its name, and the link without it."""


@dataclass(frozen=True, slots=True)
class ToldPeriod:
    now: str
    before: str


def filters(
    city: City,
    reader: Language,
    asked: Asked,
    path: str,
    shown: Mapping[str, str | None] = NOTHING_ELSE,
    groups: Iterable[GroupBy] = GroupBy,
) -> Filters:
    """`shown`: what else stays in the address; `groups`: by what it can be narrowed."""
    period = asked.period
    presets = [
        (
            asked.link(path, **{**shown, "period": p.value, "from": None, "to": None, "bucket": None}),
            reader.say(f"period_{p.value}", AREA),
            p is period.preset,
        )
        for p in Preset
        if p is not Preset.OWN
    ]
    selects = [_scope(city, reader, asked, group_by) for group_by in groups]
    selects.append(
        Select(
            "against",
            reader.say("against", AREA),
            [Choice(a.value, reader.say(f"against_{a.value}", AREA), a is period.against) for a in Against],
        )
    )
    selects.append(
        Select(
            "bucket",
            reader.say("bucket", AREA),
            [Choice(b.value, reader.say(f"bucket_{b.value}", AREA), b is period.bucket) for b in Bucket],
        )
    )
    narrowed = [
        (name_of(city, reader, group_by, id), asked.link(path, **{**shown, group_by.value: None}))
        for group_by, id in asked.chosen.items()
    ]
    return Filters(
        path,
        presets,
        [select for select in selects if len(select.choices) > 1],
        period.start.isoformat(),
        period.end.isoformat(),
        period.preset.value,
        [(name, value) for name, value in shown.items() if value],
        narrowed,
    )


def told_period(reader: Language, asked: Asked) -> ToldPeriod:
    period = asked.period
    return ToldPeriod(_days(reader, period.start, period.end), _days(reader, *period.before))


def _scope(city: City, reader: Language, asked: Asked, group_by: GroupBy) -> Select:
    ids: dict[GroupBy, Sequence[str]] = {
        GroupBy.DEPARTMENT: asked.sight.departments or list(city.departments),
        GroupBy.NEIGHBOURHOOD: asked.sight.neighbourhoods or list(city.neighbourhoods),
        GroupBy.SERVICE: list(city.services),
        GroupBy.THEME: sorted({service.theme for service in city.services.values()}),
    }
    chosen = asked.chosen.get(group_by)
    named = sorted(((name_of(city, reader, group_by, id), id) for id in ids[group_by]), key=lambda n: n[0].casefold())
    every = reader.say(f"every_{group_by.value}", AREA)
    choices = [Choice("", every, chosen is None), *(Choice(id, name, id == chosen) for name, id in named)]
    only = len(named) < 2
    return Select(group_by.value, reader.say(group_by.value, "leadership_groups"), [] if only else choices)


def _days(reader: Language, start: date, end: date) -> str:
    form = "d MMMM y"
    if start == end:
        return str(format_date(start, form, locale=reader.locale))
    first = format_date(start, "d MMMM" if start.year == end.year else form, locale=reader.locale)
    return f"{first} – {format_date(end, form, locale=reader.locale)}"
