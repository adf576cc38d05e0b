"""Numbers without gaps: positions of events, and case numbers of a year."""

from sqlalchemy import Connection, text

EVENTS = "events"

_ADVANCE = text(
    "INSERT INTO counters (name, value) VALUES (:name, :by) "
    "ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value RETURNING value"
)


def advance(connection: Connection, name: str, by: int) -> int:
    """The counter's new value; nobody else moves it until this transaction ends. By 0: only takes hold of it."""
    return int(connection.execute(_ADVANCE, {"name": name, "by": by}).scalar_one())


def case_numbers(connection: Connection, year: int, count: int) -> list[str]:
    """The next numbers of that year, `2026-000001` the first; given back when the transaction is rolled back."""
    last = advance(connection, f"cases-{year}", count)
    return [f"{year}-{n:06d}" for n in range(last - count + 1, last + 1)]
