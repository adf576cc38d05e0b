"""Opening hours laid out as instants with the work done up to each, so that a term is found by bisection."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate
from zoneinfo import ZoneInfo

from domain.local_time import EPOCH_DAY, SECOND, constant_offset, furthest_clock, left_behind, reached
from domain.opening_hours import Calendar

FIRST_YEAR, LAST_YEAR = 1970, 2199
TABLES_KEPT = 128


@dataclass(frozen=True, slots=True)
class Table:
    """A calendar over whole years. Instants are seconds since 1970; work is counted in seconds since the table began.

    `starts` and `ends` are the opening intervals, `done` the work before each and, last, of all. `first` is the first
    interval of each working day and, last, their number; `days` the ordinals of these days; `midnights` the instants
    of their local midnight, None where clocks change that day.
    """

    calendar: Calendar
    years: tuple[int, int]
    since: int
    until: int
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    done: tuple[int, ...]
    first: tuple[int, ...]
    days: tuple[int, ...]
    midnights: tuple[int | None, ...]

    def work(self, at: int) -> int:
        """The work done before `at`."""
        interval = bisect_right(self.starts, at) - 1
        if interval < 0:
            return 0
        return self.done[interval] + min(at, self.ends[interval]) - self.starts[interval]

    def earliest(self, work: int) -> int:
        """The first instant with this much work done; wants 0 < work <= done[-1]."""
        interval = bisect_left(self.done, work) - 1
        return self.starts[interval] + work - self.done[interval]

    def latest(self, work: int) -> int:
        """The last instant with this much work done; wants 0 <= work < done[-1]."""
        interval = bisect_right(self.done, work) - 1
        return self.starts[interval] + work - self.done[interval]

    def day(self, interval: int) -> int:
        """The index of the working day that an interval belongs to."""
        return bisect_right(self.first, interval) - 1

    def opens(self, day: int) -> int:
        return self.starts[self.first[day]]

    def closes(self, day: int) -> int:
        return self.ends[self.first[day + 1] - 1]

    def clock(self, day: int, at: int) -> int:
        """The local time at an instant of that day; while an hour is repeated, it waits at that hour's end."""
        midnight = self.midnights[day]
        if midnight is None:
            return furthest_clock(ZoneInfo(self.calendar.timezone), self.days[day], at)
        return at - midnight

    def at_clock(self, day: int, clock: int) -> int:
        """The first instant of that day at which the local time has come; the inverse of `clock`."""
        midnight = self.midnights[day]
        if midnight is None:
            return reached(ZoneInfo(self.calendar.timezone), self.days[day], clock)
        return midnight + clock


_tables: dict[Calendar, Table] = {}
"""Only what can be built again: tables never change, so threads may race here and the answers stay the same."""


def covering(calendar: Calendar, since: int, until: int | None = None) -> Table:
    """A table that has both instants in it. Raises ValueError for a calendar that never opens, and beyond the years."""
    until = since if until is None else until
    table = _tables.get(calendar)
    if table is not None and table.since <= since and until < table.until:
        return table
    first, last = _year(calendar, since), _year(calendar, until)
    if table is not None:
        first, last = min(first, table.years[0]), max(last, table.years[1])
    return _build(calendar, first, last)


def later(table: Table) -> Table:
    """The same table reaching further: its indices and work keep their meaning."""
    first, last = table.years
    if last >= LAST_YEAR:
        raise _out_of_range()
    return _build(table.calendar, first, min(LAST_YEAR, last + 1 + (last - first) // 2))


def earlier(table: Table) -> Table:
    """The same table beginning sooner: its end stays, indices and work are counted anew."""
    first, last = table.years
    if first <= FIRST_YEAR:
        raise _out_of_range()
    return _build(table.calendar, max(FIRST_YEAR, first - 1 - (last - first) // 2), last)


def _year(calendar: Calendar, at: int) -> int:
    try:
        year = datetime.fromtimestamp(at, ZoneInfo(calendar.timezone)).year
    except (OverflowError, ValueError):
        raise _out_of_range() from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _out_of_range()
    return year


def _out_of_range() -> ValueError:
    return ValueError(f"working time is known for the years {FIRST_YEAR} to {LAST_YEAR}, and this goes beyond them")


def _build(calendar: Calendar, first_year: int, last_year: int) -> Table:
    if not any(calendar.week):
        raise ValueError("this calendar has no opening hours on any day, so no working time would ever pass")
    zone = ZoneInfo(calendar.timezone)
    begin, finish = date(first_year, 1, 1).toordinal(), date(last_year + 1, 1, 1).toordinal()
    closed = {day.toordinal() for day in calendar.closed}
    starts: list[int] = []
    ends: list[int] = []
    first: list[int] = []
    days: list[int] = []
    midnights: list[int | None] = []
    for day in range(begin, finish):
        hours = calendar.week[(day - 1) % 7]
        if not hours or day in closed:
            continue
        offset = constant_offset(zone, day)
        midnight = None if offset is None else (day - EPOCH_DAY) * 86_400 - offset // SECOND
        if midnight is None:
            hours = _on_a_day_of_change(zone, day, hours)
            if not hours:
                continue
        first.append(len(starts))
        days.append(day)
        midnights.append(midnight)
        for start, end in hours:
            starts.append(start + (midnight or 0))
            ends.append(end + (midnight or 0))
    first.append(len(starts))
    done = accumulate((end - start for start, end in zip(starts, ends, strict=True)), initial=0)
    if len(_tables) >= TABLES_KEPT:
        _tables.clear()
    table = _tables[calendar] = Table(
        calendar=calendar,
        years=(first_year, last_year),
        since=reached(zone, begin, 0),
        until=reached(zone, finish, 0),
        starts=tuple(starts),
        ends=tuple(ends),
        done=tuple(done),
        first=tuple(first),
        days=tuple(days),
        midnights=tuple(midnights),
    )
    return table


def _on_a_day_of_change(zone: ZoneInfo, day: int, hours: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """The day's intervals as instants: none for those that clocks skip, one for those that a repeated hour joins."""
    intervals: list[tuple[int, int]] = []
    for start, end in ((reached(zone, day, start), left_behind(zone, day, end)) for start, end in hours):
        if intervals and start <= intervals[-1][1]:
            intervals[-1] = (intervals[-1][0], max(end, intervals[-1][1]))
        elif start < end:
            intervals.append((start, end))
    return tuple(intervals)
