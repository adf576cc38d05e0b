"""Documents that come with a project: plans, drawings, notes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NewType, cast
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Table, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.actor import Actor
from domain.words import CaseId
from readmodel.project_tables import DocumentRow

DocumentId = NewType("DocumentId", str)

MOST = 5
"""Sent at once."""
MOST_OF_A_CASE = 10
_AFTER = timedelta(microseconds=1)
"""What is sent together stays in its order."""


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A file made ready to be kept."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Document:
    """A document that is kept, without its bytes; `size` counts them."""

    id: DocumentId
    name: str
    media_type: str
    size: int
    public: bool
    """Residents who are asked about the project may read it, too."""
    at: datetime


class TooManyDocuments(Exception):
    """The project holds as many as it can hold."""


_TABLE = cast(Table, DocumentRow.__table__)
_PUT: dict[str, Any] = {
    "sqlite": sqlite.insert(_TABLE).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(_TABLE).on_conflict_do_nothing(),
}


def put_documents(
    session: Session,
    case_id: CaseId,
    documents: Sequence[NewDocument],
    by: Actor,
    now: datetime,
    *,
    public: bool = True,
) -> tuple[DocumentId, ...]:
    """Keeps them, each content once: what is there already stays as it was. Raises TooManyDocuments."""
    if not documents:
        return ()
    connection = session.connection()
    ids = [_id_of(case_id, document) for document in documents]
    others = select(func.count()).where(_TABLE.c.case_id == case_id, _TABLE.c.id.not_in(ids))
    if connection.execute(others).scalar_one() + len(set(ids)) > MOST_OF_A_CASE:
        raise TooManyDocuments
    rows = [
        {
            "id": id,
            "case_id": case_id,
            "public": public,
            "name": document.name,
            "media_type": document.media_type,
            "size": len(document.content),
            "by_role": by.role.value,
            "by_id": by.id,
            "at": now + place * _AFTER,
            "content": document.content,
        }
        for place, (id, document) in enumerate(dict(zip(ids, documents, strict=True)).items())
    ]
    connection.execute(_PUT[connection.dialect.name], rows)
    return tuple(dict.fromkeys(ids))


def documents_of(session: Session, case_id: CaseId, *, public: bool = False) -> tuple[Document, ...]:
    """In the order in which they came; `public`: those only that residents may read."""
    columns = (_TABLE.c.id, _TABLE.c.name, _TABLE.c.media_type, _TABLE.c.size, _TABLE.c.public, _TABLE.c.at)
    query = select(*columns).where(_TABLE.c.case_id == case_id).order_by(_TABLE.c.at, _TABLE.c.id)
    if public:
        query = query.where(_TABLE.c.public)
    return tuple(
        Document(DocumentId(row.id), row.name, row.media_type, row.size, row.public, row.at)
        for row in session.connection().execute(query)
    )


def document(session: Session, case_id: CaseId, wanted: str, *, public: bool = False) -> NewDocument | None:
    """The document of this case with its content; `public`: only if residents may read it."""
    query = select(_TABLE.c.name, _TABLE.c.media_type, _TABLE.c.content)
    query = query.where(_TABLE.c.case_id == case_id, _TABLE.c.id == wanted)
    row = session.connection().execute(query.where(_TABLE.c.public) if public else query).one_or_none()
    return NewDocument(row.name, row.media_type, row.content) if row is not None else None


def erase_documents(session: Session, case_id: CaseId) -> None:
    session.connection().execute(delete(_TABLE).where(_TABLE.c.case_id == case_id))


def _id_of(case_id: CaseId, document: NewDocument) -> DocumentId:
    digest = hashlib.sha256(document.content).hexdigest()
    return DocumentId(str(uuid5(NAMESPACE_URL, f"aanjager:document:{case_id}/{digest}")))
