"""Calendars for tests: a town hall's, some odd ones, and arbitrary ones for Hypothesis."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from domain.working_time import Calendar

BRUSSELS = "Europe/Brussels"
ZONES = (BRUSSELS, "America/New_York", "UTC", "Australia/Lord_Howe")
CLOCK_CHANGES = (
    date(2026, 3, 29),  # Brussels
    date(2026, 10, 25),
    date(2026, 3, 8),  # New York
    date(2026, 11, 1),
    date(2026, 4, 5),  # Lord Howe, by half an hour
    date(2026, 10, 4),
)
GRID = 300
"""The seconds on which arbitrary opening hours and instants lie, so that a naive count can step by them."""


def hours(*intervals: str) -> tuple[tuple[int, int], ...]:
    """A day's hours, from texts like "08:00-12:00"."""
    return tuple((_clock(start), _clock(end)) for start, end in (interval.split("-") for interval in intervals))


def _clock(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 3600 + int(minute) * 60


def week(
    every_day: str = "08:00-17:00", *more: str, friday: str | None = None
) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Monday to Friday with the same hours, but for a Friday of its own."""
    day = hours(every_day, *more)
    return (day, day, day, day, day if friday is None else hours(friday), (), ())


def town_hall(*closed: date, timezone: str = BRUSSELS) -> Calendar:
    """Open on weekdays from 8 to 12 and from 13 to 17."""
    return Calendar(timezone, week("08:00-12:00", "13:00-17:00"), closed)


def local(text: str, timezone: str = BRUSSELS, *, second_time: bool = False) -> datetime:
    """The instant, in UTC, of a local time like "2026-03-27 16:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(timezone), fold=int(second_time)).astimezone(UTC)


@st.composite
def days(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    edges = sorted(draw(st.sets(st.integers(0, 96), max_size=6)))
    if draw(st.booleans()):
        edges = [0, *edges, 96] if 0 not in edges and 96 not in edges else edges
    return tuple((start * 900, end * 900) for start, end in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any week that opens on two days at least, in any of the zones, closed now and then around a change of clocks."""
    table = draw(st.lists(days(), min_size=7, max_size=7).filter(lambda table: sum(map(bool, table)) >= 2))
    change = draw(st.sampled_from(CLOCK_CHANGES))
    closed = draw(st.sets(st.integers(-6, 8), max_size=4))
    return Calendar(
        draw(st.sampled_from(ZONES)), tuple(table), tuple(change + timedelta(offset) for offset in sorted(closed))
    )


@st.composite
def instants(draw: st.DrawFn) -> datetime:
    """Instants on the grid, within some days of a change of clocks."""
    change = datetime.combine(draw(st.sampled_from(CLOCK_CHANGES)), datetime.min.time(), UTC)
    return change + timedelta(seconds=GRID * draw(st.integers(-5 * 288, 3 * 288)))
