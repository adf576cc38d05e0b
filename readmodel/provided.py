"""People who come in through the city's own sign-in: found or made by what it calls them, and kept as it tells them."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from readmodel.accounts import Mandate, User, UserRow, add_user, user_of
from readmodel.sessions import end_sessions_of


@dataclass(frozen=True, slots=True)
class Provided:
    """What the city's sign-in tells of a person."""

    issuer: str
    subject: str
    name: str
    email: str | None
    email_verified: bool
    """False only where the provider says that it is not."""
    language: str | None
    mandate: Mandate | None
    """None where it gives no role here."""


class StaysOut(Exception):
    """The person is who they say, and may not come in; `reason` is a key of the texts."""

    def __init__(self, reason: str, user_id: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.user_id = user_id


def user_provided(session: Session, told: Provided, now: datetime) -> User | StaysOut:
    """The user, up to date; an answer and not an exception where they stay out, so that what was ended stays ended.

    An account that was made here without a password waits for its owner: it is theirs when the address is.
    """
    row = session.scalar(select(UserRow).where(UserRow.issuer == told.issuer, UserRow.subject == told.subject))
    if row is not None and row.disabled_at is not None:
        return StaysOut("disabled", row.id)
    if told.mandate is None:
        if row is not None:
            end_sessions_of(session, row.id)
        return StaysOut("no_role", row.id if row is not None else None)
    email = (told.email or "").strip().lower()
    if "@" not in email.strip("@"):
        email = f"{hashlib.sha256(f'{told.issuer} {told.subject}'.encode()).hexdigest()[:20]}@address.invalid"
    holder = session.scalar(select(UserRow).where(UserRow.email == email))
    if row is None and holder is not None:
        if holder.issuer is not None or holder.password_hash is not None or not told.email_verified:
            return StaysOut("address_taken", holder.id)
        if holder.disabled_at is not None:
            return StaysOut("disabled", holder.id)
        row = holder
    if row is None:
        user = add_user(session, email, told.name, told.mandate, None, now)
        row = session.get_one(UserRow, user.id)
    row.issuer, row.subject = told.issuer, told.subject
    row.name = told.name
    if holder is None or holder.id == row.id:
        row.email = email
    row.role = told.mandate.role.value
    row.department = told.mandate.department
    row.neighbourhoods = list(told.mandate.neighbourhoods)
    row.language = told.language or row.language
    session.flush()
    return user_of(row)
