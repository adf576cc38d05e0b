"""The outbox: which letters leave together, and how far each has come.

A letter is `waiting` until it is claimed (`handed_over`) right before the mail server gets its text. A letter that was
claimed and whose answer nobody knows is `uncertain`: it may have arrived, so it is not sent again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, Select, Update, select, update
from sqlalchemy.orm import Session

from domain.words import CaseId, MeetingId
from readmodel.letters import LetterKind, LetterStatus
from readmodel.origin import DEMONSTRATION
from readmodel.schema import CASES, LETTERS


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter of the outbox."""

    id: int
    case_id: CaseId | None
    meeting_id: MeetingId | None
    webhook_id: str | None
    """It is about a case, a meeting or a webhook."""
    seq: int
    kind: LetterKind
    recipient: str
    language: str
    urgent: bool
    facts: dict[str, Any]
    digest: str | None
    """Letters with the same key leave together; absent: on its own, at once."""
    status: LetterStatus
    created_at: datetime
    not_before: datetime
    batch: str | None
    """What it leaves in: the id of the workflow that delivers it."""
    attempts: int
    sent_at: datetime | None
    error: str | None

    @property
    def cause(self) -> str:
        """What it was written for; no other letter has the same."""
        about: str | None = self.case_id
        if self.meeting_id is not None:
            about = f"meeting/{self.meeting_id}"
        elif self.webhook_id is not None:
            about = f"webhook/{self.webhook_id}"
        return f"{about}/{self.seq}/{self.kind}/{self.recipient}"


def due(session: Session, now: datetime, limit: int) -> list[Outgoing]:
    """Letters that someone should look at now, longest due first."""
    query = select(LETTERS).where(LETTERS.c.status == LetterStatus.WAITING.value, LETTERS.c.not_before <= now)
    return _letters(session, query.order_by(LETTERS.c.not_before, LETTERS.c.id).limit(limit))


def collected(session: Session, digest: str) -> list[Outgoing]:
    """The letters that wait for the next digest of this key, oldest first."""
    waits = (LETTERS.c.status == LetterStatus.WAITING.value, LETTERS.c.digest == digest, LETTERS.c.batch.is_(None))
    return _letters(session, select(LETTERS).where(*waits).order_by(LETTERS.c.id))


def in_batch(session: Session, batch: str) -> list[Outgoing]:
    return _letters(session, select(LETTERS).where(LETTERS.c.batch == batch).order_by(LETTERS.c.id))


def of_case(session: Session, case_id: CaseId) -> list[Outgoing]:
    """Every letter that the case caused, oldest first."""
    return _letters(session, select(LETTERS).where(LETTERS.c.case_id == case_id).order_by(LETTERS.c.id))


def batch_exists(session: Session, batch: str) -> bool:
    return session.scalar(select(LETTERS.c.id).where(LETTERS.c.batch == batch).limit(1)) is not None


def put_in_batch(session: Session, ids: Sequence[int], batch: str) -> None:
    """A letter that leaves in a batch already stays there."""
    _change(session, update(LETTERS).where(LETTERS.c.id.in_(ids), LETTERS.c.batch.is_(None)).values(batch=batch))


def postpone(session: Session, ids: Sequence[int], until: datetime) -> None:
    """Nobody need look at these before then."""
    _change(session, update(LETTERS).where(LETTERS.c.id.in_(ids)).values(not_before=until))


def postpone_batches(session: Session, batches: Sequence[str], until: datetime) -> None:
    _change(session, update(LETTERS).where(LETTERS.c.batch.in_(batches)).values(not_before=until))


def keep_all(session: Session) -> int:
    """Without a mail server letters are kept: those that wait will not be sent, not even when there is one later."""
    kept = {"status": LetterStatus.KEPT.value}
    return _change(session, update(LETTERS).where(LETTERS.c.status == LetterStatus.WAITING.value).values(kept))


def keep_demonstration(session: Session) -> int:
    """Letters about the demonstration's cases are kept, whatever becomes of these cases: nobody real reads them."""
    made_up = select(CASES.c.case_id).where(CASES.c.source == DEMONSTRATION)  # its meetings' are kept from the first
    waits = (LETTERS.c.status == LetterStatus.WAITING.value, LETTERS.c.case_id.in_(made_up))
    return _change(session, update(LETTERS).where(*waits).values({"status": LetterStatus.KEPT.value}))


def claim(session: Session, ids: Sequence[int]) -> bool:
    """Whether all of them still waited; if so they are handed over once the transaction is committed."""
    handed = {"status": LetterStatus.HANDED_OVER.value, "attempts": LETTERS.c.attempts + 1}
    return _change(session, _from(ids, LetterStatus.WAITING).values(handed)) == len(ids)


def release(session: Session, ids: Sequence[int], error: str) -> None:
    """The mail server did not take it, for certain: it waits again."""
    values = {"status": LetterStatus.WAITING.value, "error": error}
    _change(session, _from(ids, LetterStatus.WAITING, LetterStatus.HANDED_OVER).values(values))


def sent(session: Session, ids: Sequence[int], at: datetime) -> None:
    """The mail server took it; known for certain, even where someone had lost hope meanwhile."""
    values = {"status": LetterStatus.SENT.value, "sent_at": at, "error": None}
    _change(session, _from(ids, LetterStatus.HANDED_OVER, LetterStatus.UNCERTAIN).values(values))


def failed(session: Session, ids: Sequence[int], error: str) -> None:
    """It will not be sent."""
    values = {"status": LetterStatus.FAILED.value, "error": error}
    _change(session, _from(ids, LetterStatus.WAITING, LetterStatus.HANDED_OVER).values(values))


def unwanted(session: Session, ids: Sequence[int]) -> None:
    """Its reader wants no more letters: it will not be sent."""
    values = {"status": LetterStatus.UNWANTED.value, "error": None}
    _change(session, _from(ids, LetterStatus.WAITING).values(values))


def send_again(session: Session, ids: Sequence[int], now: datetime) -> int:
    """How many of these had failed and wait again, each by itself."""
    values = {"status": LetterStatus.WAITING.value, "batch": None, "digest": None, "not_before": now, "error": None}
    return _change(session, _from(ids, LetterStatus.FAILED).values(values))


def by_ids(session: Session, ids: Sequence[int]) -> list[Outgoing]:
    """Oldest first."""
    return _letters(session, select(LETTERS).where(LETTERS.c.id.in_(ids)).order_by(LETTERS.c.id))


def uncertain(session: Session, ids: Sequence[int], error: str) -> None:
    """It was handed over, and whoever did it is gone without an answer."""
    values = {"status": LetterStatus.UNCERTAIN.value, "error": error}
    _change(session, _from(ids, LetterStatus.HANDED_OVER).values(values))


def _from(ids: Sequence[int], *statuses: LetterStatus) -> Update:
    return update(LETTERS).where(LETTERS.c.id.in_(ids), LETTERS.c.status.in_([s.value for s in statuses]))


def _change(session: Session, change: Update) -> int:
    result = session.connection().execute(change)
    assert isinstance(result, CursorResult)
    return result.rowcount


def _letters(session: Session, query: Select[Any]) -> list[Outgoing]:
    return [
        Outgoing(**{**row._mapping, "kind": LetterKind(row.kind), "status": LetterStatus(row.status)})
        for row in session.connection().execute(query)
    ]
