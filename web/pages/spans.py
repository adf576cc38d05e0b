"""Stretches of working time, in words."""

from typing import assert_never

from domain.clocks import WorkLeft
from domain.durations import Duration, Elapsed, WorkingDays, WorkingHours
from web.pages.languages import Language

HOUR, MINUTE, DAY = 3_600, 60, 86_400


def in_words(reader: Language, span: WorkLeft) -> str:
    """How much is left of a term, or how much too late it is; the two largest units, no more."""
    return reader.say("late" if span.late else "left", "spans", span=_span(reader, span.days, span.seconds, "working"))


def time_in_words(reader: Language, span: WorkLeft) -> str:
    """So much time, whether it is still to come or gone by."""
    return _span(reader, span.days, span.seconds, "working")


def seconds_in_words(reader: Language, seconds: int, *, around_the_clock: bool = False) -> str:
    """So much working time, in hours and minutes; time in plain hours in days too."""
    if around_the_clock:
        return _span(reader, *divmod(seconds, DAY), "plain")
    return _span(reader, 0, seconds, "working")


def duration_in_words(reader: Language, duration: Duration) -> str:
    """A term as the city's files say it."""
    match duration:
        case WorkingDays():
            return _counted(reader, "working_day", duration.days)
        case WorkingHours():
            return seconds_in_words(reader, duration.seconds)
        case Elapsed():
            return seconds_in_words(reader, duration.seconds, around_the_clock=True)
        case _:
            assert_never(duration)


def _span(reader: Language, days: int, seconds: int, kind: str) -> str:
    hours, minutes = seconds // HOUR, seconds % HOUR // MINUTE
    parts = [
        _counted(reader, unit, count)
        for unit, count in ((f"{kind}_day", days), (f"{kind}_hour", hours), ("minute", minutes))
        if count
    ][:2]
    if not parts:
        return reader.say("moment", "spans")
    return parts[0] if len(parts) == 1 else reader.say("both", "spans", first=parts[0], second=parts[1])


def _counted(reader: Language, unit: str, count: int) -> str:
    return reader.say(f"{unit}_one" if count == 1 else unit, "spans", count=count)
