"""Service requests as everyone may read them: nothing that a resident wrote, and nothing about people."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, select
from sqlalchemy.orm import Session

from domain.words import CaseId, DepartmentId, Kind, NeighbourhoodId, NoteId, Outcome, Role, ServiceCode, Stage
from readmodel.photos import PhotoId
from readmodel.schema import CASES, EVENT_LOG, NOTES, PHOTOS

MOST = 1000
"""At once."""
TOLD = (
    "assignment_resolved",
    "case_closed",
    "case_split",
    "comment_added",
    "decision_recorded",
    "offer_made",
    "promise_extended",
)
"""The events whose text staff write for all who follow a case; a question is for whoever it is put to."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests: those named, or those opened in a span (both ends inclusive), the latest first."""

    ids: Sequence[str] = ()
    """Numbers, or ids of cases."""
    services: Sequence[str] = ()
    """None: all."""
    since: datetime | None = None
    until: datetime | None = None
    open: bool | None = None
    page: int = 1
    page_size: int = MOST


@dataclass(frozen=True, slots=True)
class PublicRequest:
    """A case as everyone may know it; `note` is what residents were last told, `photo` what they were last shown."""

    case_id: CaseId
    number: str
    service: ServiceCode
    neighbourhood: NeighbourhoodId
    stage: Stage
    outcome: Outcome | None
    departments: tuple[DepartmentId, ...]
    opened_at: datetime
    updated_at: datetime
    promised_by: datetime | None
    closed_at: datetime | None
    lat: float | None
    lon: float | None
    note: str | None
    photo: PhotoId | None


_COLUMNS: Select[Any] = select(
    CASES.c.case_id,
    CASES.c.number,
    CASES.c.service,
    CASES.c.neighbourhood,
    CASES.c.stage,
    CASES.c.outcome,
    CASES.c.departments,
    CASES.c.opened_at,
    CASES.c.promised_by,
    CASES.c.closed_at,
    CASES.c.lat,
    CASES.c.lon,
    EVENT_LOG.c.at,
).outerjoin(EVENT_LOG, and_(EVENT_LOG.c.case_id == CASES.c.case_id, EVENT_LOG.c.seq == CASES.c.version))


def public_requests(session: Session, wanted: Wanted, private: Collection[ServiceCode]) -> list[PublicRequest]:
    """One page; issues only, and none of the services that are about people."""
    connection = session.connection()
    first = (wanted.page - 1) * wanted.page_size
    if wanted.ids:
        ids = _named(session, wanted.ids, private)[first : first + wanted.page_size]
    else:
        here = (
            select(CASES.c.case_id)
            .where(CASES.c.kind == Kind.ISSUE.value, CASES.c.service.not_in(private), *_conditions(wanted))
            .order_by(CASES.c.opened_at.desc(), CASES.c.case_id.desc())
            .offset(first)
            .limit(wanted.page_size)
        )
        ids = connection.execute(here).scalars().all()
    if not ids:
        return []
    rows = {row.case_id: row for row in connection.execute(_COLUMNS.where(CASES.c.case_id.in_(ids)))}
    notes = _notes(session, ids)
    photos = _photos(session, {note for told in notes.values() for note, _ in told})
    return [_request(rows[id], notes.get(id, ()), photos) for id in ids]


def _named(session: Session, names: Sequence[str], private: Collection[ServiceCode]) -> Sequence[str]:
    """Looked up one by one; to order and narrow in the database would tempt it to walk through all cases."""
    row = select(CASES.c.opened_at, CASES.c.case_id, CASES.c.kind, CASES.c.service)
    found = row.where(CASES.c.number.in_(names)).union_all(row.where(CASES.c.case_id.in_(names)))
    shown = {
        (one.opened_at, one.case_id)
        for one in session.connection().execute(found)
        if one.kind == Kind.ISSUE and one.service not in private
    }
    return [case_id for _, case_id in sorted(shown, reverse=True)]


def _conditions(wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    if wanted.services:
        yield CASES.c.service.in_(wanted.services)
    if wanted.since is not None:
        yield CASES.c.opened_at >= wanted.since
    if wanted.until is not None:
        yield CASES.c.opened_at <= wanted.until
    if wanted.open is not None:
        yield CASES.c.closed_at.is_(None) if wanted.open else CASES.c.closed_at.is_not(None)


def _notes(session: Session, ids: Sequence[str]) -> Mapping[str, list[tuple[NoteId, str]]]:
    """By case, in order, what events name: the texts of commands that were refused are not there."""
    connection = session.connection()
    events = (
        select(EVENT_LOG.c.case_id, EVENT_LOG.c.body)
        .where(EVENT_LOG.c.case_id.in_(ids), EVENT_LOG.c.kind.in_(TOLD))
        .order_by(EVENT_LOG.c.case_id, EVENT_LOG.c.seq)
    )
    named = [(row.case_id, json.loads(row.body).get("note")) for row in connection.execute(events)]
    public = select(NOTES.c.note_id, NOTES.c.text).where(
        NOTES.c.case_id.in_({case_id for case_id, _ in named}),
        NOTES.c.public.is_(True),
        NOTES.c.author_role != Role.RESIDENT.value,
    )
    texts = {row.note_id: row.text for row in connection.execute(public)} if named else {}
    told: dict[str, list[tuple[NoteId, str]]] = defaultdict(list)
    for case_id, note in named:
        if note in texts:
            told[case_id].append((NoteId(note), texts[note]))
    return told


def _photos(session: Session, notes: Collection[NoteId]) -> Mapping[NoteId, PhotoId]:
    """The first that came with each text."""
    if not notes:
        return {}
    query = select(PHOTOS.c.note_id, PHOTOS.c.id).where(PHOTOS.c.note_id.in_(notes), PHOTOS.c.position == 0)
    return {NoteId(row.note_id): PhotoId(row.id) for row in session.connection().execute(query)}


def _request(row: Row[Any], notes: Sequence[tuple[NoteId, str]], photos: Mapping[NoteId, PhotoId]) -> PublicRequest:
    return PublicRequest(
        case_id=CaseId(row.case_id),
        number=row.number,
        service=ServiceCode(row.service),
        neighbourhood=NeighbourhoodId(row.neighbourhood),
        stage=Stage(row.stage),
        outcome=Outcome(row.outcome) if row.outcome is not None else None,
        departments=tuple(DepartmentId(d) for d in row.departments),
        opened_at=row.opened_at,
        updated_at=row.closed_at or row.at or row.opened_at,
        promised_by=row.promised_by,
        closed_at=row.closed_at,
        lat=row.lat,
        lon=row.lon,
        note=next((text for _, text in reversed(notes) if text), None),
        photo=next((photos[note] for note, _ in reversed(notes) if note in photos), None),
    )
