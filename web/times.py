"""Days and moments as people mean them, in the city's time zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.working_time import Calendar, opening

_SECOND = timedelta(seconds=1)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The last second of that local day, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC) - _SECOND


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def until(moment: date | datetime, zone: ZoneInfo) -> datetime:
    """A day lasts until its last second."""
    return moment if isinstance(moment, datetime) else end_of_day(moment, zone)


def planned(moment: date | datetime, hours: Calendar, zone: ZoneInfo, now: datetime) -> datetime:
    """A day begins with its opening hours; one that has begun, or without any, is meant until its end."""
    if isinstance(moment, datetime):
        return moment
    opens, ends = opening(hours, start_of_day(moment, zone)), end_of_day(moment, zone)
    return opens if now < opens <= ends else ends
