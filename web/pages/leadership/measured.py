"""The figures that pages show: where each comes from, how it is written, and whether more of it is better."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from domain.buckets import Bucket
from domain.measures import Measure
from readmodel.leadership import Part
from web.pages.languages import Language

AREA = "leadership"
_HOURS_A_DAY = 24
_WORTH_TELLING = 0.02
"""A change of less than this share is none."""


class Unit(StrEnum):
    NUMBER = "number"
    DAYS = "days"
    HOURS = "hours"
    SHARE = "share"
    RATING = "rating"


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure of a part."""

    key: str
    unit: Unit
    of: Callable[[Part], float | None]
    better: int
    """1: more is better; -1: less is better; 0: neither."""
    measure: Measure | None = None
    """What leads to the cases behind it."""
    failed: bool = False
    """The cases behind it are those that it went wrong for."""


SHOWN: Sequence[Shown] = (
    Shown("opened", Unit.NUMBER, lambda part: part.figures.opened, 0, Measure.OPENED),
    Shown("closed", Unit.NUMBER, lambda part: part.figures.closed, 0, Measure.CLOSED),
    Shown("open_at_end", Unit.NUMBER, lambda part: part.figures.open_at_end, -1),
    Shown("median_days_to_close", Unit.DAYS, lambda part: part.figures.median_days_to_close, -1, Measure.CLOSED),
    Shown("p90_days_to_close", Unit.DAYS, lambda part: part.figures.p90_days_to_close, -1, Measure.CLOSED),
    Shown("median_hours_to_respond", Unit.HOURS, lambda part: part.figures.median_hours_to_respond, -1),
    Shown("responded_in_time", Unit.SHARE, lambda part: part.figures.responded_in_time, 1, Measure.RESPONDED, True),
    Shown("resolved_in_time", Unit.SHARE, lambda part: part.figures.resolved_in_time, 1, Measure.RESOLVED, True),
    Shown("escalations", Unit.NUMBER, lambda part: part.figures.escalations, -1, Measure.ESCALATED),
    Shown("transfers", Unit.NUMBER, lambda part: part.figures.transfers, -1, Measure.TRANSFERRED),
    Shown("bounced", Unit.NUMBER, lambda part: part.count(Measure.BOUNCED).facts, -1, Measure.BOUNCED),
    Shown("declined", Unit.NUMBER, lambda part: part.count(Measure.DECLINED).facts, -1, Measure.DECLINED),
    Shown("paused", Unit.NUMBER, lambda part: part.count(Measure.PAUSED).facts, -1, Measure.PAUSED),
    Shown("reopened", Unit.NUMBER, lambda part: part.figures.reopened, -1, Measure.REOPENED),
    Shown("solved_first_time", Unit.SHARE, lambda part: part.figures.solved_first_time, 1, Measure.CLOSED, True),
    Shown("satisfaction", Unit.RATING, lambda part: part.figures.satisfaction, 1, Measure.FEEDBACK),
    Shown("feedback_count", Unit.NUMBER, lambda part: part.figures.feedback_count, 0, Measure.FEEDBACK),
    Shown("known_reports", Unit.NUMBER, lambda part: part.reporters.reports, 0),
    Shown("reporters", Unit.NUMBER, lambda part: part.reporters.people, 0),
    Shown("returning_reporters", Unit.NUMBER, lambda part: part.reporters.returning, 0),
    Shown("returning_share", Unit.SHARE, lambda part: part.reporters.share, 0),
    Shown("response_rate", Unit.SHARE, lambda part: part.response_rate, 1, Measure.ASKED, True),
)
BY_KEY = {shown.key: shown for shown in SHOWN}


@dataclass(frozen=True, slots=True)
class Change:
    """A figure beside that of the period before."""

    before: str
    word: str
    """`better`, `worse`, `same`, `more`, `less` or `unknown`."""


def change(shown: Shown, now: Part, before: Part, reader: Language) -> Change:
    return changed(reader, shown.unit, shown.better, shown.of(now), shown.of(before))


def changed(reader: Language, unit: Unit, better: int, one: float | None, other: float | None) -> Change:
    """One value now, the other before; see `Shown.better`."""
    told = written(reader, unit, other)
    if one is None or other is None:
        return Change(told, "unknown")
    alike = written(reader, unit, one) == told
    if alike or abs(one - other) <= _WORTH_TELLING * max(abs(other), 1e-9):
        return Change(told, "same")
    more = one > other
    if better:
        return Change(told, "better" if more == (better > 0) else "worse")
    return Change(told, "more" if more else "less")


def written(reader: Language, unit: Unit, value: float | None) -> str:
    """As people say it: hours become days where there are many, days become hours where there are few."""
    if value is None:
        return reader.say("nothing", AREA)
    match unit:
        case Unit.NUMBER:
            return _decimal(round(value), reader.locale)
        case Unit.SHARE:
            return _percent(round(value, 2), reader.locale)
        case Unit.RATING:
            return reader.say("of_five", AREA, rating=decimal(reader, value))
        case Unit.DAYS:
            if value < 1:
                return _many(reader, "hours", value * _HOURS_A_DAY, 0)
            return _many(reader, "days", value, 1 if value < 10 else 0)
        case Unit.HOURS:
            if value >= 2 * _HOURS_A_DAY:
                return _many(reader, "days", value / _HOURS_A_DAY, 1)
            return _many(reader, "hours", value, 0)


def briefly(reader: Language, unit: Unit, value: float | None) -> str:
    """Where the unit stands in a heading: in days, of 5."""
    return (
        decimal(reader, value)
        if value is not None and unit in (Unit.DAYS, Unit.RATING)
        else written(reader, unit, value)
    )


def decimal(reader: Language, value: float) -> str:
    return _decimal(round(value, 1), reader.locale)


def label(reader: Language, bucket: Bucket, first: date, place: int) -> str:
    """A day, the first day of a week, or a month; the year where it is new."""
    if bucket is not Bucket.MONTH:
        return _date(first, "d MMM", reader.locale).removesuffix(".")
    name = _date(first, "LLL", reader.locale).removesuffix(".")
    return f"{name} {first.year}" if place == 0 or first.month == 1 else name


def full_label(reader: Language, bucket: Bucket, first: date) -> str:
    match bucket:
        case Bucket.MONTH:
            return _date(first, "LLLL y", reader.locale)
        case Bucket.WEEK:
            return reader.say("week_from", AREA, day=_date(first, "d MMMM y", reader.locale))
        case Bucket.DAY:
            return _date(first, "EEE d MMMM y", reader.locale)


def _many(reader: Language, what: str, value: float, digits: int) -> str:
    rounded = round(value, digits)
    number = _decimal(rounded, reader.locale)
    return reader.say(f"one_{what}" if rounded == 1 else f"{what}", AREA, number=number)


@lru_cache(maxsize=4096)
def _decimal(value: float, locale: str) -> str:
    return str(format_decimal(value, locale=locale))


@lru_cache(maxsize=512)
def _percent(value: float, locale: str) -> str:
    return str(format_percent(value, locale=locale))


@lru_cache(maxsize=4096)
def _date(day: date, form: str, locale: str) -> str:
    return str(format_date(day, form, locale=locale))
