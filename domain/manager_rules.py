"""What a neighbourhood manager, a warden and whoever an escalation reached may decide."""

from datetime import datetime, timedelta

from domain.assigning import assign as give
from domain.case import Assignment
from domain.commands import Acknowledge, Assign, Close, Comment, Extend, MergeInto, SetUrgent
from domain.draft import Draft
from domain.escalation import clear, clear_all, clear_placements, clock
from domain.events import (
    AssignmentReplaced,
    CaseClosed,
    CaseMerged,
    CommentAdded,
    EscalationAcknowledged,
    PlacementSettled,
    PromiseExtended,
    TermsMoved,
    UrgencySet,
)
from domain.initiatives.returning import call_off, give_back
from domain.initiatives.state import Ending
from domain.refusal import Refused
from domain.structural import rules as structural_rules
from domain.words import DepartmentId, EscalationReason, NoteId, Outcome
from domain.working_time import end_of, left

BY_DECISION = frozenset({Outcome.SOLVED, Outcome.EXPLAINED, Outcome.DECLINED})
FOR_GOOD = frozenset({EscalationReason.BOUNCED, EscalationReason.DISPUTED})
SPLIT_WITHIN = timedelta(days=30)
"""How long a case that joined another may be split from it again."""


def assign(draft: Draft, command: Assign) -> None:
    """The manager places the case. After bouncing or dispute this binds."""
    if draft.case.offer is not None:
        raise Refused("The case is with residents: take the offer back first.", rule="with_residents")
    departments = tuple(draft.department(d, "departments") for d in command.departments)
    if not departments:
        raise Refused("Name at least one department.", "invalid", "departments", "no_department")
    if len(set(departments)) < len(departments):
        raise Refused("Each department is named once.", "invalid", "departments", "named_twice")
    placements = draft.case.placements
    promise = max((p.resolve_by for p in placements if p.resolve_by is not None), default=None)
    if command.instead_of is not None:
        promise = _take_away(draft, command, departments) or promise
    at_work = {a.department for a in draft.case.live} if draft.case.structure is None else set()
    tasks = _tasks(draft, command)
    new = tuple(d for d in departments if d not in at_work)
    if not new and not placements:
        raise Refused("These departments already work on this case.", rule="all_work_on_it")
    binding = any(p.reason in FOR_GOOD for p in placements)
    if placements:
        draft.add(PlacementSettled(command.note))
        clear_placements(draft, placements)
    for task in tasks:
        for department in new:
            give(draft, department, resolve_by=promise, binding=binding, note=command.note, task=task)


def _tasks(draft: Draft, command: Assign) -> tuple[NoteId | None, ...]:
    """What is to be done by whoever takes over: each action that awaits placing, or the one that is taken away."""
    open_ones = [p.assignment for p in draft.case.placements] or [command.instead_of]
    found = (draft.case.assignment(id) if id is not None else None for id in open_ones)
    return tuple(dict.fromkeys(a.task if a is not None else None for a in found))


def _take_away(draft: Draft, command: Assign, departments: tuple[DepartmentId, ...]) -> datetime | None:
    """The promise of an assignment that its department loses; none if it gave it back, and it awaits placing."""
    assert command.instead_of is not None
    if any(placement.assignment == command.instead_of for placement in draft.case.placements):
        return None
    assignment = draft.assignment(command.instead_of)
    if assignment.department in departments:
        raise Refused("The department has this assignment already.", "invalid", "departments", "has_it")
    promise = draft.promise(assignment)
    draft.add(AssignmentReplaced(assignment.id))
    clear(draft, assignment.id)
    return promise


def set_urgent(draft: Draft, command: SetUrgent) -> None:
    """Urgent terms replace longer ones at once; going back leaves what was promised."""
    if draft.case.urgent == command.urgent:
        if command.urgent:
            raise Refused("The case is urgent already.", rule="urgent_already")
        raise Refused("The case is not urgent.", rule="not_urgent")
    if not command.urgent:
        draft.add(UrgencySet(command.urgent, command.note))
    else:
        urgent = draft.rules.urgent_policy
        draft.add(
            UrgencySet(
                command.urgent, command.note, draft.term(urgent.triage_within), draft.term(urgent.resolve_within)
            )
        )
        if draft.case.offer is not None:
            give_back(draft, Ending.URGENT)
        for assignment in draft.case.live:
            _tighten(draft, assignment)


