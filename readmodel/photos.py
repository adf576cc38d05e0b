"""Photos of a report or of a command, kept with the case and as personal as its texts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NewType, cast
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import ForeignKey, LargeBinary, Row, Select, Table, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.actor import Actor
from domain.words import CaseId, NoteId, Role
from readmodel.base import Base
from readmodel.tables import CaseRow, NoteRow

PhotoId = NewType("PhotoId", str)

MOST = 5
"""With one report or one command."""
MOST_OF_A_CASE = 100


class PhotoRow(Base):
    """A photo; the large column comes last, so that SQLite passes over it when it reads the others."""

    __tablename__ = "photos"

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey(CaseRow.case_id), index=True)
    note_id: Mapped[str | None] = mapped_column(ForeignKey(NoteRow.note_id, ondelete="CASCADE"), index=True)
    """The note of the command that brought it, with which it goes; absent where the report itself brought it."""
    by_role: Mapped[str]
    by_id: Mapped[str]
    at: Mapped[datetime]
    position: Mapped[int]
    media_type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    thumbnail: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True, slots=True)
class Picture:
    """An image made ready to be kept: nothing but its pixels. `width` and `height` are those of the content."""

    content: bytes = field(repr=False)
    thumbnail: bytes = field(repr=False)
    width: int
    height: int
    media_type: str = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture that is kept, without its bytes; `note_id` as in `PhotoRow`."""

    photo_id: PhotoId
    case_id: CaseId
    note_id: NoteId | None
    by_role: Role
    by_id: str
    at: datetime
    position: int
    media_type: str
    width: int
    height: int


class TooManyPhotos(Exception):
    """The case holds as many as a case can hold."""


_TABLE = cast(Table, PhotoRow.__table__)
_PUT: dict[str, Any] = {
    "sqlite": sqlite.insert(_TABLE).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(_TABLE).on_conflict_do_nothing(),
}
_PHOTO: Select[Any] = select(*(c for c in _TABLE.c if c.name not in ("thumbnail", "content")))


def put_photos(
    session: Session, case_id: CaseId, pictures: Sequence[Picture], by: Actor, now: datetime, note: NoteId | None = None
) -> None:
    """Keeps pictures with the report, or with the note of a command, which must be there.

    The ids follow from the case or the note and the position, so repeating changes nothing. Raises TooManyPhotos.
    """
    if not pictures:
        return
    connection = session.connection()
    ids = [photo_id(case_id, note, position) for position in range(len(pictures))]
    others = select(func.count()).where(_TABLE.c.case_id == case_id, _TABLE.c.id.not_in(ids))
    if len(pictures) > MOST or connection.execute(others).scalar_one() + len(pictures) > MOST_OF_A_CASE:
        raise TooManyPhotos
    rows = [
        {
            "id": ids[position],
            "case_id": case_id,
            "note_id": note,
            "by_role": by.role.value,
            "by_id": by.id,
            "at": now,
            "position": position,
            "media_type": picture.media_type,
            "width": picture.width,
            "height": picture.height,
            "thumbnail": picture.thumbnail,
            "content": picture.content,
        }
        for position, picture in enumerate(pictures)
    ]
    connection.execute(_PUT[connection.dialect.name], rows)


def photo_id(case_id: CaseId, note: NoteId | None, position: int) -> PhotoId:
    """The id of the photo at this position, from 0, of the report or of the note."""
    return PhotoId(str(uuid5(NAMESPACE_URL, f"aanjager:photo:{case_id}/{note or ''}/{position}")))


def photos_of(session: Session, case_id: CaseId) -> tuple[Photo, ...]:
    """All of the case: those of the report first, the others in the order in which they came."""
    rows = session.connection().execute(_PHOTO.where(_TABLE.c.case_id == case_id))
    return tuple(sorted(map(_photo, rows), key=lambda p: (p.note_id is not None, p.at, p.note_id or "", p.position)))


def report_photos(session: Session, case_ids: Collection[CaseId]) -> Mapping[CaseId, PhotoId]:
    """The first photo that came with each report; cases without any are left out."""
    query = select(_TABLE.c.case_id, _TABLE.c.id).where(
        _TABLE.c.case_id.in_(case_ids), _TABLE.c.note_id.is_(None), _TABLE.c.position == 0
    )
    return {CaseId(row.case_id): PhotoId(row.id) for row in session.connection().execute(query)}


def photo(session: Session, wanted: PhotoId) -> Photo | None:
    row = session.connection().execute(_PHOTO.where(_TABLE.c.id == wanted)).one_or_none()
    return _photo(row) if row is not None else None


def photo_bytes(session: Session, wanted: PhotoId, *, small: bool = False) -> bytes | None:
    """The content, or the thumbnail."""
    column = _TABLE.c.thumbnail if small else _TABLE.c.content
    found: bytes | None = session.connection().execute(select(column).where(_TABLE.c.id == wanted)).scalar_one_or_none()
    return found


def erase_photos(session: Session, case_id: CaseId) -> None:
    session.connection().execute(delete(_TABLE).where(_TABLE.c.case_id == case_id))


def _photo(row: Row[Any]) -> Photo:
    named = row._mapping
    return Photo(
        photo_id=PhotoId(named["id"]),
        case_id=CaseId(named["case_id"]),
        note_id=NoteId(named["note_id"]) if named["note_id"] is not None else None,
        by_role=Role(named["by_role"]),
        by_id=named["by_id"],
        at=named["at"],
        position=named["position"],
        media_type=named["media_type"],
        width=named["width"],
        height=named["height"],
    )
