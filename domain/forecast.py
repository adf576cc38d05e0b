"""What happens next by itself, and when: the engine's own rules, run ahead in virtual time."""

from datetime import datetime

from domain.case import Case
from domain.draft import Draft
from domain.rulebook import Rulebook
from domain.time_rules import Act, Due, apply, dues

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


def next_escalation(rules: Rulebook, case: Case, now: datetime) -> Due | None:
    """The first escalation of the forecast; None where nobody will be alerted.

    Told from the opening of the case on, it says when it falls due by what was decided, be the engine late or not.
    """
    at = now
    while True:
        act = next((due for due in dues(rules, case, at) if due.act not in (Act.REMIND, Act.REMIND_ADOPTER)), None)
        if act is None or act.act is Act.CLOSE:
            return None
        if act.act is Act.ESCALATE:
            return act
        at = max(at, act.at)
        draft = Draft(rules, case, at)
        apply(draft, act)
        case = draft.case
