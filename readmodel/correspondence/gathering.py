"""What a letter tells, read from what had happened when it was written, so that it reads the same at any later time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.case import Assignment, Case
from domain.city import City, LocalText
from domain.escalation import ladder
from domain.events import (
    AssignmentDeclined,
    AssignmentResolved,
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
    PromiseExtended,
    ResidentAnswered,
    ResidentAsked,
)
from domain.words import AssignmentId, CaseId, DepartmentId, NoteId, Term
from readmodel.codec import rulebook_from_json
from readmodel.correspondence.addressing import LEADERSHIP, Addressee, addressee, is_resident
from readmodel.correspondence.told import Told
from readmodel.correspondence.wording import on_one_line, readable
from readmodel.eventlog import as_of, timeline
from readmodel.notes import get_note
from readmodel.outbox import Outgoing
from readmodel.schema import CASES, REPORTS, RULEBOOKS

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class _Moment:
    """The event of a letter among all that happened in the same instant."""

    at: datetime
    event: Event
    together: tuple[Event, ...]
    earlier: tuple[Event, ...]
    """Everything up to and including the letter's event."""
    before: Case | None
    after: Case


def gather(session: Session, city: City, public_url: str, letters: Sequence[Outgoing]) -> list[Told]:
    """What each letter tells; a follower's link carries their secret."""
    stories: dict[str, tuple[Happened, ...]] = {}
    for letter in letters:
        if letter.case_id not in stories:
            stories[letter.case_id] = timeline(session, CaseId(letter.case_id))
    return [
        _told(session, city, public_url, letter, _moment(stories[letter.case_id], letter.seq)) for letter in letters
    ]


def _moment(story: tuple[Happened, ...], seq: int) -> _Moment:
    own = story[seq - 1]
    together = tuple(h for h in story if h.at == own.at)
    return _Moment(
        at=own.at,
        event=own.event,
        together=tuple(h.event for h in together),
        earlier=tuple(h.event for h in story[:seq]),
        before=as_of(story[: seq - 1], seq - 1) if seq > 1 else None,
        after=as_of(story, together[-1].seq),
    )


def _told(session: Session, city: City, public_url: str, letter: Outgoing, moment: _Moment) -> Told:
    language = readable(letter.language)
    reader = addressee(session, city, letter.recipient)
    to_resident = is_resident(letter.recipient)
    case = moment.after
    service = city.services.get(case.service)
    neighbourhood = city.neighbourhoods.get(case.neighbourhood)

    def named(text: LocalText) -> str:
        return text.get(language) or next(iter(text.values()))

    def department(id: DepartmentId) -> str:
        found = city.departments.get(id)
        return named(found.name) if found is not None else id

    told = Told(
        letter=letter.id,
        kind=letter.kind,
        language=language,
        to_resident=to_resident,
        city=city.name,
        number=case.number,
        service=named(service.name) if service is not None else case.service,
        neighbourhood=neighbourhood.name if neighbourhood is not None else case.neighbourhood,
        urgent=case.urgent,
        under_way=bool(case.live) and case.promised_by is not None and case.promised_by > moment.at,
        opened=case.opened_at,
        link=_link(public_url, case, reader, to_resident),
        name=polite(reader.name) if to_resident else None,
        departments=tuple(dict.fromkeys(department(a.department) for a in case.live)),
        promise=case.promised_by,
    )
    found = _of_event(moment, letter)
    for key in ("note", "handover", "feedback"):
        found[key] = _text(session, found.get(key))
    if (concerned := found.get("department")) is not None:
        found["department"] = department(concerned)
    if found.get("into") is not None:
        found["into"] = session.scalar(select(CASES.c.number).where(CASES.c.case_id == found["into"]))
    if isinstance(moment.event, EscalationRaised) and not _climbs(session, case, moment.event):
        found["climbs_at"] = None
    if not to_resident:
        report = session.execute(select(REPORTS).where(REPORTS.c.case_id == case.case_id)).one_or_none()
        found["description"] = report.description if report is not None else None
        found["address"] = on_one_line(report.address) if report is not None and report.address else None
    told = _local(replace(told, **found), ZoneInfo(city.timezone))
    return told.without_free_text() if letter.recipient == LEADERSHIP else told


