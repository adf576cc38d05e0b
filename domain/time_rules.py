"""What the engine does by itself: reminders, escalations, the end of pauses and of the feedback window, and by area."""

from collections.abc import Iterator
from datetime import datetime

from domain.case import Assignment, Case
from domain.draft import Draft
from domain.due import Act, Due, within_hours
from domain.escalation import WITHOUT_DEPARTMENT, climb, climbs_at, ladder, raise_first, rungs, tops
from domain.events import DepartmentReminded
from domain.going_on import go_on
from domain.initiatives import clocks as initiatives
from domain.manager_rules import end
from domain.policy import Policy
from domain.projects import clocks as projects
from domain.projects.advising import close_round, send
from domain.rulebook import Rulebook
from domain.structural import clocks as structural_clocks
from domain.structural import rules as structural_rules
from domain.words import AssignmentState, EscalationReason, Outcome, Stage, Term

__all__ = ["Act", "Due", "apply", "dues", "next_due"]


def dues(rules: Rulebook, case: Case, now: datetime) -> list[Due]:
    """What will happen by itself if nobody acts, each at its next moment, soonest first.

    A term in working time that has passed is acted on within working time: a ladder does not climb in the
    night for a department that works by day. A term in plain hours is acted on at any hour.
    """
    if case.closed:
        return []
    policy = rules.urgent_policy if case.urgent else rules.policy
    found = [
        *(due for a in case.live for due in _of_assignment(rules, policy, case, a, now)),
        *_of_ladders(rules, policy, case, now),
        *_of_placements(rules, policy, case, now),
        *projects.dues(rules, policy, case, now),
        *initiatives.dues(case, now),
        *structural_clocks.dues(rules, policy, case, now),
    ]
    if case.feedback_until is not None and case.stage is Stage.RESOLVED:
        found.append(Due(case.feedback_until, Act.CLOSE))
    return sorted(found, key=lambda due: (due.at, list(Act).index(due.act)))


def next_due(rules: Rulebook, case: Case, now: datetime) -> datetime | None:
    """When the engine next has something to do by itself."""
    found = dues(rules, case, now)
    return found[0].at if found else None


def apply(draft: Draft, due: Due) -> None:
    """The engine does what is due."""
    match due.act:
        case Act.RESUME:
            assert due.assignment is not None
            go_on(draft, draft.assignment(due.assignment), "pause_ended")
        case Act.REMIND if due.term is Term.ADVISE:
            projects.remind(draft, due)
        case Act.REMIND:
            assert due.assignment is not None and due.term is not None
            draft.add(DepartmentReminded(due.assignment, due.term), "remind_before")
        case Act.REVIEW:
            structural_rules.fall_due(draft, "review_every")
        case Act.ESCALATE:
            assert due.reason is not None
            _escalate(draft, due, due.reason)
        case Act.CLOSE_ROUND:
            close_round(draft)
        case Act.SEND_ADVICE:
            send(draft, "decision")
        case Act.CLOSE:
            outcome = Outcome.SOLVED if draft.case.hearing.solved else Outcome.NO_FEEDBACK
            end(draft, outcome, rule="feedback_within")
        case Act.OFFER_RETURNS | Act.REMIND_ADOPTER:
            initiatives.apply(draft, due.act)


def _escalate(draft: Draft, due: Due, reason: EscalationReason) -> None:
    for top in tops(draft.case):
        if (top.assignment, top.reason) == (due.assignment, reason):
            climb(draft, top)
            return
    raise_first(draft, due.assignment, reason)


def _of_assignment(rules: Rulebook, policy: Policy, case: Case, assignment: Assignment, now: datetime) -> Iterator[Due]:
    calendar = rules.calendar(assignment.department)
    if assignment.pause is not None:
        if not assignment.pause.with_residents:
            yield Due(assignment.pause.until, Act.RESUME, assignment.id)
        return
    unanswered = assignment.responded_at is None and assignment.respond_by is not None
    for term, remind_at, due_at in (
        (Term.RESPOND, assignment.remind_respond_at, assignment.respond_by if unanswered else None),
        (Term.RESOLVE, assignment.remind_resolve_at, assignment.resolve_by),
    ):
        if remind_at is None or due_at is None:
            continue
        at = within_hours(calendar, policy.remind_before, remind_at, now)
        if max(at, now) < due_at:
            yield Due(at, Act.REMIND, assignment.id, term)
    running = {e.reason for e in case.open_escalations(assignment.id)}
    stalled_at = assignment.stalled_at if assignment.state is AssignmentState.IN_PROGRESS else None
    for reason, within, passes_at in (
        (EscalationReason.NO_RESPONSE, policy.respond_within, assignment.respond_by if unanswered else None),
        (EscalationReason.OVERDUE, policy.resolve_within, assignment.resolve_by),
        (EscalationReason.STALLED, policy.stalled_after, stalled_at),
    ):
        if passes_at is not None and reason not in running:
            at = within_hours(calendar, within, passes_at, now)
            yield Due(at, Act.ESCALATE, assignment.id, None, reason, 1, ladder(policy, reason)[0])


def _of_ladders(rules: Rulebook, policy: Policy, case: Case, now: datetime) -> Iterator[Due]:
    for top in tops(case):
        at = climbs_at(case, top)
        above = rungs(policy, case, top.assignment, top.reason)
        owner = case.assignment(top.assignment) if top.assignment is not None else None
        paused = owner is not None and owner.pause is not None
        if at is None or top.level >= len(above) or paused:
            continue
        owned = top.reason not in WITHOUT_DEPARTMENT
        calendar = rules.calendar(case.department_of(top.assignment) if owned else None)
        at = within_hours(calendar, policy.escalate_every, at, now)
        yield Due(at, Act.ESCALATE, top.assignment, None, top.reason, top.level + 1, above[top.level])


def _of_placements(rules: Rulebook, policy: Policy, case: Case, now: datetime) -> Iterator[Due]:
    running = {(e.assignment, e.reason) for e in case.open_escalations()}
    for placement in case.placements:
        if placement.place_by is None or (placement.assignment, placement.reason) in running:
            continue
        at = within_hours(rules.calendar(None), policy.triage_within, placement.place_by, now)
        reason = placement.reason
        yield Due(at, Act.ESCALATE, placement.assignment, None, reason, 1, ladder(policy, reason)[0])
