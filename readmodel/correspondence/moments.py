"""The instant of a letter's event, and what it adds to what the letter tells."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.case import Assignment, Case
from domain.events import (
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentPaused,
    AssignmentResolved,
    AssignmentResumed,
    AssignmentTransferred,
    CaseClosed,
    CaseMerged,
    CommentAdded,
    DepartmentAssigned,
    DepartmentReminded,
    EscalationRaised,
    Event,
    FeedbackAsked,
    FeedbackGiven,
    Happened,
    PlacementNeeded,
    ProgressReported,
    PromiseExtended,
    ResidentAnswered,
    ResidentAsked,
)
from domain.initiatives.events import AdopterReminded, OfferAccounted, OfferAdopted, OfferMade, OfferReturned
from domain.inspections.events import CaseInspected
from domain.joining.events import CaseSplit
from domain.projects.events import AdviserReminded, ReactionReceived
from domain.structural.events import ReviewDue
from domain.teams.events import DecisionRecorded
from domain.words import AssignmentId, EscalationReason, NoteId, Term
from readmodel.eventlog import as_of
from readmodel.letters import LetterKind
from readmodel.outbox import Outgoing

_ANSWERS = {
    "assignment_accepted": "accept",
    "progress_reported": "report_progress",
    "assignment_paused": "pause",
    "assignment_resumed": "resume",
    "resident_asked": "ask_resident",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """The event of a letter among all that happened in the same instant."""

    at: datetime
    event: Event
    together: tuple[Event, ...]
    earlier: tuple[Event, ...]
    """Everything up to and including the letter's event."""
    before: Case | None
    after: Case


def moment_of(story: tuple[Happened, ...], seq: int) -> Moment:
    own = story[seq - 1]
    together = tuple(h for h in story if h.at == own.at)
    return Moment(
        at=own.at,
        event=own.event,
        together=tuple(h.event for h in together),
        earlier=tuple(h.event for h in story[:seq]),
        before=as_of(story[: seq - 1], seq - 1) if seq > 1 else None,
        after=as_of(story, together[-1].seq),
    )


def of_event(moment: Moment, letter: Outgoing) -> dict[str, Any]:
    """What the event adds; departments, notes and cases still by their ids."""
    event, after = moment.event, moment.after
    match event:
        case DepartmentAssigned(respond_by=respond_by, resolve_by=resolve_by, note=note):
            found = {"respond_by": respond_by, "resolve_by": resolve_by, "note": note}
            return {"department": event.department, "feedback": _feedback(moment), **found}
        case PlacementNeeded():
            return {"place_by": event.place_by, "reason": event.reason.value, **_handed_over(moment, event.assignment)}
        case DepartmentReminded():
            task = after.assignment(event.assignment)
            due = task and (task.respond_by if event.term is Term.RESPOND else task.resolve_by)
            return {"department": task and task.department, "term": event.term.value, "due": due}
        case ReviewDue(review_by=review_by):
            return {"review_by": review_by, "done": after.structure is not None and after.structure.done_at is not None}
        case EscalationRaised(assignment=None, reason=EscalationReason.STALLED):
            was_due = after.structure.review_by if after.structure is not None else None
            return {"reason": event.reason.value, "climbs_at": event.climbs_at, "review_by": was_due}
        case EscalationRaised():
            raised = {"reason": event.reason.value, "climbs_at": event.climbs_at, "feedback": _feedback(moment)}
            return {**_terms(after, event.assignment), **_handed_over(moment, event.assignment), **raised}
        case AdviserReminded(request=id):
            request = after.project.request(id) if after.project is not None else None
            return {
                "department": request and request.department,
                "term": Term.ADVISE.value,
                "due": request and request.advise_by,
            }
        case ReactionReceived(text=text):
            return {"note": text}
        case ResidentAnswered(text=text):
            task = _task_of(after, letter.recipient)
            return {"note": text, "resolve_by": task.resolve_by if task is not None else None}
        case AssignmentAccepted() | ProgressReported() | AssignmentPaused() | AssignmentResumed() | ResidentAsked() if (
            letter.kind is LetterKind.CONTINUED
        ):
            return _continued(event, after)
        case ResidentAsked(question=question, until=until):
            return {"note": question, "until": until, "department": after.department_of(event.assignment)}
        case FeedbackAsked(until=until):
            done = next((e for e in reversed(moment.earlier) if isinstance(e, AssignmentResolved)), None)
            who = after.department_of(done.assignment) if done is not None else None
            return {"note": done.note if done is not None else None, "until": until, "department": who}
        case PromiseExtended(until=until, note=note):
            task = moment.before.assignment(event.assignment) if moment.before is not None else None
            return {"note": note, "until": until, "promise_before": task.resolve_by if task is not None else None}
        case CommentAdded(note=note) | DecisionRecorded(note=note):
            return {"note": note}
        case CaseInspected(note=note):
            return {"note": note, "until": after.feedback_until}
        case CaseMerged(into=into):
            return {"into": into}
        case CaseSplit(apart_from=apart_from, note=note):
            return {"into": apart_from, "note": note}
        case OfferMade() | OfferAdopted() | AdopterReminded() | OfferAccounted() | OfferReturned():
            return _offer(event, after)
        case CaseClosed(outcome=outcome, note=note):
            return {"outcome": outcome.value, "note": note}
        case _:
            return {}


