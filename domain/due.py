"""What the engine will do by itself, and when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.durations import Duration, Elapsed
from domain.words import AssignmentId, EscalationReason, Rung, Term
from domain.working_time import Calendar, opening


class Act(StrEnum):
    """What the engine can do by itself, in the order in which acts of the same instant happen."""

    RESUME = "resume"
    OFFER_RETURNS = "offer_returns"
    REMIND = "remind"
    REMIND_ADOPTER = "remind_adopter"
    REVIEW = "review"
    ESCALATE = "escalate"
    CLOSE_ROUND = "close_round"
    SEND_ADVICE = "send_advice"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Due:
    """Something that the engine does by itself at that moment, unless something happens before."""

    at: datetime
    act: Act
    assignment: AssignmentId | None = None
    term: Term | None = None
    reason: EscalationReason | None = None
    level: int = 0
    to: Rung | None = None


def within_hours(calendar: Calendar, term: Duration, at: datetime, now: datetime) -> datetime:
    """When a term that ends then is acted on: within working time, unless it is in plain hours."""
    return at if isinstance(term, Elapsed) else opening(calendar, max(at, now))
