"""Links by which a partner without an account answers a task from a letter: for one answer, for a month, revocable.

A link is claimed before its answer is given, with a fingerprint of that answer, and used once the answer is recorded.
A claim that nobody finished (the process died) is taken over after a while; the answer's command id follows from the
link, so whatever became of the first attempt, the engine follows one answer of a link at most.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import Connection, CursorResult, ForeignKey, Index, Table, Update, delete, exists, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.case import Case
from domain.city import City
from domain.events import Happened
from domain.words import AssignmentId, CaseId, DepartmentId
from readmodel.base import Base
from readmodel.letters import Letter
from readmodel.tables import CaseRow, EventRow, LetterRow

LASTS = timedelta(days=30)
GIVEN_UP = timedelta(minutes=5)
"""A claim that led to nothing for this long may be taken over."""


class ActionLinkRow(Base):
    """A link, by the letter that carries it."""

    __tablename__ = "action_links"

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey(CaseRow.case_id))
    seq: Mapped[int]
    """With `kind` and `recipient`: the letter's cause."""
    kind: Mapped[str]
    recipient: Mapped[str]
    assignment: Mapped[str]
    department: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    claimed_for: Mapped[str | None]
    used_at: Mapped[datetime | None]
    used_for: Mapped[str | None]
    """The command that was followed."""
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None]

    __table_args__ = (Index("ix_action_links_case_id", "case_id", "seq"),)


LINKS = cast(Table, ActionLinkRow.__table__)
_INSERT = {
    "sqlite": sqlite.insert(LINKS).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(LINKS).on_conflict_do_nothing(),
}


@dataclass(frozen=True, slots=True)
class ActionLink:
    """Who may answer which task with it, and what became of it."""

    id: str
    case_id: CaseId
    seq: int
    assignment: AssignmentId
    department: DepartmentId
    made_at: datetime
    expires_at: datetime
    claimed_for: str | None
    used_at: datetime | None
    used_for: str | None
    revoked_at: datetime | None

    @property
    def command_id(self) -> UUID:
        return command_id(self.id)


def command_id(id: str) -> UUID:
    """Of the one answer that this link gives."""
    return uuid5(NAMESPACE_URL, f"aanjager:link:{id}")


def link_id(case_id: str, seq: int, kind: str, recipient: str) -> str:
    """The same letter always carries the same link."""
    return str(uuid5(NAMESPACE_URL, f"aanjager:letter:{case_id}/{seq}/{kind}/{recipient}"))


def link_row(city: City, case: Case, happened: Happened, letter: Letter) -> dict[str, Any] | None:
    """The link that the letter carries: one to a partner, or to its head, about a task that it still has."""
    role, _, id = letter.recipient.partition(":")
    department = city.departments.get(DepartmentId(id)) if role in ("department", "head") else None
    named = letter.facts.get("assignment")
    task = case.assignment(AssignmentId(named)) if isinstance(named, str) else None
    if department is None or not department.partner or task is None or not task.live or task.department != id:
        return None
    return {
        "id": link_id(case.case_id, happened.seq, letter.kind, letter.recipient),
        "case_id": case.case_id,
        "seq": happened.seq,
        "kind": letter.kind.value,
        "recipient": letter.recipient,
        "assignment": task.id,
        "department": department.id,
        "made_at": happened.at,
        "expires_at": happened.at + LASTS,
    }


