"""Free texts, which events only name: put before the command that names them, dropped when it is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.words import CaseId, NoteId, Role
from readmodel.schema import NOTES


@dataclass(frozen=True, slots=True)
class Note:
    """A text and its author; `public`: residents who follow the case may read it."""

    note_id: NoteId
    case_id: CaseId
    text: str
    public: bool
    author_role: Role
    author_id: str
    at: datetime


_PUT = {
    "sqlite": sqlite.insert(NOTES).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(NOTES).on_conflict_do_nothing(),
}


def put_notes(session: Session, notes: Sequence[Note]) -> None:
    """Keeps the texts; one that is there already stays as it was, so repeating changes nothing."""
    if not notes:
        return
    rows = [
        {
            "note_id": note.note_id,
            "case_id": note.case_id,
            "text": note.text,
            "public": note.public,
            "author_role": note.author_role.value,
            "author_id": note.author_id,
            "at": note.at,
        }
        for note in notes
    ]
    connection = session.connection()
    connection.execute(_PUT[connection.dialect.name], rows)


def get_note(session: Session, note_id: NoteId) -> Note | None:
    row = session.connection().execute(select(NOTES).where(NOTES.c.note_id == note_id)).one_or_none()
    return Note(**{**row._mapping, "author_role": Role(row.author_role)}) if row is not None else None


def notes_of(session: Session, case_id: CaseId) -> dict[NoteId, Note]:
    """All texts of the case, by id."""
    rows = session.connection().execute(select(NOTES).where(NOTES.c.case_id == case_id))
    notes = (Note(**{**row._mapping, "author_role": Role(row.author_role)}) for row in rows)
    return {note.note_id: note for note in notes}


def drop_notes(session: Session, note_ids: Sequence[NoteId]) -> None:
    """Forgets texts whose command was refused; their photos go with them."""
    session.connection().execute(delete(NOTES).where(NOTES.c.note_id.in_(note_ids)))
