"""Reading cases, lists and figures: within one's sight, page by page, and with what each role may know."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from domain.words import Role
from readmodel.accounts import Mandate, revoke_token
from readmodel.database import writing
from readmodel.schema import TOKENS
from tests.web.people import (
    ADMINISTRATOR,
    ELSEWHERE,
    GARDENER,
    HEAD,
    HEAD_ELSEWHERE,
    LEADERSHIP,
    MANAGER,
    MANAGER_ELSEWHERE,
    MANAGER_EVERYWHERE,
    MEMBER,
    PARTNER,
    STAFF,
    WARDEN,
)
from tests.web.town import IN_DORP, Town, fields, problem

CASE_KEYS = {
    *("case_id", "number", "kind", "service", "neighbourhood", "stage", "outcome", "urgent", "opened_at"),
    *("promised_by", "closed_at", "version", "round", "supporters", "description", "location", "reporter"),
    *("assignments", "escalations", "next", "timeline", "feedback", "offers", "photos"),
    *("merged_into", "split_until", "asked", "answered", "project", "promised_in", "structure", "part_of"),
    *("attributes", "media_url", "inspection"),
}
SPEAKING = (MEMBER, PARTNER, HEAD, MANAGER)


def numbers(town: Town, by: Mandate, **wanted: Any) -> list[str]:
    answer = town.get("/cases", by, **wanted)
    assert answer.status_code == 200, answer.text
    return [item["number"][-1] for item in answer.json()["items"]]


def test_a_case_has_exactly_the_keys_that_were_agreed(town: Town) -> None:
    case = town.case(town.report()["case_id"], MEMBER)
    assert set(case) == CASE_KEYS
    assert set(case["assignments"][0]) == {
        *("assignment", "department", "state", "assigned_at", "respond_by", "responded_at", "resolve_by"),
        *("planned_for", "escalation_level", "task"),
    }
    assert set(case["timeline"][0]) == {"seq", "at", "event", "by", "rule", "note"}


def test_times_carry_the_citys_offset(town: Town) -> None:
    case = town.case(town.report()["case_id"], MEMBER)
    assert case["opened_at"] == "2026-03-02T10:00:00+01:00"
    assert datetime.fromisoformat(case["promised_by"]).utcoffset() is not None


def test_what_happens_next_is_told_with_its_time(town: Town) -> None:
    case = town.case(town.report()["case_id"], MEMBER)
    assert [(due["what"], due["to"]) for due in case["next"][:3]] == [
        ("remind", None),
        ("escalate", "department_head"),
        ("escalate", "neighbourhood_manager"),
    ]
    assert case["next"][1]["at"] == case["assignments"][0]["respond_by"]


@pytest.mark.parametrize("by", STAFF, ids=lambda m: str(m.role))
def test_only_who_must_speak_with_the_reporter_sees_them(town: Town, by: Mandate) -> None:
    case = town.case(town.report()["case_id"], by)
    assert (case["reporter"] is not None) == (by in SPEAKING)


def test_leadership_reads_cases_without_personal_data(town: Town) -> None:
    case_id = town.report(location={"lat": 50.5, "lon": 5.2, "address": "Heidestraat 7"})["case_id"]
    town.does(case_id, MEMBER, "resolve", assignment="a1", note="Spoke to An")
    token = town.report()["token"]
    town.post(f"/follow/{token}/feedback", {"solved": "yes", "comment": "An says thanks"})
    told = str(town.get(f"/cases/{case_id}", LEADERSHIP).json()) + str(town.get("/cases", LEADERSHIP).json())
    for secret in ("An", "Heidestraat", "lamp at number", "example.org"):
        assert secret not in told


def test_leadership_searches_by_number_only(town: Town) -> None:
    town.report()
    assert numbers(town, LEADERSHIP, q="2026-000001") == ["1"]
    problem(town.get("/cases", LEADERSHIP, q="Peeters"), 403, "forbidden")


@pytest.mark.parametrize(
    "path", ["/cases", "/escalations", "/throughput", "/limits", "/events", "/events/stream", "/cases/x"]
)
def test_nothing_is_read_without_a_valid_token(town: Town, path: str) -> None:
    for header in (
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "x" * 9000},
    ):
        answer = town.client.get(f"/api/v1{path}", headers=header)
        problem(answer, 401, "unauthenticated")
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_revoked_token_opens_nothing(town: Town) -> None:
    headers = town.as_(MEMBER)
    with writing(town.context.database) as session:
        id = session.execute(TOKENS.select()).one().id
        assert revoke_token(session, id, town.clock())
    problem(town.client.get("/api/v1/cases", headers=headers), 401, "unauthenticated")


@pytest.mark.parametrize("by", STAFF, ids=lambda m: str(m.role))
def test_who_works_on_a_case_finds_it(town: Town, by: Mandate) -> None:
    town.report()
    assert numbers(town, by) == ["1"]


@pytest.mark.parametrize("by", ELSEWHERE, ids=lambda m: str(m.role))
def test_others_do_not_find_it(town: Town, by: Mandate) -> None:
    case_id = town.report()["case_id"]
    town.clock.pass_(days=3)
    town.engine.let_time_pass(case_id)
    assert numbers(town, by) == []
    assert town.get("/escalations", by).json()["items"] == []
    assert town.get("/events", by).json() == []
    problem(town.get(f"/cases/{case_id}", by), 404, "not_found")


def test_a_resident_is_no_staff(town: Town) -> None:
    case_id = town.report()["case_id"]
    assert numbers(town, Mandate(Role.RESIDENT)) == []
    problem(town.get(f"/cases/{case_id}", Mandate(Role.RESIDENT)), 404, "not_found")


def test_lists_are_narrowed(town: Town) -> None:
    town.report()
    town.clock.pass_(seconds=1)
    town.report(location=IN_DORP, service="tree", kind="project")
    town.clock.pass_(seconds=1)
    third = town.report(service="other")["case_id"]
    town.does(third, MANAGER, "close", outcome="explained", note="No")
    wanted: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ["3", "2", "1"]),
        ({"stage": "assigned"}, ["2", "1"]),
        ({"stage": ["assigned", "closed"]}, ["3", "2", "1"]),
        ({"open": "true"}, ["2", "1"]),
        ({"department": "green"}, ["2"]),
        ({"neighbourhood": "heide"}, ["3", "1"]),
        ({"service": "lamp"}, ["1"]),
        ({"kind": "project"}, ["2"]),
        ({"escalated": "true"}, []),
        ({"overdue": "false"}, ["3", "2", "1"]),
        ({"q": "2026-000002"}, ["2"]),
        ({"q": "LAMP number"}, ["3", "2", "1"]),
        ({"q": "%"}, []),
        ({"q": "' OR 1=1 --"}, []),
        ({"sort": "opened_at"}, ["1", "2", "3"]),
        ({"sort": "-number"}, ["3", "2", "1"]),
    ]
    for filters, found in wanted:
        assert numbers(town, ADMINISTRATOR, **filters) == found, filters


def test_lists_go_on_page_by_page(town: Town) -> None:
    for _ in range(5):
        town.report()
    seen, cursor = [], None
    while True:
        page = town.get(
            "/cases", ADMINISTRATOR, limit=2, sort="number", **({"cursor": cursor} if cursor else {})
        ).json()
        seen += [item["number"][-1] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ["1", "2", "3", "4", "5"]


BAD_QUERIES: list[tuple[str, dict[str, str], str]] = [
    ("/cases", {"cursor": "nonsense"}, "cursor"),
    ("/cases", {"cursor": "W10"}, "cursor"),
    ("/cases", {"cursor": "x" * 501}, "cursor"),
    ("/cases", {"cursor": "\u0000"}, "cursor"),
    ("/cases", {"limit": "0"}, "limit"),
    ("/cases", {"limit": "201"}, "limit"),
    ("/cases", {"limit": "many"}, "limit"),
    ("/cases", {"stage": "asleep"}, "stage.0"),
    ("/cases", {"sort": "colour"}, "sort"),
    ("/cases", {"kind": "x"}, "kind"),
    ("/cases", {"escalated": "perhaps"}, "escalated"),
    ("/cases", {"q": "a\u0000b"}, "q"),
    ("/cases", {"q": "x" * 201}, "q"),
    ("/cases", {"service": "a\u0000b"}, "service"),
    ("/escalations", {"reason": "x"}, "reason"),
    ("/escalations", {"level": "0"}, "level"),
    ("/escalations", {"cursor": "W10"}, "cursor"),
    ("/throughput", {"from": "yesterday"}, "from"),
    ("/throughput", {"from": "2026-02-01", "to": "2026-01-01"}, "from"),
    ("/throughput", {"from": "0001-01-01"}, "from"),
    ("/throughput", {"from": "1980-01-01", "to": "2026-01-01", "bucket": "day"}, "from"),
    ("/throughput", {"bucket": "hour"}, "bucket"),
    ("/throughput", {"group_by": "colour"}, "group_by"),
    ("/limits", {"from": "2026-02-01", "to": "2026-01-01"}, "from"),
    ("/limits", {"group_by": "cause"}, "group_by"),
    ("/events", {"after": "-1"}, "after"),
    ("/events", {"after": "9" * 30}, "after"),
    ("/events", {"limit": "0"}, "limit"),
]


@pytest.mark.parametrize(("path", "query", "field"), BAD_QUERIES)
def test_what_is_wrong_with_a_query_is_told_by_field(town: Town, path: str, query: dict[str, str], field: str) -> None:
    assert fields(
        problem(town.get(path, LEADERSHIP if path != "/cases" else ADMINISTRATOR, **query), 422, "invalid")
    ) == [field]


def test_escalations_are_listed_with_their_case(town: Town) -> None:
    first, second = town.report(), town.report(location=IN_DORP)
    town.clock.pass_(days=3)
    for told in (first, second):
        town.engine.let_time_pass(told["case_id"])
    items = town.get("/escalations", ADMINISTRATOR, open="true").json()["items"]
    assert {item["number"] for item in items} == {first["number"], second["number"]}
    assert {(i["reason"], i["level"], i["to"], i["department"]) for i in items} == {
        ("no_response", 1, "department_head", "roads")
    }
    for wanted, count in (
        ({"neighbourhood": "dorp"}, 1),
        ({"department": "green"}, 0),
        ({"reason": "overdue"}, 0),
        ({"level": "1"}, 2),
        ({"open": "false"}, 0),
    ):
        assert len(town.get("/escalations", ADMINISTRATOR, **wanted).json()["items"]) == count
    assert len(town.get("/escalations", MANAGER).json()["items"]) == 1
    page = town.get("/escalations", ADMINISTRATOR, limit=1).json()
    rest = town.get("/escalations", ADMINISTRATOR, limit=1, cursor=page["next_cursor"]).json()
    assert (len(rest["items"]), rest["next_cursor"]) == (1, None)


@pytest.mark.parametrize("by", [*STAFF, *ELSEWHERE], ids=lambda m: f"{m.role}-{m.department}")
def test_figures_are_for_those_who_answer_for_them(town: Town, by: Mandate) -> None:
    answer = town.get("/throughput", by)
    may = {Role.LEADERSHIP, Role.NEIGHBOURHOOD_MANAGER, Role.DEPARTMENT_HEAD, Role.ADMINISTRATOR}
    if by.role in may:
        assert answer.status_code == 200
    else:
        problem(answer, 403, "forbidden")


def test_everyone_sees_their_own_figures(town: Town) -> None:
    town.report()
    town.report(location=IN_DORP, service="tree")

    def opened(by: Mandate, group_by: str) -> dict[str, int]:
        items = town.get("/throughput", by, group_by=group_by, bucket="month").json()["items"]
        return {i["group"]: i["opened"] for i in items if i["bucket"] == "2026-03-01"}

    assert opened(LEADERSHIP, "department") == {"roads": 2, "green": 1}
    assert opened(HEAD, "department") == {"roads": 2}
    assert opened(HEAD_ELSEWHERE, "department") == {"green": 1}
    assert opened(MANAGER, "neighbourhood") == {"heide": 1}
    assert opened(MANAGER_ELSEWHERE, "service") == {"tree": 1}
    assert opened(MANAGER_EVERYWHERE, "neighbourhood") == {"heide": 1, "dorp": 1}


def test_different_and_returning_reporters_are_counted_by_bucket_and_group(town: Town) -> None:
    for day in range(3):
        town.report(reporter={"email": "an@example.org"} if day else None)
        town.report(location=IN_DORP, reporter={"phone": "089 65 36 00"})
        town.clock.pass_(days=1)

    def counted(by: Mandate, group_by: str) -> dict[str, tuple[int, int, float | None]]:
        items = town.get("/throughput", by, group_by=group_by, bucket="month").json()["items"]
        names = ("reporters", "returning_reporters", "returning_share")
        return {i["group"]: tuple(i[n] for n in names) for i in items if i["bucket"] == "2026-03-01"}

    assert counted(LEADERSHIP, "neighbourhood") == {"heide": (1, 1, 0.5), "dorp": (1, 1, pytest.approx(2 / 3))}
    assert counted(LEADERSHIP, "department") == {"roads": (2, 2, 0.6)}
    assert counted(MANAGER, "neighbourhood") == {"heide": (1, 1, 0.5)}


UNKNOWN: list[tuple[Callable[[Town], Any], int, str]] = [
    (lambda town: town.client.get("/api/v1/nothing"), 404, "not_found"),
    (lambda town: town.client.get("/nothing"), 404, "not_found"),
    (lambda town: town.client.get("/api/v1/cases/"), 404, "not_found"),
    (lambda town: town.client.put("/api/v1/cases"), 405, "method_not_allowed"),
    (lambda town: town.client.delete(f"/api/v1/cases/{uuid4()}"), 405, "method_not_allowed"),
    (lambda town: town.client.get("/static/../app.py"), 404, "not_found"),
    (lambda town: town.client.get("/static/nothing.css"), 404, "not_found"),
]


@pytest.mark.parametrize(("ask", "status", "code"), UNKNOWN)
def test_also_the_frameworks_own_errors_are_problem_details(
    town: Town, ask: Callable[[Town], Any], status: int, code: str
) -> None:
    problem(ask(town), status, code)


def test_departments_find_each_others_cases_once_they_share_them(town: Town) -> None:
    case_id = town.report()["case_id"]
    town.does(case_id, MANAGER, "assign", departments=["green"])
    assert numbers(town, GARDENER) == ["1"]
    assert town.case(case_id, GARDENER)["reporter"]["email"] == "an@example.org"
    assert numbers(town, WARDEN) == ["1"]
