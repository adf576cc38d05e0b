from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from domain.words import CaseId, Stage
from readmodel.database import connect, reading, writing
from readmodel.intake import Accepted, KeyReused, NewReport, Once, accept, mark_started, taken_refs, waiting
from readmodel.schema import CASES, EVENT_LOG, FOLLOWERS, LETTERS, REPORTS
from tests.readmodel.town import CITY, MORNING, OTHER, a_report, later, open_case, rows, rules_for


def at_once(engine: Engine, reports: list[NewReport]) -> list[Accepted]:
    with ThreadPoolExecutor(8) as crowd:
        return list(crowd.map(lambda report: open_case(engine, report), reports))


def test_an_accepted_report_is_kept_opened_and_assigned_at_once(engine: Engine) -> None:
    accepted = open_case(engine)
    [case], [report], [reporter] = rows(engine, CASES), rows(engine, REPORTS), rows(engine, FOLLOWERS)
    assert (case["number"], case["stage"], case["departments"]) == ("2026-000001", "assigned", ["roads"])
    assert case["theme"] == "theme-lamp"
    assert report["description"] == "The lamp at number 7 is dark"
    assert (reporter["token"], reporter["email"]) == (accepted.token, "an@example.org")
    assert [e["kind"] for e in rows(engine, EVENT_LOG)] == ["case_opened", "department_assigned"]
    assert accepted.fresh
    assert accepted.case.stage is Stage.ASSIGNED


def test_a_report_that_no_department_owns_awaits_the_manager(engine: Engine) -> None:
    accepted = open_case(engine, a_report(OTHER))
    assert accepted.case.stage is Stage.TRIAGE
    assert [(row["kind"], row["recipient"]) for row in rows(engine, LETTERS)] == [
        ("receipt", f"follower:{rows(engine, FOLLOWERS)[0]['id']}"),
        ("place", "manager:heide"),
    ]


def test_nothing_is_kept_when_the_transaction_fails(engine: Engine) -> None:
    def fail() -> None:
        with writing(engine) as session:
            accept(session, CITY, rules_for, a_report(), MORNING)
            raise RuntimeError("the power went out")

    with pytest.raises(RuntimeError):
        fail()
    assert rows(engine, CASES) == []
    assert open_case(engine).number == "2026-000001"


def test_numbers_have_no_gaps_and_no_doubles_however_many_report_at_once(engine: Engine) -> None:
    accepted = at_once(engine, [a_report() for _ in range(40)])
    assert sorted(a.number for a in accepted) == [f"2026-{n:06d}" for n in range(1, 41)]
    assert sorted(e["position"] for e in rows(engine, EVENT_LOG)) == list(range(1, 81))


def test_numbers_begin_again_with_the_year_of_the_city_and_not_of_greenwich(engine: Engine) -> None:
    assert open_case(engine).number == "2026-000001"
    new_year_in_brussels = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert open_case(engine, now=new_year_in_brussels).number == "2027-000001"


def test_the_same_source_reference_is_one_case(engine: Engine) -> None:
    first = open_case(engine, a_report(source="app", source_ref="17"))
    again = open_case(engine, a_report(source="app", source_ref="17", description="Sent twice"), later(5))
    assert (again.case_id, again.number, again.token, again.fresh) == (first.case_id, first.number, first.token, False)
    assert again.case == first.case
    assert open_case(engine, a_report(source="app", source_ref="18")).number == "2026-000002"


def test_the_same_source_reference_brought_by_many_at_once_is_one_case(engine: Engine) -> None:
    accepted = at_once(engine, [a_report(source="app", source_ref=str(n % 4)) for n in range(32)])
    assert len({a.case_id for a in accepted}) == 4
    assert sum(a.fresh for a in accepted) == 4
    assert sorted(c["number"] for c in rows(engine, CASES)) == [f"2026-{n:06d}" for n in range(1, 5)]


def test_a_source_without_references_may_report_often(engine: Engine) -> None:
    open_case(engine, a_report(source="web"))
    assert open_case(engine, a_report(source="web")).fresh


def test_an_idempotency_key_repeats_the_answer(engine: Engine) -> None:
    report = replace(a_report(), once=Once("k1", "digest"))
    accepted = at_once(engine, [report] * 16)
    assert len({a.case_id for a in accepted}) == 1
    assert len({a.token for a in accepted}) == 1
    assert sum(a.fresh for a in accepted) == 1


def test_an_idempotency_key_is_not_used_for_another_report(engine: Engine) -> None:
    open_case(engine, replace(a_report(), once=Once("k1", "digest")))
    with pytest.raises(KeyReused):
        open_case(engine, replace(a_report(), once=Once("k1", "another")))
    assert len(rows(engine, CASES)) == 1


def test_a_case_waits_until_its_workflow_is_started(engine: Engine) -> None:
    first, second = open_case(engine), open_case(engine, now=later(1))
    with writing(engine) as session:
        assert [(w.case, w.rules) for w in waiting(session, 10)] == [(a.case, a.rules) for a in (first, second)]
        assert [w.case for w in waiting(session, 10, accepted_before=MORNING)] == [first.case]
        mark_started(session, [first.case_id], later(2))
        mark_started(session, [first.case_id], later(3))
        assert [w.case for w in waiting(session, 10)] == [second.case]
    assert rows(engine, CASES)[0]["workflow_started_at"] == later(2)


def test_references_that_are_taken_are_known_in_bulk(engine: Engine) -> None:
    accepted = open_case(engine, a_report(source="boston", source_ref="1"))
    with reading(engine) as session:
        assert taken_refs(session, "boston", ["1", "2"]) == {"1": accepted.case_id}
        assert taken_refs(session, "elsewhere", ["1"]) == {}


def test_cases_that_come_later_sort_later(engine: Engine) -> None:
    ids: list[CaseId] = [open_case(engine, now=later(n)).case_id for n in range(5)]
    assert ids == sorted(ids)


def test_a_killed_writer_leaves_nothing_half_done(engine: Engine, database_url: str) -> None:
    other = connect(database_url)
    open_case(engine, a_report())
    session: Any = writing(other)
    opened = session.__enter__()
    accept(opened, CITY, rules_for, a_report(), MORNING)
    opened.connection().connection.driver_connection.close()
    with pytest.raises(Exception, match="closed"):
        session.__exit__(None, None, None)
    other.dispose()
    assert open_case(engine).number == "2026-000002"