def _of_event(moment: _Moment, letter: Outgoing) -> dict[str, Any]:
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
        case EscalationRaised():
            raised = {"reason": event.reason.value, "climbs_at": event.climbs_at, "feedback": _feedback(moment)}
            return {**_terms(after, event.assignment), **_handed_over(moment, event.assignment), **raised}
        case ResidentAnswered(text=text):
            task = _task_of(after, letter.recipient)
            return {"note": text, "resolve_by": task.resolve_by if task is not None else None}
        case ResidentAsked(question=question, until=until):
            return {"note": question, "until": until, "department": _department(after, event.assignment)}
        case FeedbackAsked(until=until):
            done = next((e for e in reversed(moment.earlier) if isinstance(e, AssignmentResolved)), None)
            who = _department(after, done.assignment) if done is not None else None
            return {"note": done.note if done is not None else None, "until": until, "department": who}
        case PromiseExtended(until=until, note=note):
            task = moment.before.assignment(event.assignment) if moment.before is not None else None
            return {"note": note, "until": until, "promise_before": task.resolve_by if task is not None else None}
        case CommentAdded(note=note):
            return {"note": note}
        case CaseMerged(into=into):
            return {"into": into}
        case CaseClosed(outcome=outcome, note=note):
            return {"outcome": outcome.value, "note": note}
        case _:
            return {}


def _handed_over(moment: _Moment, assignment: AssignmentId | None) -> dict[str, Any]:
    """Who gave the task away in the same instant, with what words; else whom it concerns."""
    for event in moment.together:
        match event:
            case AssignmentDeclined(assignment=id, cause=cause, note=note) if id == assignment:
                return {"department": _department(moment.after, id), "cause": cause.value, "handover": note}
            case AssignmentTransferred(assignment=id, note=note) if id == assignment:
                return {"department": _department(moment.after, id), "handover": note}
    return {"department": _department(moment.after, assignment)}


def _feedback(moment: _Moment) -> NoteId | None:
    return next((e.comment for e in moment.together if isinstance(e, FeedbackGiven)), None)


def _climbs(session: Session, case: Case, raised: EscalationRaised) -> bool:
    """Whether a rung is left above this one."""
    body = session.scalar(select(RULEBOOKS.c.body).join(CASES).where(CASES.c.case_id == case.case_id))
    if body is None:
        return False
    rules = rulebook_from_json(body)
    return raised.level < len(ladder(rules.urgent_policy if case.urgent else rules.policy, raised.reason))


def _terms(case: Case, assignment: AssignmentId | None) -> dict[str, Any]:
    task = case.assignment(assignment) if assignment is not None else None
    return {} if task is None else {"respond_by": task.respond_by, "resolve_by": task.resolve_by}


def _department(case: Case, assignment: AssignmentId | None) -> DepartmentId | None:
    task = case.assignment(assignment) if assignment is not None else None
    return task.department if task is not None else None


def _task_of(case: Case, recipient: str) -> Assignment | None:
    return next((a for a in case.live if recipient == f"department:{a.department}"), None)


def _text(session: Session, note: NoteId | None) -> str | None:
    """None for a text that was erased."""
    found = get_note(session, note) if note is not None else None
    return found.text.strip() or None if found is not None else None


def _link(public_url: str, case: Case, reader: Addressee, to_resident: bool) -> str:
    if not to_resident:
        return f"{public_url}/cases/{case.case_id}"
    return f"{public_url}/follow/{reader.token or '…'}"


def polite(name: str | None) -> str | None:
    """A name to greet with; what looks like a link or an address is none: anyone may write to anyone by reporting."""
    name = on_one_line(name or "")
    return name if name and len(name) <= LONGEST_NAME and not set(name) & set("/@:<>") else None


def _local(told: Told, zone: ZoneInfo) -> Told:
    values = ((name, getattr(told, name)) for name in Told.__slots__)
    times: dict[str, Any] = {name: at.astimezone(zone) for name, at in values if isinstance(at, datetime)}
    return replace(told, **times)


def follow_links_hidden(letters: Sequence[Told], public_url: str) -> list[Told]:
    """For readers other than the resident: the secret of their link is left out."""
    return [replace(t, link=f"{public_url}/follow/…") if t.to_resident else t for t in letters]
