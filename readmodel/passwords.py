"""Passwords: which are good enough, and how they are kept."""

import secrets
from threading import BoundedSemaphore
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

SHORTEST, LONGEST = 12, 1000

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_hashing = BoundedSemaphore(2)
"""Each hash takes 19 MB: a crowd at the door must not take the memory of the house."""
_nobody = _hasher.hash(secrets.token_urlsafe(16))

Weakness = Literal["short", "long", "plain", "theirs"]


def weakness(password: str, email: str) -> Weakness | None:
    """Why a password will not do; length is what counts, and that it is not their own address."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    if len(set(password)) < 5:
        return "plain"
    name = email.strip().lower().partition("@")[0]
    rest = password.lower().replace(email.strip().lower(), "").replace(name, "") if name else password
    return "theirs" if len(rest) < SHORTEST // 2 else None


def one_time_password() -> str:
    """To be told by telephone or on paper: groups of letters that are not mistaken for each other."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(5))


def hashed(password: str) -> str:
    with _hashing:
        return _hasher.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Takes as long where none is kept."""
    with _hashing:
        try:
            _hasher.verify(kept or _nobody, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
    return kept is not None
