"""What happens next by itself, and when: the engine's own rules, run ahead in virtual time."""

from datetime import datetime

from domain.case import Case
from domain.draft import Draft
from domain.rulebook import Rulebook
from domain.time_rules import Due, apply, dues

HORIZON = 12
"""How many acts ahead are told; a case that nobody touches comes to rest well before."""


def forecast(rules: Rulebook, case: Case, now: datetime) -> tuple[Due, ...]:
    """The acts of the engine from now on if nobody does anything, in their order."""
    told: list[Due] = []
    at = now
    while len(told) < HORIZON:
        due = next(iter(dues(rules, case, at)), None)
        if due is None:
            break
        at = max(at, due.at)
        draft = Draft(rules, case, at)
        apply(draft, due)
        case = draft.case
        told.append(due)
    return tuple(told)
