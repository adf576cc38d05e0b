"""Who is told what when something happens: the letters that an event causes, without addresses or texts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from domain.case import Assignment, Case
from domain.events import (
    AssignmentAccepted,
    AssignmentPaused,
    AssignmentResumed,
    CaseClosed,
    CaseMerged,
    CaseOpened,
    CaseReopened,
    CommentAdded,
    DepartmentAssigned,
    DepartmentReminded,
    EscalationRaised,
    Event,
    FeedbackAsked,
    Happened,
    PlacementNeeded,
    ProgressReported,
    PromiseExtended,
    ResidentAnswered,
    ResidentAsked,
)
from domain.initiatives.events import AdopterReminded, OfferAccounted, OfferAdopted, OfferReturned
from domain.initiatives.state import Ending
from domain.inspections.events import CaseInspected
from domain.inspections.rules import contradicts
from domain.joining.events import CaseSplit
from domain.projects.events import ReactionReceived
from domain.structural.events import ReviewDue
from domain.teams.events import DecisionRecorded
from domain.words import AssignmentId, Outcome, Role, Rung, Term

Facts = dict[str, str | int | None]

BY_LINK = "link:"
"""How the id of whoever acts by a link in a letter begins."""


class LetterKind(StrEnum):
    """What a letter is about."""

    RECEIPT = "receipt"
    ASSIGNED = "assigned"
    REOPENED = "reopened"
    PLACE = "place"
    REMINDER = "reminder"
    REVIEW = "review"
    ESCALATION = "escalation"
    CONTRADICTED = "contradicted"
    ASKED = "asked"
    ANSWERED = "answered"
    CONTINUED = "continued"
    RESOLVED = "resolved"
    EXTENDED = "extended"
    NEWS = "news"
    MERGED = "merged"
    SPLIT = "split"
    CLOSED = "closed"
    AGENDA = "agenda"
    MEETING_MOVED = "meeting_moved"
    MEETING_CANCELLED = "meeting_cancelled"
    MINUTES_DUE = "minutes_due"
    MINUTES = "minutes"
    ADOPTED = "adopted"
    ACCOUNT = "account"
    ACCOUNTED = "accounted"
    RETURNED = "returned"
    SHORT = "short"
    ADVISE = "advise"
    ADVICE = "advice"
    SUMMARISE = "summarise"
    THANKS = "thanks"
    OUTCOME = "outcome"
    WEBHOOK_DISABLED = "webhook_disabled"


class LetterStatus(StrEnum):
    """How far a letter has come; `kept`: shown, not sent, because there is no mail server; `unwanted`: not sent because
    its reader wants no more letters."""

    WAITING = "waiting"
    HANDED_OVER = "handed_over"
    SENT = "sent"
    KEPT = "kept"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    UNWANTED = "unwanted"


class FollowerRole(StrEnum):
    """Why someone follows a case."""

    REPORTER = "reporter"
    SUPPORTER = "supporter"
    PARTICIPANT = "participant"
    """Reacted to what residents were asked about a project."""
    ADOPTER = "adopter"


@dataclass(frozen=True, slots=True)
class Follower:
    """Someone who follows the case, as far as sending letters is concerned."""

    id: str
    role: FollowerRole
    reachable: bool
    """Whether there is an e-mail address to write to, and letters are wanted."""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one recipient: `follower:ID`, `department:ID`, `head:ID`, `manager:ID` or `leadership`."""

    kind: LetterKind
    recipient: str
    urgent: bool
    facts: Facts = field(default_factory=dict)
    language: str | None = None
    """Absent: the city's default."""

    @property
    def digest(self) -> str | None:
        """Letters to staff that can wait are bundled by recipient; residents get theirs one by one, at once.

        So does whoever just answered by a link: the next link is in it.
        """
        at_once = self.urgent or self.kind is LetterKind.CONTINUED or self.recipient.startswith("follower:")
        return None if at_once else self.recipient


