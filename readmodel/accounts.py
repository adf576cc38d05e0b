"""Who may come in: people with a password, and programs with a token of which only a digest is kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from threading import BoundedSemaphore
from uuid import uuid4

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Select, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.actor import Actor
from domain.words import DepartmentId, NeighbourhoodId, Role
from readmodel.base import Base

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_hashing = BoundedSemaphore(2)
"""Each hash takes 19 MB: a crowd at the door must not take the memory of the house."""
_nobody = _hasher.hash(secrets.token_urlsafe(16))


class UserRow(Base):
    """A person of the staff."""

    __tablename__ = "users"

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
        )
    )
    session.flush()
    return token


def actor_of_token(session: Session, token: str) -> Actor | None:
    """Who acts with this token; None where it is unknown or revoked."""
    row = session.scalar(select(TokenRow).where(TokenRow.hash == _digest(token), TokenRow.revoked_at.is_(None)))
    if row is None:
        return None
    mandate = _mandate(row)
    return Actor(mandate.role, row.id, mandate.department, mandate.neighbourhoods)


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
        password_hash=_hash(password) if password is not None else None,
        role=mandate.role.value,
        department=mandate.department,
        neighbourhoods=list(mandate.neighbourhoods),
        language=language,
        created_at=now,
        disabled_at=None,
    )
    session.add(row)
    session.flush()
    return user_of(row)


def sign_in(session: Session, email: str, password: str) -> User | None:
    """The user, if the password is theirs; an unknown address takes as long as a wrong password."""
    row = session.scalar(_in_force().where(UserRow.email == email.strip().lower()))
    kept = row.password_hash if row is not None and row.password_hash is not None else _nobody
    with _hashing:
        try:
            _hasher.verify(kept, password)
        except (VerifyMismatchError, InvalidHashError):
            return None
    return user_of(row) if row is not None else None


def user_by_email(session: Session, email: str) -> User | None:
    row = session.scalar(_in_force().where(UserRow.email == email.strip().lower()))
    return user_of(row) if row is not None else None


def user_by_id(session: Session, id: str) -> User | None:
    row = session.scalar(_in_force().where(UserRow.id == id))
    return user_of(row) if row is not None else None


def _in_force() -> Select[UserRow]:
    return select(UserRow).where(UserRow.disabled_at.is_(None))


def _hash(password: str) -> str:
    with _hashing:
        return _hasher.hash(password)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _mandate(row: UserRow | TokenRow) -> Mandate:
    department = DepartmentId(row.department) if row.department is not None else None
    return Mandate(Role(row.role), department, tuple(NeighbourhoodId(n) for n in row.neighbourhoods))


def user_of(row: UserRow) -> User:
    """The person in this row."""
    return User(row.id, row.email, row.name, _mandate(row), row.language)
