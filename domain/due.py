"""What the engine will do by itself, and when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.words import AssignmentId, EscalationReason, Rung, Term


class Act(StrEnum):
    """What the engine can do by itself, in the order in which acts of the same instant happen."""

    RESUME = "resume"
    REMIND = "remind"
    ESCALATE = "escalate"
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