def concerns_followers(event: Event) -> bool:
    """Whether the event is told to those who follow the case, so that they are worth looking up."""
    return isinstance(
        event,
        CaseOpened
        | ResidentAsked
        | FeedbackAsked
        | PromiseExtended
        | CaseReopened
        | CaseMerged
        | CaseSplit
        | CaseClosed
        | OfferAdopted
        | AdopterReminded
        | OfferReturned
        | ReactionReceived,
    ) or (isinstance(event, CommentAdded | DecisionRecorded) and event.public)


def letters_for(
    before: Case | None,
    happened: Happened,
    after: Case,
    followers: Sequence[Follower] = (),
    last_resolution: str | None = None,
) -> list[Letter]:
    """The letters that the event causes. `last_resolution`: the note in which a department last said what it did."""
    event = happened.event
    match event:
        case DepartmentAssigned() | PlacementNeeded() | DepartmentReminded() | EscalationRaised() | ResidentAnswered():
            return list(_to_staff(before, event, after))
        case ReviewDue():
            due: Facts = {"review_by": event.review_by.isoformat()}
            return [Letter(LetterKind.REVIEW, f"manager:{after.neighbourhood}", after.urgent, due)]
        case CaseInspected(found=found):
            return _contradicted(happened, after) if contradicts(after, found) else []
        case CaseOpened():
            reporters = [f for f in followers if f.role is FollowerRole.REPORTER]
            return _to_followers(reporters, LetterKind.RECEIPT, {})
        case AssignmentAccepted() | ProgressReported() | AssignmentPaused() | AssignmentResumed():
            return _continued(happened, event.assignment, after)
        case ResidentAsked():
            question: Facts = {"note": event.question, "until": event.until.isoformat()}
            asked = _to_followers(followers, LetterKind.ASKED, question, urgent=True)
            return asked + _continued(happened, event.assignment, after)
        case FeedbackAsked():
            done: Facts = {"note": last_resolution, "until": event.until.isoformat()}
            return _to_followers(followers, LetterKind.RESOLVED, done)
        case PromiseExtended():
            return _to_followers(followers, LetterKind.EXTENDED, {"note": event.note, "until": event.until.isoformat()})
        case CommentAdded(public=True) | DecisionRecorded(public=True):
            return _to_followers(followers, LetterKind.NEWS, {"note": event.note})
        case CaseReopened():
            return _to_followers(followers, LetterKind.REOPENED, {"round": event.round})
        case CaseMerged():
            return _to_followers(followers, LetterKind.MERGED, {"into": event.into})
        case CaseSplit():
            return _to_followers(followers, LetterKind.SPLIT, {"note": event.note, "into": event.apart_from})
        case CaseClosed() if event.outcome is not Outcome.MERGED and after.project is None:
            return _to_followers(followers, LetterKind.CLOSED, {"outcome": event.outcome.value, "note": event.note})
        case OfferAdopted() | AdopterReminded() | OfferAccounted() | OfferReturned():
            return list(_about_offer(before, event, after, followers))
        case _:
            return []


def _contradicted(happened: Happened, after: Case) -> list[Letter]:
    """A manager who went to look knows already."""
    knows = happened.by is not None and happened.by.role is Role.NEIGHBOURHOOD_MANAGER
    return [] if knows else [Letter(LetterKind.CONTRADICTED, f"manager:{after.neighbourhood}", True)]


def _about_offer(
    before: Case | None,
    event: OfferAdopted | AdopterReminded | OfferAccounted | OfferReturned,
    after: Case,
    followers: Sequence[Follower],
) -> Iterator[Letter]:
    """Whoever took it on, the manager and the departments; of an end of the case itself its followers hear anyway."""
    offer = after.offers[-1]
    adopters = [follower for follower in followers if follower.id == offer.adopter]
    manager = f"manager:{after.neighbourhood}"
    departments = [f"department:{id}" for id in dict.fromkeys(task.department for task in after.live)]
    match event:
        case OfferAdopted():
            yield from _to_followers(adopters, LetterKind.ADOPTED, {})
            yield from (Letter(LetterKind.ADOPTED, staff, after.urgent) for staff in (manager, *departments))
        case AdopterReminded():
            yield from _to_followers(adopters, LetterKind.ACCOUNT, {})
        case OfferAccounted():
            yield from (Letter(LetterKind.ACCOUNTED, staff, after.urgent) for staff in (manager, *departments))
        case OfferReturned(ending=ending) if ending is not Ending.CLOSED:
            yield from _to_followers(adopters, LetterKind.RETURNED, {})
            yield from (Letter(LetterKind.RETURNED, staff, after.urgent) for staff in (manager, *departments))


