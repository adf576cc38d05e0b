"""Pages that stay put while cases come and go: each begins right after the last row of the one before."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, tuple_

from readmodel.base import UtcDateTime

Key = tuple[str | int | datetime, ...]


class BadCursor(Exception):
    """The cursor was not given out for this list in this order."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order without ties: the last column is unique, or unique together with those before it."""

    name: str
    columns: tuple[ColumnElement[Any], ...]
    descending: bool = False

    def by(self) -> list[ColumnElement[Any]]:
        """For ORDER BY."""
        return [column.desc() if self.descending else column.asc() for column in self.columns]

    def beyond(self, cursor: str) -> ColumnElement[bool]:
        """The rows after the cursor. Raises BadCursor."""
        key = _read(self.name, cursor, len(self.columns))
        typed = [
            _time(value) if isinstance(column.type, UtcDateTime) else value
            for column, value in zip(self.columns, key, strict=True)
        ]
        place = tuple_(*typed, types=[column.type for column in self.columns])
        here = tuple_(*self.columns)
        return here < place if self.descending else here > place

    def cursor(self, key: Key) -> str:
        """What `beyond` takes to go on after the row with this key."""
        content = [self.name, *(v.isoformat() if isinstance(v, datetime) else v for v in key)]
        return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC) if time.tzinfo is not None else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise BadCursor(text) from error


def _read(name: str, cursor: str, length: int) -> list[str]:
    try:
        content = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise BadCursor(cursor) from error
    if not isinstance(content, list) or len(content) != length + 1 or content[0] != name:
        raise BadCursor(cursor)
    if not all(isinstance(value, str) and value.isascii() and value.isprintable() for value in content):
        raise BadCursor(cursor)
    return content[1:]