def insert_links(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """A link that is there already stays as it was."""
    if rows:
        connection.execute(_INSERT[connection.dialect.name], rows)


def remove_links(connection: Connection, case_id: str, after: int) -> None:
    """Those whose letters never left and were taken back."""
    letter = (LetterRow.case_id == LINKS.c.case_id, LetterRow.seq == LINKS.c.seq)
    kept = exists().where(*letter, LetterRow.kind == LINKS.c.kind, LetterRow.recipient == LINKS.c.recipient)
    connection.execute(delete(LINKS).where(LINKS.c.case_id == case_id, LINKS.c.seq > after, ~kept))


def link_by_id(session: Session, id: str) -> ActionLink | None:
    """With what became of it, also where whoever used it could not write that down."""
    return next(iter(_links(session, LINKS.c.id == id)), None)


def links_of(session: Session, case_id: str) -> list[ActionLink]:
    """Oldest first."""
    return _links(session, LINKS.c.case_id == case_id)


def made_by(session: Session, link: ActionLink) -> ActionLink | None:
    """The fresh link that the answer given with this one brought."""
    caused = select(EventRow.seq).where(
        EventRow.case_id == link.case_id, EventRow.command_id == str(command_id(link.id))
    )
    found = _links(session, LINKS.c.case_id == link.case_id, LINKS.c.assignment == link.assignment)
    seqs = set(session.scalars(caused))
    return next((one for one in reversed(found) if one.seq in seqs), None)


def claim(session: Session, id: str, fingerprint: str, now: datetime) -> bool:
    """Whether this answer may be given now. The same answer may be tried again; another only once the first is lost."""
    free = or_(LINKS.c.claimed_at.is_(None), LINKS.c.claimed_for == fingerprint, LINKS.c.claimed_at < now - GIVEN_UP)
    unused = (LINKS.c.used_at.is_(None), LINKS.c.revoked_at.is_(None), LINKS.c.expires_at > now)
    claiming = update(LINKS).where(LINKS.c.id == id, *unused, free)
    return _change(session, claiming.values(claimed_at=now, claimed_for=fingerprint)) == 1


def release(session: Session, id: str) -> None:
    """The rules refused the answer: the link may give another."""
    _change(session, _unused(id).values(claimed_at=None, claimed_for=None))


def use_up(session: Session, id: str, used_for: str, now: datetime) -> None:
    """The answer was followed."""
    _change(session, _unused(id).values(used_at=now, used_for=used_for, claimed_for=None))


def revoke_links(session: Session, case_id: str, by: str, now: datetime) -> int:
    """How many links of the case were still open and lead nowhere from now on."""
    open_ones = (LINKS.c.case_id == case_id, LINKS.c.used_at.is_(None), LINKS.c.revoked_at.is_(None))
    return _change(
        session, update(LINKS).where(*open_ones, LINKS.c.expires_at > now).values(revoked_at=now, revoked_by=by)
    )


def _unused(id: str) -> Update:
    return update(LINKS).where(LINKS.c.id == id, LINKS.c.used_at.is_(None))


def _change(session: Session, change: Update) -> int:
    result = session.connection().execute(change)
    assert isinstance(result, CursorResult)
    return result.rowcount


_HEARD = {
    "assignment_accepted": "accept",
    "assignment_declined": "decline",
    "assignment_transferred": "transfer",
    "progress_reported": "report_progress",
    "assignment_paused": "pause",
    "assignment_resumed": "resume",
    "resident_asked": "ask_resident",
    "assignment_resolved": "resolve",
}


def _links(session: Session, *conditions: Any) -> list[ActionLink]:
    rows = session.execute(select(LINKS).where(*conditions).order_by(LINKS.c.made_at, LINKS.c.seq)).all()
    found = []
    for row in rows:
        used_at, used_for = row.used_at, row.used_for
        if used_at is None and row.claimed_at is not None:
            used_at, used_for = _heard(session, row.case_id, row.id)
        found.append(
            ActionLink(
                row.id,
                CaseId(row.case_id),
                row.seq,
                AssignmentId(row.assignment),
                DepartmentId(row.department),
                row.made_at,
                row.expires_at,
                row.claimed_for,
                used_at,
                used_for,
                row.revoked_at,
            )
        )
    return found


def _heard(session: Session, case_id: str, id: str) -> tuple[datetime | None, str | None]:
    """When the link's answer was recorded, and which it was."""
    own = (EventRow.case_id == case_id, EventRow.command_id == str(command_id(id)), EventRow.kind.in_(_HEARD))
    # A first report of progress accepts the task as well: the last of these events says what was asked.
    event = session.execute(
        select(EventRow.at, EventRow.kind).where(*own).order_by(EventRow.seq.desc()).limit(1)
    ).first()
    return (event.at, _HEARD[event.kind]) if event is not None else (None, None)