def _offer(
    event: OfferMade | OfferAdopted | AdopterReminded | OfferAccounted | OfferReturned, case: Case
) -> dict[str, Any]:
    """What was offered; of an end what was written with it, and where it leaves the departments."""
    offer = next(offer for offer in case.offers if offer.id == event.offer)
    told = {"amount": offer.amount, "until": offer.account_by or offer.until, "note": offer.note}
    match event:
        case OfferAccounted(spent=spent, note=note):
            return {**told, "spent": spent, "note": note}
        case OfferReturned(ending=ending, note=note):
            return {**told, "ending": ending.value, "note": note, "resolve_by": case.promised_by}
        case _:
            return told


def _continued(
    event: AssignmentAccepted | ProgressReported | AssignmentPaused | AssignmentResumed | ResidentAsked, case: Case
) -> dict[str, Any]:
    """What a partner told by a link, as it is told back."""
    task = case.assignment(event.assignment)
    told = {"answer": _ANSWERS[event.kind], "department": task and task.department}
    match event:
        case AssignmentPaused(until=until, note=note):
            return {**told, "until": until, "note": note}
        case ResidentAsked(until=until, question=question):
            return {**told, "until": until, "note": question}
        case AssignmentAccepted(note=note) | ProgressReported(note=note):
            told["note"] = note
    terms = {"planned": task.planned_for, "resolve_by": task.resolve_by} if task is not None else {}
    return {**told, **terms}


def _handed_over(moment: Moment, assignment: AssignmentId | None) -> dict[str, Any]:
    """Who gave the task away in the same instant, with what words; else whom it concerns."""
    for event in moment.together:
        match event:
            case AssignmentDeclined(assignment=id, cause=cause, note=note) if id == assignment:
                return {"department": moment.after.department_of(id), "cause": cause.value, "handover": note}
            case AssignmentTransferred(assignment=id, note=note) if id == assignment:
                return {"department": moment.after.department_of(id), "handover": note}
    return {"department": moment.after.department_of(assignment)}


def _feedback(moment: Moment) -> NoteId | None:
    return next((e.comment for e in moment.together if isinstance(e, FeedbackGiven)), None)


def _terms(case: Case, assignment: AssignmentId | None) -> dict[str, Any]:
    task = case.assignment(assignment) if assignment is not None else None
    return {} if task is None else {"respond_by": task.respond_by, "resolve_by": task.resolve_by}


def _task_of(case: Case, recipient: str) -> Assignment | None:
    return next((a for a in case.live if recipient == f"department:{a.department}"), None)
