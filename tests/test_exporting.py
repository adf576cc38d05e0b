"""Cases and events for other programs: complete, in order, and without persons."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Any

import pytest
from sqlalchemy import Engine

from aanjager.exporting import BATCH, CASE_COLUMNS, EVENT_COLUMNS, Format, What, export
from domain.commands import Accept
from domain.words import AssignmentId
from readmodel.database import connect, reading
from readmodel.migrate import migrate
from tests.readmodel.conftest import empty
from tests.readmodel.town import CITY, HEIDE, MEMBER, TREE, a_report, do, later, open_case


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    migrate(database_url)
    engine = connect(database_url)
    empty(engine)
    yield engine
    engine.dispose()


def exported(
    engine: Engine, what: What, form: Format, start: date | None = None, end: date | None = None, batch: int = BATCH
) -> str:
    out = StringIO()
    with reading(engine) as session:
        export(session, CITY, out, what, form, start, end, batch)
    return out.getvalue()


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_cases_tell_what_and_when_but_not_who(engine: Engine) -> None:
    accepted = open_case(engine, a_report(TREE, source="app", source_ref="=1+1"))
    [case] = lines(exported(engine, What.CASES, Format.JSONL))
    assert list(case) == list(CASE_COLUMNS)
    assert (case["case_id"], case["neighbourhood"], case["stage"]) == (accepted.case_id, HEIDE, "assigned")
    assert (case["opened_at"], case["departments"]) == ("2026-03-02T10:00:00+01:00", ["green", "roads"])
    everything = exported(engine, What.CASES, Format.CSV) + exported(engine, What.EVENTS, Format.JSONL)
    for private in ("An Peeters", "an@example.org", "Heidestraat", "lamp at number 7", "50.96", accepted.token):
        assert private not in everything


def test_csv_and_json_lines_say_the_same(engine: Engine) -> None:
    do(engine, open_case(engine), Accept(AssignmentId("a1")), MEMBER, later(1))
    for what, columns in ((What.CASES, CASE_COLUMNS), (What.EVENTS, EVENT_COLUMNS)):
        rows = list(csv.DictReader(StringIO(exported(engine, what, Format.CSV))))
        told = lines(exported(engine, what, Format.JSONL))
        assert len(rows) == len(told)
        for row, record in zip(rows, told, strict=True):
            assert list(row) == list(record) == list(columns)
            for name, value in record.items():
                if isinstance(value, dict):
                    assert json.loads(row[name]) == value
                elif value is None or (isinstance(value, str | int) and not isinstance(value, bool)):
                    assert row[name] == str("" if value is None else value)


def test_a_text_that_a_spreadsheet_would_run_is_made_harmless_in_csv(engine: Engine) -> None:
    open_case(engine, a_report(source="app", source_ref="=HYPERLINK(1)"))
    [row] = csv.DictReader(StringIO(exported(engine, What.CASES, Format.CSV)))
    assert row["source_ref"] == "'=HYPERLINK(1)"


def test_events_come_in_the_order_of_recording(engine: Engine) -> None:
    accepted = open_case(engine)
    do(engine, accepted, Accept(AssignmentId("a1")), MEMBER, later(1))
    told = lines(exported(engine, What.EVENTS, Format.JSONL))
    assert [(e["position"], e["seq"], e["event"]) for e in told] == [
        (1, 1, "case_opened"),
        (2, 2, "department_assigned"),
        (3, 3, "assignment_accepted"),
    ]
    assert (told[2]["by"], told[2]["by_department"], told[2]["data"]["assignment"]) == ("department", "roads", "a1")
    assert "user:member" not in json.dumps(told)


def test_a_period_is_of_the_city_s_days_both_included(engine: Engine) -> None:
    for hours in (0, 14.9, 15.1, 39):
        open_case(engine, now=later(hours))
    second, third = date(2026, 3, 2), date(2026, 3, 3)

    def number(what: What, start: date | None, end: date | None) -> int:
        return len(lines(exported(engine, what, Format.JSONL, start, end)))

    assert (number(What.CASES, second, second), number(What.CASES, third, third)) == (1, 2)
    assert (number(What.CASES, None, second), number(What.CASES, third, None)) == (1, 3)
    assert number(What.CASES, date.min, date.max) == 4
    assert number(What.EVENTS, second, third) == 6


def test_batches_join_without_a_gap_or_a_double(engine: Engine) -> None:
    for _ in range(3):
        open_case(engine)
        open_case(engine, now=later(1))
    whole = [exported(engine, what, Format.JSONL) for what in What]
    assert [exported(engine, what, Format.JSONL, batch=2) for what in What] == whole
