"""The letters of a case as pages show them, whether they were sent or kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.city import City
from domain.words import CaseId
from readmodel import outbox
from readmodel.correspondence.gathering import follow_links_hidden, gather
from readmodel.correspondence.rendering import Text, render
from readmodel.letters import LetterKind, LetterStatus


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A letter, how far it came, and what it says."""

    id: int
    kind: LetterKind
    recipient: str
    status: LetterStatus
    written_at: datetime
    sent_at: datetime | None
    error: str | None
    text: Text


def kept_letters(
    session: Session, city: City, public_url: str, case_id: CaseId, *, links: bool = False
) -> list[KeptLetter]:
    """Oldest first. The secrets of residents' links are left out, unless the reader may act as them (`links`)."""
    letters = outbox.of_case(session, case_id)
    told = gather(session, city, public_url, letters)
    if not links:
        told = follow_links_hidden(told, public_url)
    return [
        KeptLetter(
            letter.id,
            letter.kind,
            letter.recipient,
            letter.status,
            letter.created_at,
            letter.sent_at,
            letter.error,
            render([one]),
        )
        for letter, one in zip(letters, told, strict=True)
    ]
