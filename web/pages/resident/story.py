"""What has happened and what comes next, in words for residents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.case import Case
from domain.events import (
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentPaused,
    AssignmentTransferred,
    CaseClosed,
    EscalationRaised,
    Happened,
    PromiseExtended,
)
from domain.initiatives.events import OfferAdopted, OfferReturned
from domain.projects.events import (
    AdviceSent,
    CommitmentMade,
    DecisionMoved,
    ParticipationMoved,
    ParticipationOpened,
    PointAnswered,
    ProjectReferred,
)
from domain.words import DepartmentId
from web.case_view import text_of
from web.context import WebContext
from web.following import Followed, department_of, readable, told
from web.pages.languages import Language
from web.views import PhotoShown, UpcomingShown


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened or will happen, at a local time."""

    at: datetime
    text: str
    note: str | None = None
    photos: tuple[PhotoShown, ...] = ()


def story(context: WebContext, language: Language, seen: Followed, photos: Sequence[PhotoShown]) -> list[Line]:
    """What happened, each with the photos that came with it; the report's own are shown with the report."""
    texts = readable(seen)
    lines = []
    for happened in told(seen.detail):
        named = text_of(happened)
        note = texts.get(named) if named is not None else None
        with_it = tuple(photo for photo in photos if photo.seq == happened.seq and happened.seq > 1)
        words = _words(context, language, seen.detail.case, happened, seen.follower.id)
        lines.append(Line(context.local(happened.at), words, note or None, with_it))
    return lines


def coming(language: Language, upcoming: Sequence[UpcomingShown]) -> list[Line]:
    """Each thing once, at its first time."""
    lines: dict[str, Line] = {}
    for due in upcoming:
        if due.reason is not None and due.to is not None:
            text = language.say(due.reason, "alerts", to=language.say(due.to, "rungs"))
        else:
            text = language.say(due.what, "next")
        lines.setdefault(text, Line(due.at, text))
    return list(lines.values())


def _words(context: WebContext, language: Language, case: Case, happened: Happened, follower: str) -> str:
    event = happened.event
    key: str = event.kind
    values = {"department": _department(context, language, department_of(happened, case))}
    match event:
        case AssignmentAccepted(planned_for=datetime() as planned_for):
            key = "assignment_accepted_planned"
            values["when"] = language.when(context.local(planned_for))
        case AssignmentDeclined():
            values["cause"] = language.say(event.cause, "causes")
        case AssignmentPaused():
            values["cause"] = language.say(event.cause, "causes")
            values["when"] = language.when(context.local(event.until))
        case AssignmentTransferred():
            values["to"] = _department(context, language, event.to)
        case EscalationRaised():
            values["to"] = language.say(event.to, "rungs")
        case OfferAdopted() if event.adopter == follower:
            key = "offer_adopted_yours"
        case OfferReturned():
            values["why"] = language.say(event.ending, "offer_endings")
        case PromiseExtended():
            values["when"] = language.when(context.local(event.until))
        case CaseClosed():
            values["outcome"] = language.say(event.outcome, "outcomes")
        case ProjectReferred() | AdviceSent() | CommitmentMade() | PointAnswered() if case.project is not None:
            values["department"] = _department(context, language, case.project.referred_by)
            if isinstance(event, PointAnswered):
                values["verdict"] = language.say(event.verdict, "point_verdicts")
        case ParticipationOpened() | ParticipationMoved():
            values["when"] = language.when(context.local(event.until))
        case DecisionMoved():
            values["when"] = language.day(event.decided_on)
    return language.say(key, "events", **values)


def _department(context: WebContext, language: Language, id: DepartmentId | None) -> str:
    department = context.city.departments.get(id) if id is not None else None
    return language.of(department.name) if department is not None else str(id or "")
