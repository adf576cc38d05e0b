"""The days, weeks and months by which figures are counted."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum


class Bucket(StrEnum):
    """A stretch of local days, known by its first one; weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    def first(self, day: date) -> date:
        """The first day of the bucket that the day is in."""
        match self:
            case Bucket.DAY:
                return day
            case Bucket.WEEK:
                return day - timedelta(days=day.weekday())
            case Bucket.MONTH:
                return day.replace(day=1)

    def last(self, day: date) -> date:
        """The last day of the bucket that the day is in."""
        match self:
            case Bucket.DAY:
                return day
            case Bucket.WEEK:
                return date.fromordinal(min(self.first(day).toordinal() + 6, date.max.toordinal()))
            case Bucket.MONTH:
                return day.replace(day=monthrange(day.year, day.month)[1])

    def between(self, start: date, end: date) -> Iterator[date]:
        """The first days of all buckets that have a day from `start` to `end`, both inclusive, in order."""
        first = self.first(start)
        while first <= end:
            yield first
            if (last := self.last(first)) >= end:
                return
            first = last + timedelta(days=1)
