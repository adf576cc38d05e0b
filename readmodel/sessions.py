"""Who is signed in: a session for each browser, of which only a digest of its secret is kept."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ForeignKey, and_, delete, or_, select, update
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
    by_provider: Mapped[bool]
    """Begun through the city's own sign-in."""
    browser: Mapped[str]
    """Which kind, for its owner to recognise it by."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session in force, and whose it is."""

    hash: str
    user: User
    demonstration: bool
    by_provider: bool
    last_seen_at: datetime

    def used_long_ago(self, now: datetime) -> bool:
        """Whether its use should be noted anew."""
        return self.last_seen_at < now - NOTED_EVERY


@dataclass(frozen=True, slots=True)
class Place:
    """A browser in which someone is signed in."""

    hash: str
    browser: str
    created_at: datetime
    last_seen_at: datetime


def begin_session(
    session: Session,
    user: User,
    now: datetime,
    *,
    demonstration: bool = False,
    by_provider: bool = False,
    browser: str = "",
) -> str:
    """The secret of a new session, readable only now; sessions that are over are cleared away."""
    end_old_sessions(session, now)
    secret = secrets.token_urlsafe(32)
    row = SessionRow(
        hash=digest(secret),
        user_id=user.id,
        created_at=now,
        last_seen_at=now,
        demonstration=demonstration,
        by_provider=by_provider,
        browser=browser,
    )
    session.add(row)
    session.execute(update(UserRow).where(UserRow.id == user.id).values(signed_in_at=now))
    session.flush()
    return secret


def session_of(session: Session, secret: str, now: datetime) -> SignedIn | None:
    """None where the session is unknown or over, or its user no longer has access."""
    query = (
        select(SessionRow, UserRow)
        .join(UserRow, UserRow.id == SessionRow.user_id)
        .where(
            SessionRow.hash == digest(secret),
            in_force(now),
            UserRow.disabled_at.is_(None),
        )
    )
    found = session.execute(query).first()
    if found is None:
        return None
    kept, user = found
    return SignedIn(kept.hash, user_of(user), kept.demonstration, kept.by_provider, kept.last_seen_at)


def note_use(session: Session, hash: str, now: datetime) -> None:
    session.execute(update(SessionRow).where(SessionRow.hash == hash).values(last_seen_at=now))


def end_session(session: Session, hash: str) -> None:
    session.execute(delete(SessionRow).where(SessionRow.hash == hash))


def end_sessions_of(session: Session, user_id: str, *, other_than: str | None = None) -> int:
    """Signs the user out everywhere, or everywhere else; in how many browsers."""
    query = delete(SessionRow).where(SessionRow.user_id == user_id)
    if other_than is not None:
        query = query.where(SessionRow.hash != other_than)
    return len(session.execute(query.returning(SessionRow.hash)).all())


def end_old_sessions(session: Session, now: datetime) -> None:
    over = or_(SessionRow.last_seen_at <= now - IDLE, SessionRow.created_at <= now - LONGEST)
    session.execute(delete(SessionRow).where(over))


def places_of(session: Session, user_id: str, now: datetime) -> Sequence[Place]:
    """Where the user is signed in, the one used last first."""
    query = (
        select(SessionRow)
        .where(SessionRow.user_id == user_id, in_force(now))
        .order_by(SessionRow.last_seen_at.desc(), SessionRow.hash)
    )
    return [Place(row.hash, row.browser, row.created_at, row.last_seen_at) for row in session.scalars(query)]


def in_force(now: datetime) -> ColumnElement[bool]:
    """Of a session: neither idle for too long nor begun too long ago."""
    return and_(SessionRow.last_seen_at > now - IDLE, SessionRow.created_at > now - LONGEST)


def digest(secret: str) -> str:
    """What is kept of a session's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
