"""What a department may do with its assignment."""

from datetime import datetime

from domain.assigning import assign, need_placement
from domain.authority import OF_DEPARTMENT
from domain.case import Assignment
from domain.commands import (
    Accept,
    AskResident,
    Decline,
    PauseAssignment,
    ReportProgress,
    Resolve,
    Resume,
    Transfer,
)
from domain.draft import Draft
from domain.escalation import clear, raise_first
from domain.events import (
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentPaused,
    AssignmentResolved,
    AssignmentTransferred,
    FeedbackAsked,
    ProgressReported,
    ResidentAsked,
)
from domain.going_on import go_on, standstill
from domain.manager_rules import end
from domain.refusal import Refused
from domain.structural import rules as structural_rules
from domain.words import AssignmentId, AssignmentState, EscalationReason, Outcome
from domain.working_time import end_of, left

ANSWERED = (EscalationReason.NO_RESPONSE,)
HEARD = (EscalationReason.NO_RESPONSE, EscalationReason.STALLED)


def accept(draft: Draft, command: Accept) -> None:
    """The task is taken on; silence from now on counts as a standstill."""
    assignment = _awake(draft, command.assignment)
    if assignment.state is AssignmentState.WAITING:
        raise Refused("The assignment is paused: resume it first.", rule="paused")
    if assignment.state is not AssignmentState.ASSIGNED:
        raise Refused("This assignment was accepted before.", rule="accepted_before")
    stalled_at = standstill(draft, assignment, _plan(draft, command.planned_for))
    draft.add(AssignmentAccepted(assignment.id, stalled_at, command.planned_for, command.note))
    clear(draft, assignment.id, *ANSWERED)


def decline(draft: Draft, command: Decline) -> None:
    """The neighbourhood manager places what the department cannot do."""
    assignment = _awake(draft, command.assignment)
    _passable(assignment, "declined")
    promise = draft.promise(assignment)
    draft.add(AssignmentDeclined(assignment.id, command.cause, command.note))
    clear(draft, assignment.id)
    need_placement(draft, EscalationReason.UNASSIGNED, assignment.id, promise)


def transfer(draft: Draft, command: Transfer) -> None:
    """Another department takes over, with the same promise; after `max_transfers` the manager decides."""
    assignment = _awake(draft, command.assignment)
    to = draft.department(command.to, "to")
    _passable(assignment, "transferred")
    if to == assignment.department:
        raise Refused("The department has this assignment already.", "invalid", "to", "has_it")
    if any(a.department == to for a in draft.case.live):
        raise Refused(f'Department "{to}" already works on this case.', rule="works_on_it", values={"department": to})
    promise = draft.promise(assignment)
    bounced = draft.case.transfers >= draft.policy.max_transfers
    draft.add(AssignmentTransferred(assignment.id, to, command.note, bounced))
    clear(draft, assignment.id)
    if bounced:
        need_placement(draft, EscalationReason.BOUNCED, assignment.id, promise, rule="max_transfers")
        raise_first(draft, assignment.id, EscalationReason.BOUNCED)
    else:
        assign(draft, to, resolve_by=promise, task=assignment.task)


def report_progress(draft: Draft, command: ReportProgress) -> None:
    """Something was heard; a first report accepts the task."""
    assignment = _awake(draft, command.assignment)
    if assignment.state is AssignmentState.WAITING:
        raise Refused("The assignment is paused: resume it first.", rule="paused")
    planned_for = _plan(draft, command.planned_for)
    if assignment.state is AssignmentState.ASSIGNED:
        draft.add(AssignmentAccepted(assignment.id, standstill(draft, assignment, planned_for), planned_for))
    stalled_at = standstill(draft, assignment, planned_for or assignment.planned_for)
    draft.add(ProgressReported(assignment.id, command.note, stalled_at, planned_for))
    clear(draft, assignment.id, *HEARD)


