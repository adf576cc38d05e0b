"""Those who follow a case by a secret link: its reporter and its supporters."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.words import CaseId
from readmodel.letters import FollowerRole
from readmodel.origin import NewFollower
from readmodel.rows import follower_row
from readmodel.schema import FOLLOWERS

_JOIN = {
    "sqlite": sqlite.insert(FOLLOWERS).on_conflict_do_nothing(index_elements=["id"]),
    "postgresql": postgresql.insert(FOLLOWERS).on_conflict_do_nothing(index_elements=["id"]),
}


@dataclass(frozen=True, slots=True)
class Contact:
    """A follower and how to reach them: for those only who must speak with them."""

    id: str
    case_id: CaseId
    role: FollowerRole
    token: str
    name: str | None
    email: str | None
    phone: str | None
    language: str | None
    joined_at: datetime


def add_follower(session: Session, case_id: CaseId, follower: NewFollower, now: datetime) -> None:
    """Raises IntegrityError where there is no such case."""
    session.connection().execute(insert(FOLLOWERS), follower_row(case_id, follower, now))


def join(session: Session, case_id: CaseId, follower: NewFollower, now: datetime) -> Contact:
    """Whoever joined before under the same id stays as they are, with the link that they got then.

    Raises IntegrityError where there is no such case.
    """
    known = by_id(session, follower.id)
    if known is not None:
        return known
    connection = session.connection()
    connection.execute(_JOIN[connection.dialect.name], follower_row(case_id, follower, now))
    [joined] = _contacts(session, FOLLOWERS.c.id == follower.id)
    return joined


def reach_by(session: Session, id: str, email: str, language: str) -> bool:
    """From now on they get letters; whoever told an address before keeps it. Whether it was taken."""
    taken = session.connection().execute(
        update(FOLLOWERS)
        .where(FOLLOWERS.c.id == id, FOLLOWERS.c.email.is_(None))
        .values(email=email, language=language)
        .returning(FOLLOWERS.c.id)
    )
    return taken.first() is not None


def by_token(session: Session, token: str) -> Contact | None:
    """Whoever holds this link; its `case_id` says what they may see."""
    return next(iter(_contacts(session, FOLLOWERS.c.token == token)), None)


def by_id(session: Session, id: str) -> Contact | None:
    return next(iter(_contacts(session, FOLLOWERS.c.id == id)), None)


def followers_of(session: Session, case_id: CaseId) -> list[Contact]:
    """In the order in which they joined; the reporter first."""
    return _contacts(session, FOLLOWERS.c.case_id == case_id)


def remove_follower(session: Session, id: str) -> None:
    """They hear nothing any more, and their link is gone."""
    session.connection().execute(delete(FOLLOWERS).where(FOLLOWERS.c.id == id))


def _contacts(session: Session, condition: ColumnElement[bool]) -> list[Contact]:
    query = select(FOLLOWERS).where(condition).order_by(FOLLOWERS.c.joined_at, FOLLOWERS.c.id)
    rows = session.connection().execute(query)
    return [Contact(**{**row._mapping, "role": FollowerRole(row.role)}) for row in rows]
