"""What staff and residents both see of a project: its documents, and what residents wrote."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.words import ReactionId
from readmodel.documents import Document
from web.documents import PDF
from web.pages.acting.acts import Act
from web.pages.languages import Language

KILO, MEGA = 1_000, 1_000_000


@dataclass(frozen=True, slots=True)
class ReactionShown:
    """What a resident wrote; the time is local."""

    id: ReactionId
    text: str
    name: str | None
    at: datetime
    state: str
    """`waiting`, `shown` or `hidden`."""
    why: str = ""
    """What the manager said about it."""
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentShown:
    """A document as it is offered."""

    id: str
    name: str
    kind: str
    size: str
    internal: bool
    """Residents do not get it."""


def documents_shown(reader: Language, documents: Iterable[Document]) -> tuple[DocumentShown, ...]:
    return tuple(
        DocumentShown(d.id, d.name, "PDF" if d.media_type == PDF else "JPEG", _size(reader, d.size), not d.public)
        for d in documents
    )


def _size(reader: Language, size: int) -> str:
    return f"{reader.number(size / MEGA, 1)} MB" if size >= MEGA else f"{reader.number(max(size / KILO, 1))} kB"
