"""The terms that hang on the day of a decision."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.draft import FURTHEST, Draft
from domain.durations import WorkingHours
from domain.escalation import ADVISING_MANAGER
from domain.refusal import Refused
from domain.words import DepartmentId
from domain.working_time import Calendar, end_of, start_of

_LAST_SECOND = WorkingHours(1)


def end_of_hours(calendar: Calendar, day: date) -> datetime:
    """When that day's working hours end; those of the last day before it that has any, where it has none."""
    midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(calendar.timezone)).astimezone(UTC)
    return end_of(calendar, start_of(calendar, midnight, _LAST_SECOND), _LAST_SECOND)


def decision(draft: Draft, day: date) -> datetime:
    """The moment until which advice still counts: the end of the city's hours on the day. Raises Refused."""
    if day > (draft.now + FURTHEST).date():
        raise Refused("More than ten years ahead is too far.", "invalid", "decided_on", "too_far_ahead")
    decided_at = end_of_hours(draft.calendar(), day)
    if decided_at <= draft.now:
        raise Refused("The decision is taken in the future.", "invalid", "decided_on", "decision_later")
    return decided_at


def advise_by(draft: Draft, decided_at: datetime, department: DepartmentId | None) -> datetime:
    """Until when a department, or a manager, advises, asked now.

    Raises Refused where the decision is so near that less than `respond_within` is left.
    """
    earliest = draft.term(draft.policy.respond_within, department)
    if earliest > decided_at:
        raise Refused(
            "The decision is too near: whoever is asked has no time to advise.",
            "invalid",
            "decided_on",
            "decision_too_near",
            {"until": earliest.isoformat(timespec="seconds")},
        )
    return before(draft, decided_at, department)


def before(draft: Draft, decided_at: datetime, department: DepartmentId | None) -> datetime:
    """So long before the decision that the whole ladder can be climbed; but no sooner than `respond_within` from now.

    Never after the decision.
    """
    calendar, term = draft.calendar(department), decided_at
    for _ in draft.policy.ladder if department is not None else ADVISING_MANAGER:
        term = start_of(calendar, term, draft.policy.escalate_every)
    return min(max(term, draft.term(draft.policy.respond_within, department)), decided_at)
