"""One case with everything that is told about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.case import Case
from domain.events import Happened
from domain.questions import Answers
from domain.rulebook import Rulebook
from domain.words import CaseId, NoteId, Solved
from readmodel.cases import CaseItem, case_item, items
from readmodel.codec import case_from_json, rulebook_from_json
from readmodel.commitments import FollowedUp, Promised, commitments_of, promised_in
from readmodel.documents import Document, documents_of
from readmodel.eventlog import timeline
from readmodel.followers import Contact, followers_of
from readmodel.notes import Note, notes_of
from readmodel.origin import COMMITMENT
from readmodel.photos import Photo, photos_of
from readmodel.schema import CASES, FEEDBACK, REPORTS, RULEBOOKS
from readmodel.sight import EVERYTHING, Sight, reached
from readmodel.structural.bundles import Issue, PartOf, issues, part_of


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a resident said about the result; `comment` names a note."""

    seq: int
    round: int
    at: datetime
    solved: Solved
    rating: int | None
    comment: NoteId | None


@dataclass(frozen=True, slots=True)
class CaseName:
    """What a case is called, by programs and by people."""

    case_id: CaseId
    number: str


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """The case as its page shows it. Who may see `followers`, which notes and photos, is for the reader to see to."""

    item: CaseItem
    case: Case
    rules: Rulebook
    source: str | None
    source_ref: str | None
    timeline: tuple[Happened, ...]
    notes: Mapping[NoteId, Note]
    feedback: tuple[Verdict, ...]
    followers: tuple[Contact, ...]
    photos: tuple[Photo, ...]
    commitments: tuple[FollowedUp, ...] = ()
    """Of a project: what was promised, and how that stands."""
    documents: tuple[Document, ...] = ()
    """Of a project."""
    promised_in: Promised | None = None
    """Of a case that follows up what was promised about a project."""
    issues: tuple[Issue, ...] = ()
    """Of a structural case: what it bundles."""
    part_of: PartOf | None = None
    """The structural case that it belongs to."""
    answers: Answers = field(default_factory=dict)
    """To the questions of its service."""
    media_url: str | None = None
    """Of something to look at elsewhere, as whoever reported gave it."""


def case_detail(session: Session, case_id: CaseId, sight: Sight = EVERYTHING) -> CaseDetail | None:
    """None where there is no such case, or none that this sight reaches."""
    query = (
        items()
        .add_columns(CASES.c.state, CASES.c.source, CASES.c.source_ref, RULEBOOKS.c.body)
        .add_columns(REPORTS.c.answers, REPORTS.c.media_url)
        .join(RULEBOOKS, RULEBOOKS.c.version == CASES.c.rules)
        .where(CASES.c.case_id == case_id, *reached(session, sight, CASES))
    )
    row = session.connection().execute(query).one_or_none()
    if row is None:
        return None
    case = case_from_json(row.state)
    return CaseDetail(
        item=case_item(row),
        case=case,
        rules=rulebook_from_json(row.body),
        source=row.source,
        source_ref=row.source_ref,
        timeline=timeline(session, case_id),
        notes=notes_of(session, case_id),
        feedback=_feedback(session, case_id),
        followers=tuple(followers_of(session, case_id)),
        photos=photos_of(session, case_id),
        commitments=commitments_of(session, case_id) if case.project is not None else (),
        documents=documents_of(session, case_id) if case.project is not None else (),
        promised_in=promised_in(session, case_id) if row.source == COMMITMENT else None,
        issues=issues(session, case.structure.issues, sight) if case.structure is not None else (),
        part_of=part_of(session, case_id),
        answers={code: tuple(values) for code, values in (row.answers or {}).items()},
        media_url=row.media_url,
    )


def case_state(session: Session, case_id: CaseId, sight: Sight = EVERYTHING) -> tuple[Case, Rulebook] | None:
    """The case and its rules only, as workflows start from them; None as in `case_detail`."""
    query = (
        select(CASES.c.state, RULEBOOKS.c.body)
        .join(RULEBOOKS, RULEBOOKS.c.version == CASES.c.rules)
        .where(CASES.c.case_id == case_id, *reached(session, sight, CASES))
    )
    row = session.connection().execute(query).one_or_none()
    return (case_from_json(row.state), rulebook_from_json(row.body)) if row is not None else None


def in_sight(session: Session, case_id: CaseId, sight: Sight) -> bool:
    """Whether there is such a case, and one may know of it."""
    query = select(CASES.c.case_id).where(CASES.c.case_id == case_id, *reached(session, sight, CASES))
    return session.connection().execute(query).first() is not None


def _feedback(session: Session, case_id: CaseId) -> tuple[Verdict, ...]:
    query = select(FEEDBACK).where(FEEDBACK.c.case_id == case_id).order_by(FEEDBACK.c.seq)
    return tuple(
        Verdict(row.seq, row.round, row.at, Solved(row.solved), row.rating, row.comment)
        for row in session.connection().execute(query)
    )


def case_named(session: Session, name: str) -> CaseName | None:
    """The case with this id or this number."""
    query = select(CASES.c.case_id, CASES.c.number).where(or_(CASES.c.case_id == name, CASES.c.number == name))
    found = session.connection().execute(query).one_or_none()
    return CaseName(CaseId(found.case_id), found.number) if found is not None else None
