"""Documents that come with a project: plans, drawings, notes, open to all who may read the project."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType, cast
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Table, delete, func, select
from sqlalchemy.orm import Session

from domain.actor import Actor
from domain.words import CaseId
from readmodel.project_tables import DocumentRow

DocumentId = NewType("DocumentId", str)

MOST = 5
"""Sent at once."""
MOST_OF_A_CASE = 40


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
    at: datetime


class TooManyDocuments(Exception):
    """The project holds as many as it can hold."""


_TABLE = cast(Table, DocumentRow.__table__)


def put_documents(
    session: Session, case_id: CaseId, documents: Sequence[NewDocument], by: Actor, now: datetime
) -> None:
    """Keeps them after those that there are. Raises TooManyDocuments."""
    if not documents:
        return
    connection = session.connection()
    taken = connection.execute(select(func.count()).where(_TABLE.c.case_id == case_id)).scalar_one()
    if taken + len(documents) > MOST_OF_A_CASE:
        raise TooManyDocuments
    rows = [
        {
            "id": str(uuid5(NAMESPACE_URL, f"aanjager:document:{case_id}/{position}")),
            "case_id": case_id,
            "public": True,
            "name": document.name,
            "media_type": document.media_type,
            "size": len(document.content),
            "by_role": by.role.value,
            "by_id": by.id,
            "at": now,
            "content": document.content,
        }
        for position, document in enumerate(documents, taken)
    ]
    connection.execute(_TABLE.insert(), rows)


def documents_of(session: Session, case_id: CaseId) -> tuple[Document, ...]:
    """In the order in which they came."""
    columns = (_TABLE.c.id, _TABLE.c.name, _TABLE.c.media_type, _TABLE.c.size, _TABLE.c.at)
    query = select(*columns).where(_TABLE.c.case_id == case_id).order_by(_TABLE.c.at, _TABLE.c.id)
    return tuple(
        Document(DocumentId(row.id), row.name, row.media_type, row.size, row.at)
        for row in session.connection().execute(query)
    )


def document(session: Session, case_id: CaseId, wanted: str) -> NewDocument | None:
    """The document of this case with its content."""
    query = select(_TABLE.c.name, _TABLE.c.media_type, _TABLE.c.content)
    row = session.connection().execute(query.where(_TABLE.c.case_id == case_id, _TABLE.c.id == wanted)).one_or_none()
    return NewDocument(row.name, row.media_type, row.content) if row is not None else None


def erase_documents(session: Session, case_id: CaseId) -> None:
    session.connection().execute(delete(_TABLE).where(_TABLE.c.case_id == case_id))
