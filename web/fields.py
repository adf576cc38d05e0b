"""The kinds of values that people and programs send in, with their limits."""

import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    PlainValidator,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)

LONGEST_TEXT = 10_000
LONGEST_LINE = 300
_EMAIL = re.compile(r"[^@\s<>()\[\],;:\"\\]{1,64}@[^@\s<>()\[\],;:\"\\.]+(\.[^@\s<>()\[\],;:\"\\.]+)+")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(T|t| |$)")
_TURNING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_EUROS = re.compile(r"[0-9]{1,7}(\.[0-9]{1,2})?")
_PHONE = re.compile(r"\+?[0-9 ()./-]{4,40}")


class Sent(BaseModel):
    """A JSON object that was sent in: nothing is guessed, and nothing unknown is passed over."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


def _unturned(value: str) -> str:
    """Marks that turn the direction of writing are left out: they would turn around what stands beside the text."""
    text = value.translate(_TURNING).strip()
    if not text:
        raise ValueError("must not be empty")
    return text


def _lines(value: str) -> str:
    """Line ends become newlines; other control characters have no business here."""
    text = _unturned(value).replace("\r\n", "\n").replace("\r", "\n")
    if any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in text):
        raise ValueError("must not contain control characters")
    return text


def _line(value: str) -> str:
    if any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in value):
        raise ValueError("must be one line without control characters")
    return value


def _plain_line(value: str) -> str:
    return _line(_unturned(value))


def one_line(text: str, longest: int) -> str:
    """The text as one line of at most so many characters; nothing where it holds what no line can."""
    try:
        return _plain_line(" ".join(text.split())[:longest])
    except ValueError:
        return ""


def plain_text(text: str, longest: int) -> str:
    """The text in lines, of at most so many characters; nothing where it holds what no text can."""
    try:
        return _lines(text[:longest])
    except ValueError:
        return ""


def email_address(text: str) -> str | None:
    """The address, if it is one."""
    try:
        return _ADDRESS.validate_python(text)
    except ValidationError:
        return None


def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        raise ValueError("must be an e-mail address such as name@example.org")
    return value


def _phone(value: str) -> str:
    if not _PHONE.fullmatch(value):
        raise ValueError("must be a telephone number such as +32 89 65 36 00")
    return value


def _link(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an address that starts with https:// or http://")
    return value


def _day(value: Any) -> date:
    if not isinstance(value, str) or len(value) != len("2026-12-01") or not _DATE.match(f"{value} "):
        raise ValueError("must be a day such as 2026-12-01")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise ValueError("is not a day that exists") from None
    if not 2000 <= day.year < 2100:
        raise ValueError("must be between the years 2000 and 2099")
    return day


def _moment(value: Any) -> date | datetime:
    if not isinstance(value, str) or not _DATE.match(value):
        raise ValueError(
            "must be a date such as 2026-12-01 or a time with its offset such as 2026-12-01T13:30:00+01:00"
        )
    try:
        at = date.fromisoformat(value) if len(value) == len("2026-12-01") else datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("is not a date or time that exists") from None
    if not 2000 <= at.year < 2100:
        raise ValueError("must be between the years 2000 and 2099")
    if isinstance(at, datetime):
        if at.tzinfo is None:
            raise ValueError("must have an offset, such as Z or +01:00")
        return at.astimezone(UTC)
    return at


def _cents(value: Any) -> int:
    """Euro as numbers or as people type them, to whole cents."""
    text = str(value).strip().replace(",", ".") if isinstance(value, int | float | str) else ""
    if isinstance(value, bool) or not _EUROS.fullmatch(text):
        raise ValueError("must be an amount of euro, 0 or more, with at most two decimals")
    return int(Decimal(text) * 100)


Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT), AfterValidator(_lines)
]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_LINE), AfterValidator(_plain_line)
]
Word = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(_line)]
Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254),
    AfterValidator(_line),
    AfterValidator(_email),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": 254}),
]
Phone = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=40),
    AfterValidator(_phone),
    WithJsonSchema({"type": "string", "pattern": f"^{_PHONE.pattern}$"}),
]
Link = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=2000), AfterValidator(_line), AfterValidator(_link)
]
"""Where something is found on the web."""
Euros = Annotated[
    int,
    PlainValidator(_cents),
    WithJsonSchema(
        {"type": "number", "minimum": 0, "maximum": 9_999_999.99, "multipleOf": 0.01, "examples": [150, 12.5]}
    ),
]
"""Whole cents."""
Moment = Annotated[
    date | datetime,
    PlainValidator(_moment),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}],
            "examples": ["2026-12-01", "2026-12-01T13:30:00+01:00"],
        }
    ),
]
"""A day, or a moment in UTC."""
Day = Annotated[date, PlainValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
_ADDRESS: TypeAdapter[str] = TypeAdapter(Email)
