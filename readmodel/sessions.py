"""Who is signed in: a session for each browser, of which only a digest of its secret is kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from readmodel.accounts import User, UserRow, user_of
from readmodel.base import Base

IDLE = timedelta(hours=12)
"""A session that nobody used for so long is over."""
LONGEST = timedelta(days=7)
"""However much it is used."""
NOTED_EVERY = timedelta(minutes=5)
"""Use is noted no more often than this: reading a page should not write."""


class SessionRow(Base):
    """One browser of one user, from signing in to signing out."""

    __tablename__ = "sessions"

    hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey(UserRow.id), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    demonstration: Mapped[bool]
    """Begun by one click in the demonstration."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session in force, and whose it is."""

    hash: str
    user: User
    demonstration: bool
    last_seen_at: datetime

    def used_long_ago(self, now: datetime) -> bool:
        """Whether its use should be noted anew."""
        return self.last_seen_at < now - NOTED_EVERY


def begin_session(session: Session, user: User, now: datetime, *, demonstration: bool = False) -> str:
    """The secret of a new session, readable only now; sessions that are over are cleared away."""
    end_old_sessions(session, now)
    secret = secrets.token_urlsafe(32)
    row = SessionRow(
        hash=_digest(secret), user_id=user.id, created_at=now, last_seen_at=now, demonstration=demonstration
    )
    session.add(row)
    session.flush()
    return secret


def session_of(session: Session, secret: str, now: datetime) -> SignedIn | None:
    """None where the session is unknown or over, or its user no longer has access."""
    query = (
        select(SessionRow, UserRow)
        .join(UserRow, UserRow.id == SessionRow.user_id)
        .where(
            SessionRow.hash == _digest(secret),
            SessionRow.last_seen_at > now - IDLE,
            SessionRow.created_at > now - LONGEST,
            UserRow.disabled_at.is_(None),
        )
    )
    found = session.execute(query).first()
    if found is None:
        return None
    kept, user = found
    return SignedIn(kept.hash, user_of(user), kept.demonstration, kept.last_seen_at)


def note_use(session: Session, hash: str, now: datetime) -> None:
    session.execute(update(SessionRow).where(SessionRow.hash == hash).values(last_seen_at=now))


def end_session(session: Session, hash: str) -> None:
    session.execute(delete(SessionRow).where(SessionRow.hash == hash))


def end_sessions_of(session: Session, user_id: str) -> None:
    """Signs the user out everywhere."""
    session.execute(delete(SessionRow).where(SessionRow.user_id == user_id))


def end_old_sessions(session: Session, now: datetime) -> None:
    over = or_(SessionRow.last_seen_at <= now - IDLE, SessionRow.created_at <= now - LONGEST)
    session.execute(delete(SessionRow).where(over))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
