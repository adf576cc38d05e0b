"""Pages that stay put while cases come and go: each begins right after the last row of the one before."""

import base64
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, tuple_

from readmodel.base import UtcDateTime

Key = tuple[str | int | datetime, ...]
_WHOLE = re.compile(r"-?[0-9]{1,9}")


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
        place = tuple_(*self.key(cursor), types=[column.type for column in self.columns])
        here = tuple_(*self.columns)
        return here < place if self.descending else here > place

    def key(self, cursor: str) -> Key:
        """The last row before the cursor. Raises BadCursor."""
        return tuple(
            _typed(column, value)
            for column, value in zip(self.columns, _read(self.name, cursor, len(self.columns)), strict=True)
        )

    def cursor(self, key: Key) -> str:
        """What `beyond` takes to go on after the row with this key."""
        content = [self.name, *(v.isoformat() if isinstance(v, datetime) else str(v) for v in key)]
        return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def _typed(column: ColumnElement[Any], text: str) -> str | int | datetime:
    if isinstance(column.type, UtcDateTime):
        return _time(text)
    if not isinstance(column.type, Integer):
        return text
    if not _WHOLE.fullmatch(text):
        raise BadCursor(text)
    return int(text)


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
