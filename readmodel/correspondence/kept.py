"""The letters of a case as pages show them, whether they were sent or kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.city import City
from domain.words import CaseId
from readmodel import outbox
from readmodel.correspondence.gathering import gather
from readmodel.correspondence.rendering import Text, render
from readmodel.letters import LetterKind, LetterStatus
from readmodel.links import Links


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
    session: Session, city: City, public_url: str, case_id: CaseId, *, key: bytes | None = None
) -> list[KeptLetter]:
    """Oldest first. The secrets of links are left out, unless the reader may act as those they were for (`key`)."""
    letters = outbox.of_case(session, case_id)
    told = gather(session, city, Links(public_url, key), letters)
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
