"""What an event makes of a case. Never refuses, never raises on events that `decide` made."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from domain import ladders
from domain.case import Assignment, Case, Pause, Placement
from domain.events import (
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentPaused,
    AssignmentReplaced,
    AssignmentResolved,
    AssignmentResumed,
    AssignmentTransferred,
    CaseClosed,
    CaseMerged,
    CaseOpened,
    CaseReopened,
    CaseSupported,
    CommentAdded,
    DepartmentAssigned,
    DepartmentReminded,
    EscalationAcknowledged,
    EscalationCleared,
    EscalationRaised,
    FeedbackAsked,
    FeedbackGiven,
    Happened,
    PlacementNeeded,
    PlacementSettled,
    ProgressReported,
    PromiseExtended,
    ReportWithdrawn,
    ResidentAnswered,
    ResidentAsked,
    TermsMoved,
    UrgencySet,
)
from domain.initiatives.events import (
    AdopterReminded,
    AssignmentRested,
    OfferAccounted,
    OfferAdopted,
    OfferMade,
    OfferReturned,
)
from domain.initiatives.evolving import offered
from domain.inspections.events import CaseInspected
from domain.inspections.state import Inspection
from domain.joining import evolving as joining
from domain.joining.events import CaseParted, CaseSplit, SupporterReachable
from domain.limits import inherited
from domain.projects.events import (
    AdviceAsked,
    AdviceGiven,
    AdviceSent,
    AdviceTermMoved,
    AdviserReminded,
    CommitmentMade,
    DecisionMoved,
    ParticipationClosed,
    ParticipationMoved,
    ParticipationOpened,
    ParticipationSummarised,
    PointAnswered,
    ProjectReferred,
    ReactionModerated,
    ReactionReceived,
)
from domain.projects.evolving import evolved
from domain.standing import promise, stage
from domain.structural import evolving as structural
from domain.structural.events import IssuesBundled, IssueUnbundled, ReviewDue, Reviewed, StructuralWorkBegun
from domain.teams.events import DecisionRecorded
from domain.words import AssignmentId, AssignmentState, Cause, Term


def opened(happened: Happened) -> Case:
    """The case that a `CaseOpened` event begins."""
    event = happened.event
    assert isinstance(event, CaseOpened), event
    return Case(
        case_id=event.case_id,
        number=event.number,
        kind=event.case_kind,
        service=event.service,
        neighbourhood=event.neighbourhood,
        urgent=event.urgent,
        opened_at=happened.at,
        version=happened.seq,
    )


def evolve(case: Case, happened: Happened) -> Case:
    """The case after the event; the event must be the next in its sequence."""
    after = structural.done_since(_apply(case, happened), happened.at)
    return replace(after, version=happened.seq, stage=stage(after), promised_by=promise(after) or after.promised_by)


def _apply(case: Case, happened: Happened) -> Case:
    at, event = happened.at, happened.event
    match event:
        case CaseOpened() | DepartmentAssigned() | PlacementNeeded() | PlacementSettled():
            return _placed(case, at, event)
        case AssignmentAccepted(assignment=id, planned_for=planned_for, stalled_at=stalled_at):
            return _change(
                case,
                id,
                state=AssignmentState.IN_PROGRESS,
                responded_at=_responded(case, id, at),
                planned_for=planned_for,
                stalled_at=stalled_at,
            )
        case AssignmentDeclined(assignment=id, cause=cause):
            return _change(_ended(case, id, at, AssignmentState.DECLINED), id, cause=cause)
        case AssignmentTransferred(assignment=id):
            passed_on = _ended(case, id, at, AssignmentState.TRANSFERRED)
            return replace(passed_on, transfers=case.transfers + (0 if event.bounced else 1))
        case AssignmentReplaced(assignment=id):
            return _change(case, id, state=AssignmentState.REPLACED, pause=None, stalled_at=None)
        case ProgressReported(assignment=id, planned_for=planned_for, stalled_at=stalled_at):
            changes = {"planned_for": planned_for} if planned_for is not None else {}
            return _change(case, id, stalled_at=stalled_at, **changes)
        case AssignmentPaused():
            return _paused(case, at, event, event.cause)
        case ResidentAsked():
            return _paused(case, at, event, None)
        case AssignmentRested():
            return _paused(case, at, event, None)
        case OfferMade() | OfferAdopted() | AdopterReminded() | OfferAccounted() | OfferReturned():
            return offered(case, at, event)
        case AssignmentResumed():
            return _resumed(case, event)
        case AssignmentResolved(assignment=id):
            return _ended(case, id, at, AssignmentState.RESOLVED, resolved_at=at)
        case DepartmentReminded(assignment=id, term=term):
            which = "remind_respond_at" if term is Term.RESPOND else "remind_resolve_at"
            return _change(case, id, **{which: None})
        case TermsMoved(assignment=id):
            return _moved(case, event)
        case EscalationRaised() | EscalationAcknowledged() | EscalationCleared():
            return ladders.escalated(case, at, event)
        case UrgencySet():
            hastened = tuple(
                replace(
                    p,
                    place_by=_sooner(p.place_by, event.place_by),
                    resolve_by=_sooner(p.resolve_by, event.resolve_by),
                )
                for p in case.placements
            )
            return replace(case, urgent=event.urgent, placements=hastened)
        case FeedbackAsked(until=until):
            return joining.asked(case, until)
        case FeedbackGiven():
            return joining.heard(case, event, happened.by)
        case CaseReopened(round=round_):
            return replace(case, round=round_, reopens=case.reopens + 1)
        case CaseSupported():
            return joining.supported(case, event, happened.by)
        case CaseMerged():
            return joining.merged(case, event, happened.seq)
        case CaseSplit() | CaseParted() | SupporterReachable():
            return joining.evolve(case, event, happened.by)
        case CaseClosed(outcome=outcome):
            return replace(case, outcome=outcome, closed_at=at, feedback_until=None, placements=())
        case ReportWithdrawn():
            return replace(case, withdrawn=True)
        case PointAnswered(stalled_at=stalled_at):
            answered = replace(case, project=evolved(case.project, at, event))
            answer = case.project.answer if case.project is not None else None
            return _change(answered, answer, stalled_at=stalled_at) if answer is not None else answered
        case (
            ProjectReferred()
            | AdviceAsked()
            | AdviserReminded()
            | AdviceGiven()
            | AdviceTermMoved()
            | ParticipationOpened()
            | ParticipationMoved()
            | ReactionReceived()
            | ReactionModerated()
            | ParticipationClosed()
            | ParticipationSummarised()
            | AdviceSent()
            | DecisionMoved()
            | CommitmentMade()
        ):
            return replace(case, project=evolved(case.project, at, event))
        case StructuralWorkBegun() | IssuesBundled() | IssueUnbundled() | ReviewDue() | Reviewed():
            return structural.evolved(case, at, event)
        case CaseInspected(found=found):
            return replace(case, inspection=Inspection(found, at))
        case PromiseExtended() | CommentAdded() | ResidentAnswered() | DecisionRecorded():
            return case
        case _:
            assert_never(event)


def _placed(
    case: Case, at: datetime, event: CaseOpened | DepartmentAssigned | PlacementNeeded | PlacementSettled
) -> Case:
    match event:
        case CaseOpened():
            return case
        case PlacementSettled():
            return replace(case, placements=())
        case PlacementNeeded():
            need = Placement(at, event.reason, event.place_by, event.assignment, event.resolve_by)
            return replace(case, placements=(*case.placements, need), feedback_until=None)
        case DepartmentAssigned():
            assignment = Assignment(
                id=event.assignment,
                department=event.department,
                round=case.round,
                state=AssignmentState.ASSIGNED,
                assigned_at=at,
                respond_by=event.respond_by,
                resolve_by=event.resolve_by,
                remind_respond_at=event.remind_respond_at,
                remind_resolve_at=event.remind_resolve_at,
                binding=event.binding,
                task=event.task,
                cause=inherited(case),
            )
            return replace(case, assignments=(*case.assignments, assignment), feedback_until=None)


def _paused(
    case: Case, at: datetime, event: AssignmentPaused | ResidentAsked | AssignmentRested, cause: Cause | None
) -> Case:
    before = case.assignment(event.assignment)
    question, rests = isinstance(event, ResidentAsked), isinstance(event, AssignmentRested)
    silent = rests or (isinstance(event, ResidentAsked) and not event.answered)
    waiting = _change(
        case,
        event.assignment,
        state=AssignmentState.WAITING,
        responded_at=before.responded_at if silent and before else _responded(case, event.assignment, at),
        resolve_by=event.resolve_by,
        stalled_at=None,
        pause=Pause(at, event.until, event.resolve_left, cause, question, rests),
        cause=cause or (before.cause if before else None),
    )
    return ladders.climb_on(waiting, event.assignment, None)


def _moved(case: Case, event: TermsMoved) -> Case:
    before = case.assignment(event.assignment)
    assert before is not None
    pause = before.pause
    if pause is not None and event.resolve_left is not None:
        pause = replace(pause, resolve_left=event.resolve_left)
    return _change(
        case,
        event.assignment,
        respond_by=event.respond_by,
        resolve_by=event.resolve_by,
        remind_respond_at=event.remind_respond_at,
        remind_resolve_at=event.remind_resolve_at,
        pause=pause,
    )


def _ended(
    case: Case, id: AssignmentId, at: datetime, state: AssignmentState, resolved_at: datetime | None = None
) -> Case:
    return _change(
        case,
        id,
        state=state,
        responded_at=_responded(case, id, at),
        pause=None,
        stalled_at=None,
        resolved_at=resolved_at,
    )


def _resumed(case: Case, event: AssignmentResumed) -> Case:
    before = case.assignment(event.assignment)
    assert before is not None
    answered = before.responded_at is not None
    resumed = _change(
        case,
        event.assignment,
        state=AssignmentState.IN_PROGRESS if answered else AssignmentState.ASSIGNED,
        pause=None,
        respond_by=before.respond_by if answered else event.respond_by,
        remind_respond_at=before.remind_respond_at if answered else event.remind_respond_at,
        resolve_by=event.resolve_by,
        remind_resolve_at=event.remind_resolve_at,
        stalled_at=event.stalled_at,
    )
    return ladders.climb_on(resumed, event.assignment, event.climbs_at) if event.climbs_at is not None else resumed


def _sooner(term: datetime | None, limit: datetime | None) -> datetime | None:
    return term if term is None or limit is None else min(term, limit)


def _responded(case: Case, id: AssignmentId, at: datetime) -> datetime:
    before = case.assignment(id)
    return before.responded_at if before is not None and before.responded_at is not None else at


def _change(case: Case, id: AssignmentId, **changes: object) -> Case:
    changed = tuple(replace(a, **changes) if a.id == id else a for a in case.assignments)  # type: ignore[arg-type]
    return replace(case, assignments=changed)