def _continued(happened: Happened, assignment: AssignmentId, after: Case) -> list[Letter]:
    """Whoever answers by a link has used it up: the next one comes by letter, as long as there is something to do."""
    by, task = happened.by, after.assignment(assignment)
    if by is None or not by.id.startswith(BY_LINK) or task is None or not task.live:
        return []
    return [Letter(LetterKind.CONTINUED, f"department:{task.department}", after.urgent, {"assignment": assignment})]


def _to_followers(followers: Sequence[Follower], kind: LetterKind, facts: Facts, urgent: bool = False) -> list[Letter]:
    return [Letter(kind, f"follower:{f.id}", urgent, facts, f.language) for f in followers if f.reachable]


def _to_staff(
    before: Case | None,
    event: DepartmentAssigned | PlacementNeeded | DepartmentReminded | EscalationRaised | ResidentAnswered,
    after: Case,
) -> Iterator[Letter]:
    match event:
        case DepartmentAssigned():
            again = any(a.department == event.department and a.round < after.round for a in after.assignments)
            kind = LetterKind.REOPENED if again else LetterKind.ASSIGNED
            if after.project is not None:
                kind = LetterKind.ADVICE
            facts: Facts = {
                "assignment": event.assignment,
                "respond_by": event.respond_by.isoformat() if event.respond_by else None,
                "resolve_by": event.resolve_by.isoformat(),
                "note": event.note,
            }
            yield Letter(kind, f"department:{event.department}", after.urgent, facts)
        case PlacementNeeded():
            if event.place_by is None:
                return  # the escalation raised with it asks the same of the same manager
            need: Facts = {
                "reason": event.reason.value,
                "assignment": event.assignment,
                "place_by": event.place_by.isoformat(),
            }
            yield Letter(LetterKind.PLACE, f"manager:{after.neighbourhood}", after.urgent, need)
        case DepartmentReminded():
            task = after.assignment(event.assignment)
            if task is not None:
                due = task.respond_by if event.term is Term.RESPOND else task.resolve_by
                reminder: Facts = {
                    "assignment": task.id,
                    "term": event.term.value,
                    "due": due.isoformat() if due else None,
                }
                yield Letter(LetterKind.REMINDER, f"department:{task.department}", after.urgent, reminder)
        case EscalationRaised():
            raised: Facts = {
                "escalation": event.escalation,
                "assignment": event.assignment,
                "reason": event.reason.value,
                "level": event.level,
            }
            yield Letter(LetterKind.ESCALATION, _rung(event, after), True, raised)
        case ResidentAnswered():
            for department, assignment in {a.department: a.id for a in _asking(before or after)}.items():
                answer: Facts = {"note": event.text, "assignment": assignment}
                yield Letter(LetterKind.ANSWERED, f"department:{department}", after.urgent, answer)


def _rung(event: EscalationRaised, case: Case) -> str:
    """Where no department is concerned, the first to be told is the neighbourhood manager."""
    department = case.department_of(event.assignment)
    match event.to:
        case Rung.DEPARTMENT_HEAD if department is not None:
            return f"head:{department}"
        case Rung.CITY_LEADERSHIP:
            return "leadership"
        case _:
            return f"manager:{case.neighbourhood}"


def _asking(case: Case) -> tuple[Assignment, ...]:
    asking = tuple(a for a in case.live if a.pause is not None and a.pause.question)
    return asking or case.live
