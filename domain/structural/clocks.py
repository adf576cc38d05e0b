"""When a structural case asks for a review by itself, and whom it tells when there is none."""

from collections.abc import Iterator
from datetime import datetime

from domain.case import Case
from domain.due import Act, Due, within_hours
from domain.escalation import ladder
from domain.policy import Policy
from domain.rulebook import Rulebook
from domain.words import EscalationReason


def dues(rules: Rulebook, policy: Policy, case: Case, now: datetime) -> Iterator[Due]:
    """The next review; once it is due, the first rung that is told of a manager who does not record one."""
    structure = case.structure
    if structure is None:
        return
    if structure.review_by is None:
        yield Due(structure.review_at, Act.REVIEW)
        return
    reason = EscalationReason.STALLED
    if not any(e.assignment is None for e in case.open_escalations(reason=reason)):
        at = within_hours(rules.calendar(None), policy.triage_within, structure.review_by, now)
        yield Due(at, Act.ESCALATE, None, None, reason, 1, ladder(policy, reason, owned=False)[0])