def pause(draft: Draft, command: PauseAssignment) -> None:
    """The resolution clock stops for a named cause, for a limited time."""
    assignment = _awake(draft, command.assignment)
    if assignment.state is not AssignmentState.IN_PROGRESS:
        if assignment.state is AssignmentState.WAITING:
            raise Refused("The assignment is paused already.", rule="paused_already")
        raise Refused("The assignment was not accepted yet.", rule="not_accepted")
    latest = draft.term(draft.policy.pause_at_most, assignment.department)
    draft.ahead(command.until, "until", "A pause ends", "pause_ends_later")
    if command.until > latest:
        longest = latest.isoformat(timespec="seconds")
        raise Refused(
            f"A pause may last until {longest} at most.", "refused", "until", "pause_at_most", {"until": longest}
        )
    calendar = draft.calendar(assignment.department)
    resolve_left = left(calendar, draft.now, assignment.resolve_by, draft.policy.resolve_within)
    resolve_by = end_of(calendar, command.until, resolve_left)
    draft.add(AssignmentPaused(assignment.id, command.cause, command.until, resolve_left, resolve_by, command.note))
    clear(draft, assignment.id, *HEARD)


def ask_resident(draft: Draft, command: AskResident) -> None:
    """The clock stops until the resident answers, `pause_at_most` at the longest.

    A department that asks has answered for itself; where the manager asks, it still has to.
    """
    assignment = _awake(draft, command.assignment)
    if assignment.state is AssignmentState.WAITING:
        raise Refused("The assignment is paused already: resume it before asking.", rule="paused")
    calendar = draft.calendar(assignment.department)
    until = draft.term(draft.policy.pause_at_most, assignment.department)
    resolve_left = left(calendar, draft.now, assignment.resolve_by, draft.policy.resolve_within)
    resolve_by = end_of(calendar, until, resolve_left)
    own = draft.by is not None and draft.by.role in OF_DEPARTMENT
    draft.add(ResidentAsked(assignment.id, command.question, until, resolve_left, resolve_by, own))
    if own:
        clear(draft, assignment.id, *HEARD)


def resume(draft: Draft, command: Resume) -> None:
    """The department goes on."""
    assignment = _awake(draft, command.assignment)
    if assignment.pause is None:
        raise Refused("The assignment is not paused.", rule="not_paused")
    go_on(draft, assignment)


def resolve(draft: Draft, command: Resolve) -> None:
    """The department did its part; when all have, the resident is asked. A project ends with its answer."""
    assignment = _awake(draft, command.assignment)
    draft.add(AssignmentResolved(assignment.id, command.note))
    clear(draft, assignment.id)
    if draft.case.project is not None:
        end(draft, Outcome.EXPLAINED, command.note)
    else:
        ask_feedback_when_done(draft)


def ask_feedback_when_done(draft: Draft) -> None:
    """The resident is asked once no department has anything left to do and nothing awaits placing.

    Nobody reported a structural case: its plan is looked at.
    """
    case = draft.case
    if case.live or case.placements or case.closed:
        return
    if case.structure is not None:
        structural_rules.fall_due(draft, "actions_done")
    else:
        draft.add(FeedbackAsked(draft.term(draft.policy.feedback_within)), rule="feedback_within")


def _awake(draft: Draft, id: AssignmentId) -> Assignment:
    """The task, unless it rests because the case is with residents."""
    assignment = draft.assignment(id)
    if assignment.pause is not None and assignment.pause.with_residents:
        raise Refused("The case is with residents: the task rests until it comes back.", rule="rests")
    return assignment


def _plan(draft: Draft, planned_for: datetime | None) -> datetime | None:
    if planned_for is None:
        return None
    return draft.ahead(planned_for, "planned_for", "Work is planned for a moment", "planned_later")


def _passable(assignment: Assignment, verb: str) -> None:
    if assignment.binding:
        raise Refused(f"A manager placed this here for good: it cannot be {verb}.", rule="placed_for_good")
