"""Who may come in: people with a password, and programs with a token of which only a digest is kept."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Index, Select, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.actor import Actor
from domain.words import DepartmentId, NeighbourhoodId, Role
from readmodel.base import Base
from readmodel.passwords import fits, hashed

USE_NOTED_EVERY = timedelta(hours=1)
"""Of a token: using the API should not write each time."""


class UserRow(Base):
    """A person of the staff."""

    __tablename__ = "users"
    __table_args__ = (Index("ix_users_issuer_subject", "issuer", "subject", unique=True),)

    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    """In lower case."""
    name: Mapped[str]
    password_hash: Mapped[str | None]
    role: Mapped[str]
    department: Mapped[str | None]
    neighbourhoods: Mapped[list[str]]
    language: Mapped[str | None]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    issuer: Mapped[str | None]
    subject: Mapped[str | None]
    """The person as the city's own sign-in knows them; absent until they came in that way."""
    once_until: Mapped[datetime | None]
    """The password is for one time, and works until then."""
    signed_in_at: Mapped[datetime | None]
    """The last time."""


class TokenRow(Base):
    """A bearer token: the SHA-256 of it, and what it gives access to."""

    __tablename__ = "tokens"

    hash: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str]
    role: Mapped[str]
    department: Mapped[str | None]
    neighbourhoods: Mapped[list[str]]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    """To the hour."""


@dataclass(frozen=True, slots=True)
class Mandate:
    """What an account is for; no neighbourhoods means the whole city."""

    role: Role
    department: DepartmentId | None = None
    neighbourhoods: tuple[NeighbourhoodId, ...] = ()


@dataclass(frozen=True, slots=True)
class User:
    """A person who may sign in."""

    id: str
    email: str
    name: str
    mandate: Mandate
    language: str | None
    has_password: bool = False
    must_choose: bool = False
    """Came in with a password for one time, and chooses one of their own first."""
    by_provider: bool = False
    """Comes in through the city's own sign-in, which decides about name and mandate."""

    @property
    def actor(self) -> Actor:
        """The person as cases know them."""
        return Actor(self.mandate.role, self.id, self.mandate.department, self.mandate.neighbourhoods)


def create_token(session: Session, mandate: Mandate, now: datetime, label: str = "") -> str:
    """A new token, readable only now."""
    token = secrets.token_urlsafe(32)
    session.add(
        TokenRow(
            hash=_digest(token),
            id=f"token:{uuid4()}",
            label=label,
            role=mandate.role.value,
            department=mandate.department,
            neighbourhoods=list(mandate.neighbourhoods),
            created_at=now,
            revoked_at=None,
            used_at=None,
        )
    )
    session.flush()
    return token


@dataclass(frozen=True, slots=True)
class TokenInForce:
    """Who acts with a token, and when that was last noted."""

    actor: Actor
    used_at: datetime | None
    label: str

    def used_long_ago(self, now: datetime) -> bool:
        """Whether its use should be noted anew."""
        return self.used_at is None or self.used_at < now - USE_NOTED_EVERY


def token_in_force(session: Session, token: str) -> TokenInForce | None:
    """None where it is unknown or revoked."""
    row = session.scalar(select(TokenRow).where(TokenRow.hash == _digest(token), TokenRow.revoked_at.is_(None)))
    if row is None:
        return None
    mandate = _mandate(row)
    return TokenInForce(Actor(mandate.role, row.id, mandate.department, mandate.neighbourhoods), row.used_at, row.label)


def actor_of_token(session: Session, token: str) -> Actor | None:
    """Who acts with this token; None where it is unknown or revoked."""
    found = token_in_force(session, token)
    return found.actor if found is not None else None


def note_token_use(session: Session, id: str, now: datetime) -> None:
    session.execute(update(TokenRow).where(TokenRow.id == id).values(used_at=now))


@dataclass(frozen=True, slots=True)
class Token:
    """A token as those who look after them see it."""

    id: str
    label: str
    mandate: Mandate
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


def list_tokens(session: Session) -> Sequence[Token]:
    """Those in force first, the newest before older ones."""
    query = select(TokenRow).order_by(TokenRow.revoked_at.is_not(None), TokenRow.created_at.desc(), TokenRow.id)
    return [
        Token(row.id, row.label, _mandate(row), row.created_at, row.used_at, row.revoked_at)
        for row in session.scalars(query)
    ]


def revoke_token(session: Session, id: str, now: datetime) -> bool:
    """Whether there was such a token still in force."""
    revoked = session.execute(
        update(TokenRow)
        .where(TokenRow.id == id, TokenRow.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(TokenRow.id)
    )
    return revoked.first() is not None


def add_user(
    session: Session,
    email: str,
    name: str,
    mandate: Mandate,
    password: str | None,
    now: datetime,
    language: str | None = None,
) -> User:
    """Raises IntegrityError where the address has an account already; without a password only single sign-on works."""
    row = UserRow(
        id=f"user:{uuid4()}",
        email=email.strip().lower(),
        name=name,
        password_hash=hashed(password) if password is not None else None,
        role=mandate.role.value,
        department=mandate.department,
        neighbourhoods=list(mandate.neighbourhoods),
        language=language,
        created_at=now,
        disabled_at=None,
        issuer=None,
        subject=None,
        once_until=None,
        signed_in_at=None,
    )
    session.add(row)
    session.flush()
    return user_of(row)


def sign_in(session: Session, email: str, password: str, now: datetime) -> User | None:
    """The user, if the password is theirs; an unknown address takes as long as a wrong password."""
    row = session.scalar(_in_force().where(UserRow.email == email.strip().lower()))
    fitting = fits(password, row.password_hash if row is not None else None)
    lapsed = row is not None and row.once_until is not None and row.once_until <= now
    return user_of(row) if row is not None and fitting and not lapsed else None


def user_by_email(session: Session, email: str) -> User | None:
    row = session.scalar(_in_force().where(UserRow.email == email.strip().lower()))
    return user_of(row) if row is not None else None


def user_by_id(session: Session, id: str) -> User | None:
    row = session.scalar(_in_force().where(UserRow.id == id))
    return user_of(row) if row is not None else None


def _in_force() -> Select[UserRow]:
    return select(UserRow).where(UserRow.disabled_at.is_(None))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _mandate(row: UserRow | TokenRow) -> Mandate:
    department = DepartmentId(row.department) if row.department is not None else None
    return Mandate(Role(row.role), department, tuple(NeighbourhoodId(n) for n in row.neighbourhoods))


def user_of(row: UserRow) -> User:
    """The person in this row."""
    return User(
        row.id,
        row.email,
        row.name,
        _mandate(row),
        row.language,
        has_password=row.password_hash is not None,
        must_choose=row.once_until is not None,
        by_provider=row.issuer is not None,
    )
