"""How long it takes to find the end of a term, beside a version that walks from day to day.

Run as `python -m benchmarks.working_time`; it prints microseconds per call and the ratio of the two.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from timeit import repeat
from zoneinfo import ZoneInfo

from domain.durations import Duration, WorkingDays, WorkingHours, parse, say
from domain.working_time import Calendar, end_of, opening, start_of, worked_between

HOUR = 3_600
DAY = ((8 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR))
CLOSED = tuple(date(year, month, 1) for year in range(2022, 2032) for month in range(1, 9))
TOWN_HALL = Calendar("Europe/Brussels", (DAY,) * 5 + ((), ()), CLOSED)
START = datetime(2026, 3, 26, 9, 7, tzinfo=UTC)
TERMS = ("30 working minutes", "4 working hours", "40 working hours", "2 working days", "15 working days")


def walked(calendar: Calendar, start: datetime, term: Duration) -> datetime:
    """The same answer by walking from day to day; working days only from within opening hours, on equal days."""
    zone, closed = ZoneInfo(calendar.timezone), set(calendar.closed)
    day, remaining = start.astimezone(zone).date(), 0
    match term:
        case WorkingDays(days):
            remaining = days * sum(end - begin for begin, end in DAY)
        case WorkingHours(amount):
            remaining = amount
    while True:
        midnight = datetime.combine(day, time())
        for begin, end in calendar.week[day.weekday()] if day not in closed else ():
            opens = (midnight + timedelta(seconds=begin)).replace(tzinfo=zone).astimezone(UTC)
            closes = (midnight + timedelta(seconds=end)).replace(tzinfo=zone).astimezone(UTC)
            since = max(opens, start)
            if since >= closes:
                continue
            worked = (closes - since) // timedelta(seconds=1)
            if worked >= remaining:
                return since + timedelta(seconds=remaining)
            remaining -= worked
        day += timedelta(days=1)


def microseconds(call: Callable[[], object], times: int) -> float:
    """The best of five runs."""
    return min(repeat(call, number=times, repeat=5)) / times * 1e6


def main() -> None:
    print(f"{'':28}{'found':>10}{'walked':>12}{'ratio':>8}")
    for term in map(parse, TERMS):
        assert end_of(TOWN_HALL, START, term) == walked(TOWN_HALL, START, term)
        found = microseconds(partial(end_of, TOWN_HALL, START, term), 10_000)
        slow = microseconds(partial(walked, TOWN_HALL, START, term), 500)
        print(f"end of {say(term):21}{found:8.2f} µs{slow:9.2f} µs{slow / found:7.1f}x")
    later = START + timedelta(days=20)
    others: dict[str, Callable[[], object]] = {
        "start of 4 working hours": partial(start_of, TOWN_HALL, START, WorkingHours(4 * HOUR)),
        "worked between, 20 days": partial(worked_between, TOWN_HALL, START, later),
        "opening": partial(opening, TOWN_HALL, START),
        "hash of the calendar": partial(hash, TOWN_HALL),
    }
    for name, call in others.items():
        print(f"{name:28}{microseconds(call, 10_000):8.2f} µs")


if __name__ == "__main__":
    main()
