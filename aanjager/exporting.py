"""Cases and events as CSV or JSON lines, for other programs: what happened when, and nothing about persons.

Texts, contacts, exact places and the identity of staff stay inside. Times carry the offset of the city's zone.
"""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from domain.city import City
from readmodel.schema import CASES, EVENT_LOG

BATCH = 1000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

CASE_COLUMNS = {
    "case_id": "the case, as in the API",
    "number": "as people say it, 2026-000001",
    "kind": "issue, project or structural",
    "service": "code of what was reported",
    "theme": "theme of the service when it was reported",
    "neighbourhood": "where",
    "urgent": "whether the urgent policy holds",
    "stage": "where it stands",
    "outcome": "how it ended; empty while open",
    "departments": "those that carry a task; in CSV with a space in between",
    "opened_at": "when it was reported",
    "promised_by": "when the resident may expect it to be resolved; empty if nothing is promised",
    "closed_at": "empty while open",
    "round": "1, and 1 more for each reopening",
    "supporters": "how many other residents joined",
    "escalation_level": "the highest rung that still asks for attention; 0 if none",
    "version": "the sequence number of its last event",
    "source": "the system it came from, if another",
    "source_ref": "its reference there",
    "imported": "whether it was brought in from there in bulk",
    "merged_into": "the case it was joined to",
}
EVENT_COLUMNS = {
    "position": "the order in which events were recorded in the city, from 1",
    "case_id": "the case",
    "number": "its number",
    "seq": "the order within the case, from 1",
    "at": "when it happened",
    "event": "what happened",
    "by": "the role of whoever did it; empty for the engine itself",
    "by_department": "their department",
    "rule": "the rule by which the engine did it",
    "data": "the event's own fields as JSON; texts by their ids only",
}


class What(StrEnum):
    """What can be exported."""

    CASES = "cases"
    EVENTS = "events"


class Format(StrEnum):
    """How it is written."""

    CSV = "csv"
    JSONL = "jsonl"


def export(
    session: Session,
    city: City,
    out: TextIO,
    what: What,
    form: Format,
    start: date | None = None,
    end: date | None = None,
    batch: int = BATCH,
) -> int:
    """Writes cases by when they were opened, or events in order of recording; how many there were.

    `start` and `end` are local days of the city, both inclusive: of the opening of a case, of an event itself.
    In bounded memory. In CSV a text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    zone = ZoneInfo(city.timezone)
    if what is What.CASES:
        records, columns = _cases(session, zone, batch, _within(CASES.c.opened_at, zone, start, end)), CASE_COLUMNS
    else:
        records, columns = _events(session, zone, batch, _within(EVENT_LOG.c.at, zone, start, end)), EVENT_COLUMNS
    write = _csv_writer(out, list(columns)) if form is Format.CSV else _jsonl_writer(out)
    number = 0
    for record in records:
        write(record)
        number += 1
    return number


def _within(
    column: ColumnElement[datetime], zone: ZoneInfo, start: date | None, end: date | None
) -> list[ColumnElement[bool]]:
    found = []
    if start is not None:
        found.append(column >= _midnight(start, zone))
    if end is not None and end < date.max:
        found.append(column < _midnight(end + timedelta(days=1), zone))
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    local = datetime.combine(day, time.min, zone)
    return local.astimezone(UTC) if date.min < day < date.max else local.replace(tzinfo=UTC)


def _cases(session: Session, zone: ZoneInfo, batch: int, within: list[ColumnElement[bool]]) -> Iterator[dict[str, Any]]:
    query = (
        select(*(CASES.c[name] for name in CASE_COLUMNS)).where(*within).order_by(CASES.c.opened_at, CASES.c.case_id)
    )

    def after(row: Row[Any]) -> ColumnElement[bool]:
        later = and_(CASES.c.opened_at == row.opened_at, CASES.c.case_id > row.case_id)
        return and_(CASES.c.opened_at >= row.opened_at, or_(CASES.c.opened_at > row.opened_at, later))

    for row in _batches(session, query, batch, after):
        yield {name: _shown(value, zone) for name, value in row._mapping.items()}


def _events(
    session: Session, zone: ZoneInfo, batch: int, within: list[ColumnElement[bool]]
) -> Iterator[dict[str, Any]]:
    log = EVENT_LOG.c
    query = (
        select(
            log.position,
            log.case_id,
            CASES.c.number,
            log.seq,
            log.at,
            log.kind.label("event"),
            log.by_role.label("by"),
            log.by_department,
            log.rule,
            log.body.label("data"),
        )
        .join(CASES, CASES.c.case_id == log.case_id)
        .where(*within)
        .order_by(log.position)
    )
    for row in _batches(session, query, batch, lambda last: log.position > last.position):
        data = {name: value for name, value in json.loads(row.data).items() if name != "kind"}
        yield {**{name: _shown(value, zone) for name, value in row._mapping.items()}, "data": data}


def _batches(
    session: Session, query: Select[Any], batch: int, after: Callable[[Row[Any]], ColumnElement[bool]]
) -> Iterator[Row[Any]]:
    rows = session.execute(query.limit(batch)).all()
    while rows:
        yield from rows
        rows = session.execute(query.where(after(rows[-1])).limit(batch)).all()


def _shown(value: object, zone: ZoneInfo) -> object:
    return value.astimezone(zone).isoformat() if isinstance(value, datetime) else value


def _jsonl_writer(out: TextIO) -> Callable[[Mapping[str, Any]], None]:
    def write(record: Mapping[str, Any]) -> None:
        out.write(json.dumps(record, ensure_ascii=False) + "\n")

    return write


def _csv_writer(out: TextIO, columns: list[str]) -> Callable[[Mapping[str, Any]], None]:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)

    def write(record: Mapping[str, Any]) -> None:
        writer.writerow([_cell(record[column]) for column in columns])

    return write


def _cell(value: object) -> object:
    match value:
        case bool():
            return "true" if value else "false"
        case dict():
            return json.dumps(value, ensure_ascii=False)
        case list():
            return " ".join(map(str, value))
        case str() if value.startswith(_FORMULA):
            return f"'{value}"
        case _:
            return value
