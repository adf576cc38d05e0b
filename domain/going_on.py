"""A task whose clock stood still goes on."""

from datetime import datetime

from domain.case import Assignment
from domain.draft import Draft
from domain.escalation import tops
from domain.events import AssignmentResumed
from domain.working_time import end_of


def go_on(draft: Draft, assignment: Assignment, rule: str | None = None) -> None:
    """The clock of a paused assignment runs again, with exactly what was left; the term to answer starts anew."""
    assert assignment.pause is not None
    department, answered = assignment.department, assignment.responded_at is not None
    respond_by = None if answered else draft.term(draft.policy.respond_within, department)
    resolve_by = draft.promise(assignment)
    climbs = any(top.assignment == assignment.id for top in tops(draft.case))
    draft.add(
        AssignmentResumed(
            assignment.id,
            resolve_by,
            draft.reminder(resolve_by, department),
            standstill(draft, assignment, assignment.planned_for) if answered else None,
            draft.term(draft.policy.escalate_every, department) if climbs else None,
            respond_by,
            draft.reminder(respond_by, department),
        ),
        rule,
    )


def standstill(draft: Draft, assignment: Assignment, planned_for: datetime | None) -> datetime:
    """When silence counts as one: from now, or from the day the work was planned for."""
    since = draft.now if planned_for is None else max(draft.now, planned_for)
    return end_of(draft.calendar(assignment.department), since, draft.policy.stalled_after)
