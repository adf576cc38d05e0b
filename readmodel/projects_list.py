"""The projects that someone may know of, and the rounds in which residents may react."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import Session

from domain.case import Case
from domain.events import Happened
from domain.projects.reactions import ReactionState, reactions
from domain.projects.state import Participation, Project
from domain.rulebook import Rulebook
from domain.words import CaseId, Kind, NoteId
from readmodel.cases import CaseItem
from readmodel.codec import case_from_json, rulebook_from_json
from readmodel.eventlog import happened_in
from readmodel.new_projects import title_note
from readmodel.parties import Party
from readmodel.schema import CASE_PARTIES, CASES, EVENT_LOG, NOTES, RULEBOOKS
from readmodel.sight import EVERYTHING, Sight


@dataclass(frozen=True, slots=True)
class ProjectItem:
    """A project in a list; `title` is blank where it was erased."""

    case: Case
    project: Project
    rules: Rulebook
    title: str


@dataclass(frozen=True, slots=True)
class RoundItem:
    """A project on which residents were asked something."""

    case: Case
    project: Project
    participation: Participation
    title: str
    question: str


def projects(session: Session, sight: Sight, since: datetime, most: int) -> list[ProjectItem]:
    """Those under way and those that ended since then, the newest first."""
    return _found(session, sight, or_(CASES.c.closed_at.is_(None), CASES.c.closed_at >= since), most)


def under_way(session: Session, sight: Sight, most: int) -> list[ProjectItem]:
    return _found(session, sight, CASES.c.closed_at.is_(None), most)


def rounds(session: Session, most: int, *, under_way: bool = False) -> list[RoundItem]:
    """The projects on which residents were asked, the newest first; only those under way, where so asked."""
    conditions = (CASES.c.closed_at.is_(None),) if under_way else ()
    asked = [
        (item, item.project.participation)
        for item in _found(session, EVERYTHING, and_(true(), *conditions), most)
        if item.project.participation is not None
    ]
    texts = _texts(session, [participation.question for _, participation in asked])
    return [RoundItem(i.case, i.project, p, i.title, texts.get(p.question, "")) for i, p in asked]


def reactions_waiting(session: Session, case_ids: Sequence[CaseId]) -> Mapping[CaseId, int]:
    """How many reactions nobody has looked at yet, where there are any."""
    query = (
        select(EVENT_LOG)
        .where(EVENT_LOG.c.case_id.in_(case_ids), EVENT_LOG.c.kind.in_(("reaction_received", "reaction_moderated")))
        .order_by(EVENT_LOG.c.case_id, EVENT_LOG.c.seq)
    )
    told: dict[CaseId, list[Happened]] = {}
    for row in session.connection().execute(query):
        told.setdefault(CaseId(row.case_id), []).append(happened_in(row))
    return {id: sum(one.state is ReactionState.WAITING for one in reactions(story)) for id, story in told.items()}


def titles_of(session: Session, items: Iterable[CaseItem]) -> Mapping[CaseId, str]:
    """Of those among these cases that are projects."""
    notes = {title_note(item.case_id): item.case_id for item in items if item.kind is Kind.PROJECT}
    texts = _texts(session, list(notes)) if notes else {}
    return {case_id: texts[note] for note, case_id in notes.items() if texts.get(note)}


def _found(session: Session, sight: Sight, condition: ColumnElement[bool], most: int) -> list[ProjectItem]:
    query = (
        select(CASES.c.state, RULEBOOKS.c.body)
        .join(RULEBOOKS, RULEBOOKS.c.version == CASES.c.rules)
        .where(CASES.c.case_id.in_(_concerned(sight)), condition)
        .order_by(CASES.c.opened_at.desc(), CASES.c.case_id)
        .limit(most)
    )
    found = [(case_from_json(row.state), row.body) for row in session.connection().execute(query)]
    told = [(case, case.project, body) for case, body in found if case.project is not None]
    titles = _texts(session, [project.title for _, project, _ in told])
    return [ProjectItem(c, p, rulebook_from_json(body), titles.get(p.title, "")) for c, p, body in told]


def _concerned(sight: Sight) -> Select[tuple[str]]:
    """The projects in which these have a say: gathered from the parties, of which there are few."""
    query = select(CASE_PARTIES.c.case_id).distinct()
    if sight.departments is not None:
        return query.where(CASE_PARTIES.c.kind == Party.DEPARTMENT, CASE_PARTIES.c.party.in_(sight.departments))
    of_places = query.where(CASE_PARTIES.c.kind == Party.NEIGHBOURHOOD)
    if sight.neighbourhoods is None:
        return of_places
    return of_places.where(CASE_PARTIES.c.party.in_(sight.neighbourhoods))


def _texts(session: Session, notes: Sequence[NoteId]) -> Mapping[NoteId, str]:
    query = select(NOTES.c.note_id, NOTES.c.text).where(NOTES.c.note_id.in_(notes))
    return {NoteId(row.note_id): row.text for row in session.connection().execute(query)}
