"""Working time: when a term ends, given a department's opening hours, holidays and time zone.

All datetimes are aware and in UTC. Opening hours are half-open: closed at the second of closing. They are local times:
one that clocks skip in spring stands for the instant of the change; in autumn an interval opens the first time its
start is shown and closes the last time its end is, so that 00:00-24:00 has 23 hours on the one day and 25 on the other.
A working day is a date that is not closed and has any opening hours left. Working time counts whole seconds: a fraction
of a second in what is given is dropped there and kept in elapsed time. Known for the years 1970 to 2199; beyond, and
for a calendar that never opens, every function that needs opening hours raises ValueError.
"""

from bisect import bisect_right
from datetime import datetime, timedelta
from typing import assert_never

from domain.durations import Duration, Elapsed, WorkingDays, WorkingHours
from domain.local_time import moment, seconds
from domain.opening_hours import Calendar, always
from domain.working_tables import Table, covering, earlier, later

__all__ = ["Calendar", "always", "end_of", "is_open", "left", "opening", "start_of", "worked_between"]


def end_of(calendar: Calendar, start: datetime, duration: Duration) -> datetime:
    """When a term ends that starts at `start`.

    Working hours: the earliest instant with that much work done, so a term that fills Tuesday ends when Tuesday closes.
    Working days, counted from the first open instant: started as its day opens, the term ends when the last of its days
    closes; started later, it ends at the same local time that many working days on, or at the earliest instant with
    as much of that day's work done. So a short Friday counts as one day. A duration of nothing ends where it starts.
    """
    match duration:
        case Elapsed(amount):
            return start + timedelta(seconds=amount)
        case WorkingHours(amount):
            if amount <= 0:
                return start
            table, at = _open_at(calendar, start)
            work = table.work(at) + amount
            while work > table.done[-1]:
                table = later(table)
            return moment(table.earliest(work))
        case WorkingDays(days):
            return _end_of_days(calendar, start, days) if days > 0 else start
    assert_never(duration)


def start_of(calendar: Calendar, end: datetime, duration: Duration) -> datetime:
    """The latest start of a term that ends at `end`: the mirror image of `end_of`, used to announce an end in time.

    Working hours: the latest instant from which that much work is left. Working days: from the last open instant, when
    it closes its day, the opening of the first of the days; else the same local time that many working days before, or
    the latest instant with as much of that day's work done.
    """
    match duration:
        case Elapsed(amount):
            return end - timedelta(seconds=amount)
        case WorkingHours(amount):
            if amount <= 0:
                return end
            at = seconds(end)
            table = covering(calendar, at)
            while (work := table.work(at) - amount) < 0:
                table = earlier(table)
            return moment(table.latest(work))
        case WorkingDays(days):
            return _start_of_days(calendar, end, days) if days > 0 else end
    assert_never(duration)


def worked_between(calendar: Calendar, a: datetime, b: datetime) -> int:
    """Working seconds from `a` up to, not including, `b`; 0 if `b` is not after `a`."""
    if b <= a:
        return 0
    since, until = seconds(a), seconds(b)
    table = covering(calendar, since, until)
    return table.work(until) - table.work(since)


def opening(calendar: Calendar, at: datetime) -> datetime:
    """The first instant from `at` on that is within opening hours: `at` itself if open."""
    _, instant = _open_at(calendar, at)
    return at if instant == seconds(at) else moment(instant)


def is_open(calendar: Calendar, at: datetime) -> bool:
    instant = seconds(at)
    table = covering(calendar, instant)
    interval = bisect_right(table.starts, instant) - 1
    return interval >= 0 and instant < table.ends[interval]


def left(calendar: Calendar, now: datetime, due: datetime, term: Duration) -> Elapsed | WorkingHours:
    """What remains at `now` of a term that ends at `due`, never negative; `end_of` from a resumption gives it back.

    What remains of working days is working hours: the days were counted when the term began.
    """
    match term:
        case Elapsed():
            return Elapsed(max(0, seconds(due) - seconds(now)))
        case WorkingHours() | WorkingDays():
            return WorkingHours(worked_between(calendar, now, due))
    assert_never(term)


def _open_at(calendar: Calendar, at: datetime) -> tuple[Table, int]:
    """The first open instant from `at` on, and a table in which it has an interval."""
    instant = seconds(at)
    table = covering(calendar, instant)
    while instant >= (table.ends[-1] if table.ends else table.since):
        table = later(table)
    return table, max(instant, table.starts[bisect_right(table.ends, instant)])


def _end_of_days(calendar: Calendar, start: datetime, days: int) -> datetime:
    table, at = _open_at(calendar, start)
    day = table.day(bisect_right(table.ends, at))
    from_opening = at == table.opens(day)
    last = day + days - 1 if from_opening else day + days
    while last >= len(table.days):
        table = later(table)
    if from_opening:
        return moment(table.closes(last))
    return moment(table.earliest(table.work(table.at_clock(last, table.clock(day, at)))))


def _start_of_days(calendar: Calendar, end: datetime, days: int) -> datetime:
    instant = seconds(end)
    table = covering(calendar, instant)
    while (work := table.work(instant)) == 0:
        table = earlier(table)
    at = table.earliest(work)
    day = table.day(bisect_right(table.starts, at - 1) - 1)
    until_closing = at == table.closes(day)
    clock = table.clock(day, at)
    from_the_back = len(table.days) - day + (days - 1 if until_closing else days)
    while from_the_back > len(table.days):
        table = earlier(table)
    first = len(table.days) - from_the_back
    if until_closing:
        return moment(table.opens(first))
    return moment(table.latest(table.work(table.at_clock(first, clock))))
