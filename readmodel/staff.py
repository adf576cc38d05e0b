"""The people of the staff, as administrators look after them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.words import Role
from readmodel.accounts import Mandate, User, UserRow, user_of
from readmodel.passwords import fits, hashed
from readmodel.sessions import SessionRow, end_sessions_of, in_force

ONE_TIME_FOR = timedelta(days=7)
"""After which a password for one time no longer works."""
DEMONSTRATION = "@demo.invalid"
"""How the addresses of the demonstration's people end."""


class LastAdministrator(Exception):
    """Nobody would be left to look after the accounts."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person, and how it stands with their account."""

    user: User
    created_at: datetime
    signed_in_at: datetime | None
    disabled_at: datetime | None
    sessions: int
    """Browsers in which they are signed in."""

    @property
    def demonstration(self) -> bool:
        return self.user.email.endswith(DEMONSTRATION)


def list_staff(session: Session, now: datetime) -> Sequence[Member]:
    """By name; those who were disabled last."""
    rows = session.scalars(select(UserRow).order_by(UserRow.disabled_at.is_not(None), func.lower(UserRow.name)))
    counted = select(SessionRow.user_id, func.count()).where(in_force(now)).group_by(SessionRow.user_id)
    open_ones: Mapping[str, int] = dict(session.execute(counted).all())
    return [_member(row, open_ones.get(row.id, 0)) for row in rows]


def member(session: Session, id: str, now: datetime) -> Member | None:
    row = session.get(UserRow, id)
    if row is None:
        return None
    counted = select(func.count()).select_from(SessionRow).where(SessionRow.user_id == id, in_force(now))
    return _member(row, session.scalar(counted) or 0)


def change_user(session: Session, id: str, name: str, mandate: Mandate, language: str | None) -> None:
    """Raises LastAdministrator where another mandate would leave none."""
    if mandate.role is not Role.ADMINISTRATOR:
        _another_administrator(session, id)
    session.execute(
        update(UserRow)
        .where(UserRow.id == id)
        .values(
            name=name,
            role=mandate.role.value,
            department=mandate.department,
            neighbourhoods=list(mandate.neighbourhoods),
            language=language,
        )
    )


def choose_language(session: Session, id: str, language: str | None) -> None:
    session.execute(update(UserRow).where(UserRow.id == id).values(language=language))


def disable_user(session: Session, id: str, now: datetime) -> None:
    """Keeps the account and what was done with it, and lets nobody in any more. Raises LastAdministrator."""
    _another_administrator(session, id)
    session.execute(update(UserRow).where(UserRow.id == id, UserRow.disabled_at.is_(None)).values(disabled_at=now))
    end_sessions_of(session, id)


def enable_user(session: Session, id: str) -> None:
    session.execute(update(UserRow).where(UserRow.id == id).values(disabled_at=None))


def set_password(session: Session, id: str, password: str, *, once_from: datetime | None = None) -> None:
    """Signs the user out everywhere; given `once_from`, the password is for one time, to be used within a week."""
    once_until = once_from + ONE_TIME_FOR if once_from is not None else None
    session.execute(
        update(UserRow).where(UserRow.id == id).values(password_hash=hashed(password), once_until=once_until)
    )
    end_sessions_of(session, id)


def password_is(session: Session, id: str, password: str) -> bool:
    row = session.get(UserRow, id)
    return fits(password, row.password_hash if row is not None else None)


def _another_administrator(session: Session, id: str) -> None:
    """Raises LastAdministrator where this is the only one who can come in.

    Their rows are held until the transaction ends, so that two cannot put each other out at once.
    """
    query = (
        select(UserRow)
        .where(UserRow.role == Role.ADMINISTRATOR.value, UserRow.disabled_at.is_(None))
        .order_by(UserRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    able = [r.id for r in session.scalars(query) if r.password_hash is not None or r.issuer is not None]
    if able == [id]:
        raise LastAdministrator


def _member(row: UserRow, sessions: int) -> Member:
    return Member(user_of(row), row.created_at, row.signed_in_at, row.disabled_at, sessions)
