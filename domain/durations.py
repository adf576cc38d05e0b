"""Durations as people say them: "24 hours" passes day and night, "2 working days" only while there is work."""

import re
from dataclasses import dataclass
from typing import Literal, assert_never


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Time on the wall, day and night."""

    seconds: int
    kind: Literal["elapsed"] = "elapsed"


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Time within opening hours, in seconds."""

    seconds: int
    kind: Literal["working_hours"] = "working_hours"


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """A number of days that have opening hours, whatever their length."""

    days: int
    kind: Literal["working_days"] = "working_days"


Duration = Elapsed | WorkingHours | WorkingDays

WORKING_UNITS = {"hour": 3_600, "minute": 60, "second": 1}
ELAPSED_UNITS = {"week": 604_800, "day": 86_400, **WORKING_UNITS}
DAYS_AT_MOST = 3_653
"""Ten years, leap days included; the limit for working time too."""

_SHAPE = re.compile(r"(?P<number>[0-9]+)\s*(?P<working>working\s+)?(?P<unit>[a-z]+)")
_EXAMPLES = 'write it like "24 hours", "14 days", "4 working hours" or "2 working days"'


def parse(text: str) -> Duration:
    """Raises ValueError with a sentence for whoever wrote the text. More than ten years is refused, and so is zero."""
    shown = f'"{text}"' if len(text) <= 40 else f'"{text[:40]}…"'
    said = _SHAPE.fullmatch(text.strip().lower())
    if said is None:
        raise ValueError(f"{shown} is not a duration: {_EXAMPLES}, with a whole number")
    unit, working = said["unit"].removesuffix("s"), said["working"] is not None
    units = [*WORKING_UNITS, "day"] if working else list(ELAPSED_UNITS)
    if unit not in units:
        known = ", ".join(f"{name}s" for name in units)
        raise ValueError(f"{shown} has a unit that is not known{' for working time' if working else ''}: use {known}")
    number = said["number"].lstrip("0")
    if not number:
        raise ValueError(f"{shown} is no time at all: a term would end the moment it starts")
    seconds = int(number[:12]) * ELAPSED_UNITS[unit]
    if len(number) > 12 or seconds > DAYS_AT_MOST * 86_400:
        raise ValueError(f"{shown} is more than ten years")
    if not working:
        return Elapsed(seconds)
    return WorkingDays(int(number)) if unit == "day" else WorkingHours(seconds)


def say(duration: Duration) -> str:
    """The text that `parse` reads back as the same duration, in the largest unit that divides it."""
    match duration:
        case Elapsed(seconds):
            return _said(seconds, ELAPSED_UNITS, "")
        case WorkingHours(seconds):
            return _said(seconds, WORKING_UNITS, "working ")
        case WorkingDays(days):
            return _said(days, {"day": 1}, "working ")
    assert_never(duration)


def _said(amount: int, units: dict[str, int], kind: str) -> str:
    unit, size = next(((u, s) for u, s in units.items() if amount and amount % s == 0), ("second", 1))
    number = amount // size
    return f"{number} {kind}{unit}" if number == 1 else f"{number} {kind}{unit}s"
