"""Short codes: with its number they lead to a report, for those who could not keep its link."""

import hashlib
import re
from hmac import compare_digest

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.words import CaseId
from readmodel.followers import Contact, followers_of
from readmodel.schema import CASES

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U."""
LENGTH = 8
_ALIKE = str.maketrans("OIL", "011")
_NUMBER = re.compile(r"(?:nr\.?|no\.?|#)?\s*(\d{4})\D?\s*(\d{1,9})", re.IGNORECASE)


def code_of(token: str) -> str:
    """The code of whoever holds this link, as `K7QF-3XMA`: 40 bits of its digest."""
    bits = int.from_bytes(hashlib.sha256(f"code {token}".encode()).digest()[:5])
    letters = "".join(CROCKFORD[bits >> shift & 31] for shift in range(35, -1, -5))
    return f"{letters[:4]}-{letters[4:]}"


def read_code(typed: str) -> str:
    """A code as people type it, in the form of `code_of` where it can be one: O is 0, I and L are 1."""
    letters = re.sub(r"[\s.\-_–—]", "", typed).upper().translate(_ALIKE)
    return f"{letters[:4]}-{letters[4:]}"


def read_number(typed: str) -> str | None:
    """A case number as people type it, with or without its zeros; None where it cannot be one."""
    found = _NUMBER.fullmatch(typed.strip())
    return f"{found[1]}-{int(found[2]):06d}" if found is not None else None


def by_code(session: Session, number: str, code: str) -> Contact | None:
    """Whoever follows the case with this number by this code; both as they were typed."""
    known, wanted = read_number(number), read_code(code)
    if known is None:
        return None
    case_id = session.connection().execute(select(CASES.c.case_id).where(CASES.c.number == known)).scalar()
    found = None
    for follower in followers_of(session, CaseId(case_id)) if case_id is not None else ():
        if compare_digest(code_of(follower.token).encode(), wanted.encode()):
            found = follower
    return found
