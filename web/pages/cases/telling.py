"""Everything that happened to a case, in words for staff: what, by whom, why, and what was written with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.case import Case
from domain.events import (
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentPaused,
    AssignmentTransferred,
    CaseClosed,
    CaseReopened,
    DepartmentAssigned,
    DepartmentReminded,
    EscalationAcknowledged,
    EscalationCleared,
    EscalationRaised,
    FeedbackAsked,
    FeedbackGiven,
    Happened,
    PlacementNeeded,
    ProgressReported,
    PromiseExtended,
    ResidentAsked,
    UrgencySet,
)
from domain.initiatives.events import AssignmentRested, OfferAccounted, OfferAdopted, OfferMade, OfferReturned
from domain.inspections.events import CaseInspected
from domain.structural.events import IssuesBundled, ReviewDue, Reviewed, StructuralWorkBegun
from domain.teams.events import DecisionRecorded
from domain.words import DepartmentId, EscalationId, MeetingId, Role
from readmodel.case_detail import CaseDetail
from readmodel.meetings import Meeting
from readmodel.notes import Note
from readmodel.photos import Photo
from web.case_view import text_of
from web.context import WebContext
from web.pages.cases.telling_projects import told_of_project
from web.pages.languages import Language
from web.pages.spans import duration_in_words

IMPORTANT = frozenset(
    {
        "assignment_declined",
        "assignment_resolved",
        "case_closed",
        "case_inspected",
        "case_merged",
        "case_opened",
        "case_reopened",
        "case_split",
        "decision_recorded",
        "decision_moved",
        "escalation_raised",
        "feedback_given",
        "point_answered",
        "offer_accounted",
        "offer_adopted",
        "offer_returned",
        "promise_extended",
    }
)
"""What someone who reads quickly must not miss."""


@dataclass(frozen=True, slots=True)
class Line:
    """One event; times are local."""

    seq: int
    at: datetime
    kind: str
    text: str
    by: str
    rule: str | None
    """What made the engine act, in words; absent where someone acted."""
    note: Note | None
    photos: tuple[Photo, ...]
    important: bool
    meeting: Meeting | None = None
    """At which it was decided."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells the events of one case to one reader; `names` are those of the people who acted.

    `meetings` are those of the neighbourhood's team at which something was decided.
    """

    context: WebContext
    reader: Language
    case: Case
    names: Mapping[str, str]
    meetings: Mapping[MeetingId, Meeting] = field(default_factory=dict)

    def lines(self, detail: CaseDetail, *, with_texts: bool) -> tuple[Line, ...]:
        """In their order."""
        return tuple(self._line(h, detail, with_texts) for h in detail.timeline)

    def department(self, id: DepartmentId | None) -> str:
        found = self.context.city.departments.get(id) if id is not None else None
        return self.reader.of(found.name) if found is not None else str(id or "")

    def _line(self, happened: Happened, detail: CaseDetail, with_texts: bool) -> Line:
        named = text_of(happened)
        note = detail.notes.get(named) if named is not None and with_texts else None
        photos: Sequence[Photo] = detail.photos if with_texts else ()
        wanted = None if happened.event.kind == "case_opened" else named
        shown = wanted is not None or happened.event.kind == "case_opened"
        meeting = self._meeting(happened)
        key = happened.event.kind if meeting is None else "decision_of_team"
        return Line(
            happened.seq,
            self.context.local(happened.at),
            happened.event.kind,
            self.reader.say(key, "happened", **self._values(happened)),
            self._by(happened),
            self.reader.named(happened.rule, "rules") if happened.rule is not None else None,
            note,
            tuple(p for p in photos if shown and p.note_id == wanted),
            happened.event.kind in IMPORTANT,
            meeting,
        )

    def _meeting(self, happened: Happened) -> Meeting | None:
        event = happened.event
        if not isinstance(event, DecisionRecorded) or event.meeting is None:
            return None
        return self.meetings.get(event.meeting)

    def _by(self, happened: Happened) -> str:
        by = happened.by
        if by is None:
            return self.reader.say("engine" if happened.rule is not None or happened.seq > 1 else "resident", "by")
        if by.role is Role.RESIDENT:
            return self.reader.say("resident", "by")
        role = self.department(by.department) if by.department is not None else self.reader.say(by.role, "roles")
        name = self.names.get(by.id)
        return self.reader.say("person", "by", name=name, role=role) if name is not None else role

    def _values(self, happened: Happened) -> dict[str, str | int]:
        event = happened.event
        values: dict[str, str | int] = {"department": self.department(self._department(happened))}
        values |= told_of_project(self.context, self.reader, self.case, event)
        match event:
            case DepartmentAssigned():
                values["when"] = self._when(event.resolve_by)
            case AssignmentAccepted() | ProgressReported():
                planned = event.planned_for
                values["planned"] = self.reader.say("planned", "by", when=self._when(planned)) if planned else ""
            case AssignmentDeclined():
                values["cause"] = self.reader.say(event.cause, "causes")
            case AssignmentTransferred():
                values["to"] = self.department(event.to)
            case AssignmentPaused():
                values |= {"cause": self.reader.say(event.cause, "causes"), "when": self._when(event.until)}
            case ResidentAsked() | FeedbackAsked() | PromiseExtended():
                values["when"] = self._when(event.until)
            case DepartmentReminded():
                values["term"] = self.reader.say(event.term, "terms")
            case EscalationRaised():
                values |= self._alert(event.escalation)
            case EscalationAcknowledged():
                cause = self.reader.say(event.cause, "causes") if event.cause is not None else None
                named = self.reader.say("limit", "by", cause=cause) if cause is not None else ""
                values |= {**self._alert(event.escalation), "when": self._when(event.held_until), "limit": named}
            case EscalationCleared():
                values |= self._alert(event.escalation)
            case StructuralWorkBegun(theme=theme, review_every=every):
                values |= {"theme": self.reader.named(theme, "themes"), "every": duration_in_words(self.reader, every)}
            case IssuesBundled(cases=cases):
                values["count"] = len(cases)
            case ReviewDue(review_by=at) | Reviewed(next_at=at):
                values["when"] = self._when(at)
            case PlacementNeeded():
                values["reason"] = self.reader.say(event.reason, "reasons")
            case UrgencySet():
                values["urgency"] = self.reader.say("urgent" if event.urgent else "ordinary", "by")
            case FeedbackGiven():
                stars = self.reader.say("rating", "by", rating=event.rating) if event.rating is not None else ""
                values |= {"solved": self.reader.say(event.solved, "verdicts"), "rating": stars}
            case DecisionRecorded() if (meeting := self._meeting(happened)) is not None:
                values["when"] = self._when(meeting.starts_at)
            case CaseInspected(found=found):
                values["found"] = self.reader.say(found, "found")
            case CaseReopened():
                values["round"] = event.round
            case OfferMade():
                values |= {"when": self._when(event.until), "amount": self.reader.euro(event.amount)}
            case AssignmentRested():
                values["when"] = self._when(event.until)
            case OfferAdopted():
                values |= {"when": self._when(event.account_by), "amount": self.reader.euro(event.amount)}
            case OfferAccounted():
                values["amount"] = self.reader.euro(event.spent)
            case OfferReturned():
                values["why"] = self.reader.say(event.ending, "offer_endings")
            case CaseClosed():
                values["outcome"] = self.reader.say(event.outcome, "outcomes")
            case _:
                pass
        return values

    def _department(self, happened: Happened) -> DepartmentId | None:
        if isinstance(happened.event, DepartmentAssigned):
            return happened.event.department
        return self.case.department_of(getattr(happened.event, "assignment", None))

    def _alert(self, id: EscalationId) -> dict[str, str | int]:
        raised = next((e for e in self.case.escalations if e.id == id), None)
        if raised is None:
            return {"to": "", "reason": "", "level": 0}
        return {
            "to": self.reader.say(raised.to, "rungs"),
            "reason": self.reader.say(raised.reason, "reasons"),
            "level": raised.level,
        }

    def _when(self, at: datetime) -> str:
        return self.reader.shortly(self.context.local(at))


def decided_at(timeline: Sequence[Happened]) -> set[MeetingId]:
    """The meetings at which something was decided about the case."""
    found = (h.event.meeting for h in timeline if isinstance(h.event, DecisionRecorded))
    return {meeting for meeting in found if meeting is not None}
