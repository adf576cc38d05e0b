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
from domain.escalation import clear, raise_first, tops
from domain.events import (
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentPaused,
    AssignmentResolved,
    AssignmentResumed,
    AssignmentTransferred,
    FeedbackAsked,
    ProgressReported,
    ResidentAsked,
)
from domain.manager_rules import end
from domain.refusal import Refused
from domain.words import AssignmentState, EscalationReason, Outcome
from domain.working_time import end_of, left

ANSWERED = (EscalationReason.NO_RESPONSE,)
HEARD = (EscalationReason.NO_RESPONSE, EscalationReason.STALLED)


def accept(draft: Draft, command: Accept) -> None:
    """The task is taken on; silence from now on counts as a standstill."""
    assignment = draft.assignment(command.assignment)
    if assignment.state is AssignmentState.WAITING:
        raise Refused("The assignment is paused: resume it first.", rule="paused")
    if assignment.state is not AssignmentState.ASSIGNED:
        raise Refused("This assignment was accepted before.", rule="accepted_before")
    stalled_at = standstill(draft, assignment, _plan(draft, command.planned_for))
    draft.add(AssignmentAccepted(assignment.id, stalled_at, command.planned_for, command.note))
    clear(draft, assignment.id, *ANSWERED)


def decline(draft: Draft, command: Decline) -> None:
    """The neighbourhood manager places what the department cannot do."""
    assignment = draft.assignment(command.assignment)
    _passable(assignment, "declined")
    promise = draft.promise(assignment)
    draft.add(AssignmentDeclined(assignment.id, command.cause, command.note))
    clear(draft, assignment.id)
    need_placement(draft, EscalationReason.UNASSIGNED, assignment.id, promise)


def transfer(draft: Draft, command: Transfer) -> None:
    """Another department takes over, with the same promise; after `max_transfers` the manager decides."""
    assignment = draft.assignment(command.assignment)
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
        assign(draft, to, resolve_by=promise)


def report_progress(draft: Draft, command: ReportProgress) -> None:
    """Something was heard; a first report accepts the task."""
    assignment = draft.assignment(command.assignment)
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
    assignment = draft.assignment(command.assignment)
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
    assignment = draft.assignment(command.assignment)
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
    assignment = draft.assignment(command.assignment)
    if assignment.pause is None:
        raise Refused("The assignment is not paused.", rule="not_paused")
    go_on(draft, assignment)


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


def resolve(draft: Draft, command: Resolve) -> None:
    """The department did its part; when all have, the resident is asked. A project ends with its answer."""
    assignment = draft.assignment(command.assignment)
    draft.add(AssignmentResolved(assignment.id, command.note))
    clear(draft, assignment.id)
    if draft.case.project is not None:
        end(draft, Outcome.EXPLAINED, command.note)
    else:
        ask_feedback_when_done(draft)


def standstill(draft: Draft, assignment: Assignment, planned_for: datetime | None) -> datetime:
    """When silence counts as one: from now, or from the day the work was planned for."""
    since = draft.now if planned_for is None else max(draft.now, planned_for)
    return end_of(draft.calendar(assignment.department), since, draft.policy.stalled_after)


def ask_feedback_when_done(draft: Draft) -> None:
    """The resident is asked once no department has anything left to do and nothing awaits placing."""
    case = draft.case
    if not case.live and not case.placements and not case.closed:
        draft.add(FeedbackAsked(draft.term(draft.policy.feedback_within)), rule="feedback_within")


def _plan(draft: Draft, planned_for: datetime | None) -> datetime | None:
    if planned_for is None:
        return None
    return draft.ahead(planned_for, "planned_for", "Work is planned for a moment", "planned_later")


def _passable(assignment: Assignment, verb: str) -> None:
    if assignment.binding:
        raise Refused(f"A manager placed this here for good: it cannot be {verb}.", rule="placed_for_good")