def _tighten(draft: Draft, assignment: Assignment) -> None:
    department, pause = assignment.department, assignment.pause
    calendar = draft.calendar(department)
    respond_by = assignment.respond_by
    if assignment.responded_at is None and respond_by is not None:
        respond_by = min(respond_by, draft.term(draft.policy.respond_within, department))
    since = draft.now if pause is None else pause.until
    resolve_by = min(assignment.resolve_by, end_of(calendar, since, draft.policy.resolve_within))
    if (respond_by, resolve_by) == (assignment.respond_by, assignment.resolve_by):
        return
    move(draft, assignment, respond_by, resolve_by, "urgent_policy")


def move(
    draft: Draft,
    assignment: Assignment,
    respond_by: datetime | None,
    resolve_by: datetime,
    rule: str | None = None,
) -> None:
    """New terms; behind a pause, what is left is measured from its end."""
    department, pause = assignment.department, assignment.pause
    unanswered = assignment.responded_at is None
    draft.add(
        TermsMoved(
            assignment.id,
            respond_by,
            resolve_by,
            draft.reminder(respond_by, department) if unanswered else None,
            draft.reminder(resolve_by, department),
            left(draft.calendar(department), pause.until, resolve_by, draft.policy.resolve_within)
            if pause is not None
            else None,
        ),
        rule,
    )


def extend(draft: Draft, command: Extend) -> None:
    """The promise moves to a later moment, the only way it can."""
    assignment = draft.assignment(command.assignment)
    draft.ahead(command.until, "until", "The promise moves to a moment", "promise_later")
    if command.until <= assignment.resolve_by:
        raise Refused("The promise moves to a later moment than it has now.", "invalid", "until", "promise_later")
    draft.add(PromiseExtended(assignment.id, command.until, command.note))
    move(draft, assignment, assignment.respond_by, command.until)
    clear(draft, assignment.id, EscalationReason.OVERDUE)


def acknowledge(draft: Draft, command: Acknowledge) -> None:
    """Someone took it up: the ladder is held for `acknowledged_for`."""
    escalation = next((e for e in draft.case.escalations if e.id == command.escalation), None)
    if escalation is None:
        raise Refused(
            f'This case has no escalation "{command.escalation}".', "invalid", "escalation", "no_such_escalation"
        )
    if not escalation.open:
        raise Refused("This escalation was cleared before.", rule="cleared")
    if escalation.held_until is not None and escalation.held_until > draft.now:
        raise Refused("This escalation was acknowledged before.", rule="acknowledged")
    department = clock(draft, escalation.assignment, escalation.reason)
    held_until = draft.term(draft.policy.acknowledged_for, department)
    draft.add(EscalationAcknowledged(escalation.id, held_until, command.note, command.cause))


def close(draft: Draft, command: Close) -> None:
    """The manager ends the case, with a reason."""
    if command.outcome not in BY_DECISION:
        outcomes = ", ".join(sorted(BY_DECISION))
        raise Refused(f"A manager closes a case as {outcomes}.", "invalid", "outcome", "not_an_outcome")
    if draft.case.structure is not None:
        structural_rules.close_when_done(draft)
    end(draft, command.outcome, command.note)


def merge_into(draft: Draft, command: MergeInto) -> None:
    """The report joins another case; whether that exists was seen to before."""
    if command.case_id == draft.case.case_id:
        raise Refused("A case cannot join itself.", "invalid", "case_id", "joins_itself")
    if draft.case.offer is not None:
        raise Refused("The case is with residents: take the offer back first.", rule="with_residents")
    draft.add(CaseMerged(command.case_id, draft.now + SPLIT_WITHIN))
    end(draft, Outcome.MERGED)


def comment(draft: Draft, command: Comment) -> None:
    """A remark is kept."""
    draft.add(CommentAdded(command.note, command.public))


def end(draft: Draft, outcome: Outcome, note: NoteId | None = None, rule: str | None = None) -> None:
    """The case closes, and nothing asks for attention any more."""
    call_off(draft, rule)
    clear_all(draft)
    draft.add(CaseClosed(outcome, note), rule)
