"""Working time counted by walking a grid of instants and reading the clock on the wall: slow, and plainly right."""

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate, groupby
from zoneinfo import ZoneInfo

from domain.working_time import Calendar
from tests.calendars import GRID

DAYS_AROUND = 45
STEP = timedelta(seconds=GRID)


@lru_cache(maxsize=64)
def _clocks(zone: str, around: date) -> tuple[tuple[datetime, ...], tuple[tuple[date, int, int, int], ...]]:
    """Instants, each with its local date, the latest time shown so far that day, the earliest still to be shown, and
    the time as it counts for working days: while an hour is repeated, it waits at that hour's end.
    """
    first = datetime(around.year, around.month, around.day, tzinfo=UTC) - DAYS_AROUND * timedelta(days=1)
    grid = tuple(first + i * STEP for i in range(2 * DAYS_AROUND * 86_400 // GRID))
    read = []
    for day, shown in groupby((at.astimezone(ZoneInfo(zone)) for at in grid), key=lambda wall: wall.date()):
        clocks = [wall.hour * 3600 + wall.minute * 60 for wall in shown]
        so_far = accumulate(clocks, max)
        still = reversed(list(accumulate(reversed(clocks), min)))
        read += [
            (day, furthest, nearest, furthest if clock == furthest else furthest + GRID)
            for clock, furthest, nearest in zip(clocks, so_far, still, strict=True)
        ]
    return grid, tuple(read)


class Walk:
    """The grid around a date. IndexError and StopIteration mean that the answer lies outside."""

    def __init__(self, calendar: Calendar, around: date) -> None:
        self.grid, self.clocks = _clocks(calendar.timezone, around)
        self.open = [
            day not in calendar.closed
            and any(start <= so_far and still < end for start, end in calendar.week[day.weekday()])
            for day, so_far, still, _ in self.clocks
        ]
        self.working_days = sorted({clock[0] for clock, is_open in zip(self.clocks, self.open, strict=True) if is_open})

    def index(self, at: datetime) -> int:
        return bisect_left(self.grid, at)

    def worked(self, a: datetime, b: datetime) -> int:
        return GRID * sum(self.open[self.index(a) : self.index(b)])

    def opening(self, at: datetime) -> datetime:
        return self.grid[self.open.index(True, self.index(at))]

    def end_of_hours(self, start: datetime, seconds: int) -> datetime:
        here = self.index(start)
        while seconds > 0:
            seconds -= GRID * self.open[here]
            here += 1
        return self.grid[here]

    def start_of_hours(self, end: datetime, seconds: int) -> datetime:
        here = self.index(end)
        while seconds > 0:
            here -= 1
            seconds -= GRID * self.open[here]
        return self.grid[here]

    def end_of_days(self, start: datetime, count: int) -> datetime:
        here = self.open.index(True, self.index(start))
        day, _, _, clock = self.clocks[here]
        place = self.working_days.index(day)
        if here == self._opens(day):
            return self.grid[self._closes(self.working_days[place + count - 1])]
        there = self._at_clock(self.working_days[place + count], clock)
        while not self.open[there - 1]:
            there -= 1
        return self.grid[there]

    def start_of_days(self, end: datetime, count: int) -> datetime:
        here = self.index(end)
        while not self.open[here - 1]:
            here -= 1
        day = self.clocks[here - 1][0]
        place = self.working_days.index(day)
        until_closing = here == self._closes(day)
        back = place - count + (1 if until_closing else 0)
        if back < 0:
            raise IndexError
        if until_closing:
            return self.grid[self._opens(self.working_days[back])]
        there = self._at_clock(self.working_days[back], self.clocks[here][3])
        return self.grid[self.open.index(True, there)]

    def _opens(self, day: date) -> int:
        return next(i for i, clock in enumerate(self.clocks) if clock[0] == day and self.open[i])

    def _closes(self, day: date) -> int:
        return 1 + max(i for i, clock in enumerate(self.clocks) if clock[0] == day and self.open[i])

    def _at_clock(self, day: date, clock: int) -> int:
        return next(i for i, read in enumerate(self.clocks) if read[0] == day and read[1] >= clock)
