"""Keyed digests of the addresses and numbers that reporters leave: by these they are recognised, and by nothing else.

Without the installation's key a digest says nothing, not even whether two installations know the same person.
"""

import hmac
import re
import unicodedata
from dataclasses import dataclass

_LENGTH = 16
"""Bytes of a digest: 128 bits."""
_CALLING = ("352", "31", "32", "33", "44", "49")
"""Of the countries around: with them or without, it is the same number."""
_LEAST = 6
"""Digits below which a number is nobody's."""


@dataclass(frozen=True, slots=True)
class Known:
    """By what a reporter is recognised; neither says who they are."""

    email: str | None
    phone: str | None

    @property
    def digests(self) -> tuple[str, ...]:
        return tuple(digest for digest in (self.email, self.phone) if digest is not None)

    @property
    def new_person(self) -> int:
        """For whoever is met for the first time; it fits into a column of 64 bits."""
        return int(self.digests[0][:15], 16)


class Recogniser:
    """Digests of addresses and numbers, under the installation's key."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"recognising reporters", "sha256")

    def known(self, email: str | None, phone: str | None) -> Known | None:
        """None for those who left neither."""
        mail, number = plain_email(email), plain_phone(phone)
        if mail is None and number is None:
            return None
        return Known(self._digest("email", mail), self._digest("phone", number))

    def _digest(self, what: str, plain: str | None) -> str | None:
        return hmac.digest(self._key, f"{what}:{plain}".encode(), "sha256")[:_LENGTH].hex() if plain else None


def plain_email(email: str | None) -> str | None:
    """As it is compared: without capitals and blanks."""
    return unicodedata.normalize("NFKC", email).strip().casefold() or None if email else None


def plain_phone(phone: str | None) -> str | None:
    """As it is compared: digits only, the same from abroad and from here, for the countries around."""
    if not phone:
        return None
    abroad = phone.strip().startswith(("+", "00"))
    digits = re.sub(r"\D", "", phone.replace("(0)", ""))
    if abroad:
        digits = digits.removeprefix("00")
        calling = next((code for code in _CALLING if digits.startswith(code)), "")
        digits = digits[len(calling) :]
    digits = digits.lstrip("0")
    return digits if len(digits) >= _LEAST else None
