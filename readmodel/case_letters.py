"""The letters that a case has led to, as staff see them: to whom, about what, and how far they came."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.words import CaseId
from readmodel.letters import LetterKind, LetterStatus
from readmodel.schema import LETTERS


@dataclass(frozen=True, slots=True)
class CaseLetter:
    """One letter; `recipient` as in `readmodel.letters.Letter`, never an address."""

    seq: int
    """Of the event that led to it."""
    kind: LetterKind
    recipient: str
    status: LetterStatus
    created_at: datetime
    sent_at: datetime | None


def letters_of(session: Session, case_id: CaseId) -> tuple[CaseLetter, ...]:
    """In the order of what led to them."""
    query = (
        select(
            LETTERS.c.seq,
            LETTERS.c.kind,
            LETTERS.c.recipient,
            LETTERS.c.status,
            LETTERS.c.created_at,
            LETTERS.c.sent_at,
        )
        .where(LETTERS.c.case_id == case_id)
        .order_by(LETTERS.c.seq, LETTERS.c.id)
    )
    return tuple(
        CaseLetter(row.seq, LetterKind(row.kind), row.recipient, LetterStatus(row.status), row.created_at, row.sent_at)
        for row in session.connection().execute(query)
    )
