"""The ladder: each rung once, held by an acknowledgement, cleared when what it was raised for is over."""

from datetime import datetime

from domain.case import Case, Escalation, Placement
from domain.draft import Draft
from domain.events import EscalationCleared, EscalationRaised
from domain.policy import Policy
from domain.words import AssignmentId, DepartmentId, EscalationReason, Rung

WITHOUT_DEPARTMENT = frozenset({EscalationReason.UNASSIGNED, EscalationReason.BOUNCED, EscalationReason.DISPUTED})

ADVISING_MANAGER = (Rung.CITY_LEADERSHIP,)
"""Who is alerted when a neighbourhood manager gives no advice."""

RULES = {
    EscalationReason.UNASSIGNED: "triage_within",
    EscalationReason.NO_RESPONSE: "respond_within",
    EscalationReason.OVERDUE: "resolve_within",
    EscalationReason.STALLED: "stalled_after",
    EscalationReason.BOUNCED: "max_transfers",
    EscalationReason.DISPUTED: "max_reopens",
}
"""The word of the policy that makes each ladder begin, and end when it is met after all."""


def ladder(policy: Policy, reason: EscalationReason, *, owned: bool = True) -> tuple[Rung, ...]:
    """The rungs for this reason; where no department owns the case, or what is late in it, its head has no rung."""
    if owned and reason not in WITHOUT_DEPARTMENT:
        return policy.ladder
    without_head = tuple(rung for rung in policy.ladder if rung is not Rung.DEPARTMENT_HEAD)
    return without_head or (Rung.NEIGHBOURHOOD_MANAGER,)


def rungs(policy: Policy, case: Case, assignment: AssignmentId | None, reason: EscalationReason) -> tuple[Rung, ...]:
    """The rungs above what is late; above a neighbourhood manager who gives no advice is the city's leadership only."""
    request = case.project.request(assignment) if case.project is not None and assignment is not None else None
    if request is not None and request.department is None:
        return ADVISING_MANAGER
    return ladder(policy, reason, owned=assignment is not None)


def raise_first(draft: Draft, assignment: AssignmentId | None, reason: EscalationReason) -> None:
    """The first rung is reached now."""
    _raise(draft, assignment, reason, 1, _rule(assignment, reason))


def climb(draft: Draft, passed: Escalation) -> None:
    """The next rung is reached now."""
    _raise(draft, passed.assignment, passed.reason, passed.level + 1, "escalate_every")


def _raise(draft: Draft, assignment: AssignmentId | None, reason: EscalationReason, level: int, rule: str) -> None:
    above = rungs(draft.policy, draft.case, assignment, reason)
    rung = above[min(level, len(above)) - 1]
    climbs_at = draft.term(draft.policy.escalate_every, clock(draft, assignment, reason))
    draft.add(EscalationRaised(draft.next_escalation(), assignment, reason, level, rung, climbs_at), rule)


def clock(draft: Draft, assignment: AssignmentId | None, reason: EscalationReason) -> DepartmentId | None:
    """Whose hours the ladder keeps: the department's, or the city's where no department owns the case."""
    return None if reason in WITHOUT_DEPARTMENT else draft.case.department_of(assignment)


def clear(draft: Draft, assignment: AssignmentId | None, *reasons: EscalationReason) -> None:
    """What the open escalations were raised for is over; all reasons if none is named."""
    for escalation in draft.case.escalations:
        if escalation.open and escalation.assignment == assignment and (not reasons or escalation.reason in reasons):
            _clear(draft, escalation)


def clear_all(draft: Draft) -> None:
    """The case asks nobody's attention any more."""
    for escalation in draft.case.open_escalations():
        _clear(draft, escalation)


def clear_placements(draft: Draft, settled: tuple[Placement, ...]) -> None:
    """The manager settled these: their escalations are over."""
    for placement in settled:
        for escalation in draft.case.open_escalations(reason=placement.reason):
            if escalation.assignment == placement.assignment:
                _clear(draft, escalation)


def _clear(draft: Draft, escalation: Escalation) -> None:
    draft.add(EscalationCleared(escalation.id), _rule(escalation.assignment, escalation.reason))


def _rule(assignment: AssignmentId | None, reason: EscalationReason) -> str:
    """A plan that nobody looks at stalls as a case that nobody places does: by the triage term."""
    stalled_plan = reason is EscalationReason.STALLED and assignment is None
    return "triage_within" if stalled_plan else RULES[reason]


def tops(case: Case) -> tuple[Escalation, ...]:
    """The highest open rung of each ladder that is being climbed."""
    highest: dict[tuple[AssignmentId | None, EscalationReason], Escalation] = {}
    for escalation in case.open_escalations():
        highest[escalation.assignment, escalation.reason] = escalation
    return tuple(highest.values())


def climbs_at(case: Case, top: Escalation) -> datetime | None:
    """When the ladder climbs on: not before every acknowledgement on it has run out."""
    if top.climbs_at is None:
        return None
    held = (e.held_until for e in case.open_escalations(reason=top.reason) if e.assignment == top.assignment)
    return max([top.climbs_at, *(until for until in held if until is not None)])
