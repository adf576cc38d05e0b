"""When a letter leaves: residents' and urgent ones at once, the others in one digest per reader and working day."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.working_time import Calendar, opening

COLLECT = timedelta(minutes=30)
"""How long the first letter of a digest waits for others."""
TERMS = ("respond_by", "place_by", "due")


def digest_leaves(calendar: Calendar, oldest: datetime, now: datetime, sent_today: bool) -> datetime:
    """The first moment in office hours, from now on, at which the digest has collected long enough.

    That is on the next working day if one went out today.
    """
    earliest = max(oldest + COLLECT, now)
    if sent_today:
        earliest = max(earliest, _midnight_after(calendar, now))
    return opening(calendar, earliest)


def cannot_wait(facts: Mapping[str, object], digest: datetime, zone: str) -> bool:
    """Whether a term in it ends before the day of that digest is over: then it leaves by itself, at once."""
    terms = [datetime.fromisoformat(str(facts[term])) for term in TERMS if facts.get(term)]
    return any(local_day(term, zone) <= local_day(digest, zone) for term in terms)


def local_day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def _midnight_after(calendar: Calendar, now: datetime) -> datetime:
    zone = ZoneInfo(calendar.timezone)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, zone).astimezone(UTC)
