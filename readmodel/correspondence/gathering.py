"""What a letter tells, read from what had happened when it was written, so that it reads the same at any later time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.case import Case
from domain.city import City, LocalText
from domain.escalation import rungs
from domain.events import EscalationRaised, Happened
from domain.words import CaseId, DepartmentId, NoteId
from readmodel.action_links import link_by_id, link_id
from readmodel.codec import rulebook_from_json
from readmodel.correspondence.addressing import LEADERSHIP, addressee, follower_id, is_resident
from readmodel.correspondence.meetings import told_meeting
from readmodel.correspondence.moments import Moment, moment_of, of_event
from readmodel.correspondence.of_projects import told_project
from readmodel.correspondence.of_webhooks import told_webhook
from readmodel.correspondence.rendering import AnyTold
from readmodel.correspondence.told import Told
from readmodel.correspondence.wording import on_one_line, readable
from readmodel.eventlog import timeline
from readmodel.links import Links
from readmodel.notes import get_note
from readmodel.outbox import Outgoing
from readmodel.schema import CASES, REPORTS, RULEBOOKS

LONGEST_NAME = 60


def gather(session: Session, city: City, links: Links, letters: Sequence[Outgoing]) -> list[AnyTold]:
    """What each letter tells. Where `links` hold no key, the secrets of readers' links are left out."""
    stories: dict[CaseId, tuple[Happened, ...]] = {}
    found: list[AnyTold] = []
    for letter in letters:
        if letter.webhook_id is not None:
            found.append(told_webhook(session, city, links, letter))
            continue
        if letter.case_id is None:
            found.append(told_meeting(session, city, links, letter))
            continue
        if letter.case_id not in stories:
            stories[letter.case_id] = timeline(session, letter.case_id)
        moment = moment_of(stories[letter.case_id], letter.seq)
        found.append(_told(session, city, links, letter, moment))
    return found


def _told(session: Session, city: City, links: Links, letter: Outgoing, moment: Moment) -> Told:
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
        structural=case.structure is not None,
        action=_text(session, _action(moment)),
        under_way=bool(case.live) and case.promised_by is not None and case.promised_by > moment.at,
        opened=case.opened_at,
        link=links.follow(reader.token) if to_resident else links.case(case.case_id),
        silence=links.silence(follower_id(letter.recipient)) if to_resident else None,
        name=polite(reader.name) if to_resident else None,
        departments=tuple(dict.fromkeys(department(a.department) for a in case.live)),
        promise=case.promised_by,
        project=told_project(session, city, department, moment, to_resident=to_resident),
    )
    found = of_event(moment, letter)
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
        link = link_by_id(session, link_id(case.case_id, letter.seq, letter.kind, letter.recipient))
        if link is not None:
            found |= {"task": links.task(link.id), "task_until": link.expires_at}
    told = _local(replace(told, **found), ZoneInfo(city.timezone))
    return told.without_free_text() if letter.recipient == LEADERSHIP else told


def _action(moment: Moment) -> NoteId | None:
    """What the task of the letter's event is, where it has words of its own."""
    concerned = getattr(moment.event, "assignment", None)
    task = moment.after.assignment(concerned) if concerned is not None else None
    return task.task if task is not None else None


def _climbs(session: Session, case: Case, raised: EscalationRaised) -> bool:
    """Whether a rung is left above this one."""
    body = session.scalar(select(RULEBOOKS.c.body).join(CASES).where(CASES.c.case_id == case.case_id))
    if body is None:
        return False
    rules = rulebook_from_json(body)
    policy = rules.urgent_policy if case.urgent else rules.policy
    return raised.level < len(rungs(policy, case, raised.assignment, raised.reason))


def _text(session: Session, note: NoteId | None) -> str | None:
    """None for a text that was erased."""
    found = get_note(session, note) if note is not None else None
    return found.text.strip() or None if found is not None else None


def polite(name: str | None) -> str | None:
    """A name to greet with; what looks like a link or an address is none: anyone may write to anyone by reporting."""
    name = on_one_line(name or "")
    return name if name and len(name) <= LONGEST_NAME and not set(name) & set("/@:<>") else None


def _local(told: Told, zone: ZoneInfo) -> Told:
    values = ((name, getattr(told, name)) for name in Told.__slots__)
    times: dict[str, Any] = {name: at.astimezone(zone) for name, at in values if isinstance(at, datetime)}
    return replace(told, **times)
