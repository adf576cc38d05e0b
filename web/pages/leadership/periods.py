"""The stretch of days that figures are of, and the one that they are held against."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.buckets import Bucket
from web.problems import invalid

_DAY = timedelta(days=1)
EARLIEST, LATEST = date(1970, 1, 1), date(2100, 1, 1)
MOST_DAYS = 3700


class Preset(StrEnum):
    """Periods that need no dates."""

    MONTH = "month"
    QUARTER = "3months"
    YEAR = "12months"
    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"
    OWN = "own"


class Against(StrEnum):
    """What a period is held against."""

    BEFORE = "before"
    YEAR_AGO = "year_ago"


@dataclass(frozen=True, slots=True)
class Period:
    """Local days of the city, both inclusive."""

    preset: Preset
    start: date
    end: date
    against: Against
    bucket: Bucket

    @property
    def before(self) -> tuple[date, date]:
        """The days that it is held against: as many months back as it begins months ago, or as many days."""
        if self.against is Against.YEAR_AGO or self.preset in (Preset.YEAR, Preset.THIS_YEAR, Preset.LAST_YEAR):
            return back(self.start, 12), back(self.end, 12)
        if self.preset is Preset.OWN:
            length = self.end - self.start + _DAY
            return self.start - length, self.start - _DAY
        months = 1 if self.preset is Preset.MONTH else 3
        return back(self.start, months), back(self.end, months)

    @property
    def parameters(self) -> dict[str, str]:
        """What leads to this period again, in an address."""
        found = {"period": self.preset.value}
        if self.preset is Preset.OWN:
            found |= {"from": self.start.isoformat(), "to": self.end.isoformat()}
        if self.against is not Against.BEFORE:
            found["against"] = self.against.value
        if self.bucket is not usual_bucket(self.start, self.end):
            found["bucket"] = self.bucket.value
        return found


def period_of(params: Mapping[str, str], today: date) -> Period:
    """The last three months where nothing else is asked for; dates of one's own go before a preset.

    Raises Problem (422).
    """
    start, end = _day(params, "from"), _day(params, "to")
    word = params.get("period") or (Preset.OWN if start or end else Preset.QUARTER).value
    if word not in set(Preset):
        raise invalid("period", f"must be one of {', '.join(Preset)}")
    preset = Preset(word)
    if preset is not Preset.OWN and start and end and (start, end) != days_of(preset, today):
        preset = Preset.OWN
    if preset is Preset.OWN:
        last = end or today
        first = start or back(last, 12) + _DAY
    else:
        first, last = days_of(preset, today)
    if first > last:
        raise invalid("from", "must not be after to")
    if first < EARLIEST or last > LATEST or (last - first).days > MOST_DAYS:
        raise invalid("from", "must be at most ten years before to, after 1970 and before 2100")
    against = params.get("against") or Against.BEFORE.value
    if against not in set(Against):
        raise invalid("against", f"must be one of {', '.join(Against)}")
    return Period(preset, first, last, Against(against), _bucket(params, first, last))


def days_of(preset: Preset, today: date) -> tuple[date, date]:
    """The first and the last day; the current month belongs to every period that is not over."""
    month = today.replace(day=1)
    match preset:
        case Preset.MONTH:
            return month, today
        case Preset.QUARTER:
            return back(month, 2), today
        case Preset.THIS_YEAR:
            return today.replace(month=1, day=1), today
        case Preset.LAST_YEAR:
            return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
        case Preset.YEAR | Preset.OWN:
            return back(month, 11), today


def usual_bucket(start: date, end: date) -> Bucket:
    """As fine as a chart can show."""
    days = (end - start).days
    return Bucket.DAY if days <= 31 else Bucket.WEEK if days <= 120 else Bucket.MONTH


def back(day: date, months: int) -> date:
    """The same day so many months before; the last day of a month stays the last."""
    place = day.year * 12 + day.month - 1 - months
    year, month = divmod(place, 12)
    last = monthrange(year, month + 1)[1]
    if day.day == monthrange(day.year, day.month)[1]:
        return date(year, month + 1, last)
    return date(year, month + 1, min(day.day, last))


def _day(params: Mapping[str, str], name: str) -> date | None:
    value = params.get(name, "").strip()
    try:
        day = date.fromisoformat(value) if value else None
    except ValueError:
        raise invalid(name, "must be a date like 2026-03-31") from None
    if day is not None and not EARLIEST <= day <= LATEST:
        raise invalid(name, "must be after 1970 and before 2100")
    return day


def _bucket(params: Mapping[str, str], start: date, end: date) -> Bucket:
    """A finer one than a chart can show becomes the usual one."""
    word = params.get("bucket") or usual_bucket(start, end).value
    if word not in set(Bucket):
        raise invalid("bucket", f"must be one of {', '.join(Bucket)}")
    bucket, days = Bucket(word), (end - start).days
    too_fine = (bucket is Bucket.DAY and days > 100) or (bucket is Bucket.WEEK and days > 750)
    return usual_bucket(start, end) if too_fine else bucket
