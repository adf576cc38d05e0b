"""Reports from the public and from staff, and what is wrong with some."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from starlette.types import Message

from readmodel.database import reading
from readmodel.intake import waiting
from readmodel.schema import CASES
from tests.web.people import ADMINISTRATOR, MANAGER, MEMBER, WARDEN
from tests.web.town import DESCRIBED, IN_DORP, IN_HEIDE, REPORT, Town, fields, problem
from web.app import create_app
from web.bodies import LARGEST


def cases_kept(town: Town) -> int:
    with reading(town.context.database) as session:
        return session.scalar(select(func.count()).select_from(CASES)) or 0


def test_a_report_becomes_a_case_with_a_number_and_a_link_to_follow_it(town: Town) -> None:
    answer = town.post("/cases", REPORT)
    assert answer.status_code == 201
    told = answer.json()
    assert set(told) == {"case_id", "number", "follow_url", "token"}
    assert told["number"] == "2026-000001"
    assert told["follow_url"] == f"https://town.example/follow/{told['token']}"
    case = town.case(told["case_id"], MEMBER)
    assert (case["stage"], case["neighbourhood"]) == ("assigned", "heide")
    assert [a["department"] for a in case["assignments"]] == ["roads"]


def test_a_report_starts_its_workflow(town: Town) -> None:
    told = town.report()
    assert told["case_id"] in town.engine.started
    with reading(town.context.database) as session:
        assert not waiting(session, 10)


def test_a_report_is_kept_while_the_engine_is_down(town: Town) -> None:
    town.engine.down = True
    told = town.report()
    assert town.case(told["case_id"], MEMBER)["stage"] == "assigned"
    with reading(town.context.database) as session:
        assert [w.case.case_id for w in waiting(session, 10)] == [told["case_id"]]


def test_the_point_decides_where_point_and_neighbourhood_differ(town: Town) -> None:
    told = town.report(location=IN_DORP, neighbourhood="heide")
    assert town.case(told["case_id"], ADMINISTRATOR)["neighbourhood"] == "dorp"


def test_a_neighbourhood_alone_is_enough(town: Town) -> None:
    body = {key: value for key, value in REPORT.items() if key != "location"}
    answer = town.post("/cases", {**body, "neighbourhood": "dorp"})
    assert answer.status_code == 201
    case = town.case(answer.json()["case_id"], ADMINISTRATOR)
    assert (case["neighbourhood"], case["location"]) == ("dorp", None)


def test_a_point_outside_the_city_is_refused_in_words(town: Town) -> None:
    body = problem(town.post("/cases", {**REPORT, "location": {"lat": 40.0, "lon": 5.2}}), 422, "invalid")
    assert body["errors"] == [{"field": "location", "detail": "this point lies outside Town"}]
    assert cases_kept(town) == 0


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"service": "nonsense"}, "service"),
    ({"service": 5}, "service"),
    ({"kind": "complaint"}, "kind"),
    ({"kind": None}, "kind"),
    ({"description": ""}, "description"),
    ({"description": "   "}, "description"),
    ({"description": "x" * 10_001}, "description"),
    ({"description": "bell \u0007"}, "description"),
    ({"description": "nothing \u0000"}, "description"),
    ({"neighbourhood": "atlantis"}, "neighbourhood"),
    ({"location": {"lat": 91, "lon": 5}}, "location.lat"),
    ({"location": {"lat": True, "lon": 5}}, "location.lat"),
    ({"location": {"lat": "50.5", "lon": 5}}, "location.lat"),
    ({"location": {"lat": 50.5}}, "location.lon"),
    ({"location": {**IN_HEIDE, "address": "x" * 301}}, "location.address"),
    ({"location": {**IN_HEIDE, "street": "x"}}, "location.street"),
    ({"urgent": "yes"}, "urgent"),
    ({"urgent": 0}, "urgent"),
    ({"reporter": {"email": "nobody"}}, "reporter.email"),
    ({"reporter": {"email": "a@b.c\r\nBcc: d@e.f"}}, "reporter.email"),
    ({"reporter": {"email": "an\u0000@b.c"}}, "reporter.email"),
    ({"reporter": {"phone": "call me"}}, "reporter.phone"),
    ({"reporter": {"name": "An\nPeeters"}}, "reporter.name"),
    ({"reporter": {"language": "de"}}, "reporter.language"),
    ({"reporter": {"age": 5}}, "reporter.age"),
    ({"source_ref": "5"}, "body"),
    ({"colour": "red"}, "colour"),
    ({"state": "closed"}, "state"),
]


@pytest.mark.parametrize(("changes", "field"), WRONG)
def test_what_is_wrong_is_told_by_field_and_nothing_is_kept(town: Town, changes: dict[str, Any], field: str) -> None:
    body = problem(town.post("/cases", {**REPORT, **changes}), 422, "invalid")
    assert fields(body) == [field]
    assert cases_kept(town) == 0


@pytest.mark.parametrize("field", ["kind", "service", "description", "location"])
def test_what_is_missing_is_told(town: Town, field: str) -> None:
    body = {key: value for key, value in REPORT.items() if key != field}
    told = problem(town.post("/cases", body), 422, "invalid")
    assert fields(told) == ["body" if field == "location" else field]


def test_every_mistake_is_told_at_once(town: Town) -> None:
    body = problem(town.post("/cases", {**REPORT, "service": "x", "neighbourhood": "y"}), 422, "invalid")
    assert fields(body) == ["service", "neighbourhood"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        b'{"kind": "issue", "description": "\xff"}',
        b'{"description": "\\ud800"}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"location": {"lat": NaN, "lon": 1e999}}',
        json.dumps({**REPORT, "reporter": [[[[[[]]]]]]}).encode(),
        json.dumps({**REPORT, "location": {"lat": 10**400, "lon": 5}}).encode(),
    ],
)
def test_what_cannot_be_read_is_refused(town: Town, body: bytes) -> None:
    answer = town.client.post("/api/v1/cases", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert cases_kept(town) == 0


def test_a_body_of_more_than_a_megabyte_is_refused(town: Town) -> None:
    huge = json.dumps({**REPORT, "description": "x" * LARGEST}).encode()
    answer = town.client.post("/api/v1/cases", content=huge, headers={"Content-Type": "application/json"})
    problem(answer, 413, "too_large")


def test_a_body_that_does_not_tell_its_length_is_read_no_further_than_a_megabyte(town: Town) -> None:
    def endless() -> Iterator[bytes]:
        yield b'{"description": "'
        for _ in range(LARGEST // 1000):
            yield b"x" * 1000

    for path, content_type in (("/api/v1/cases", "application/json"), ("/report", "application/x-www-form-urlencoded")):
        answer = town.client.post(path, content=endless(), headers={"Content-Type": content_type})
        problem(answer, 413, "too_large")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "", "application/xml"])
def test_only_json_is_read(town: Town, content_type: str) -> None:
    body = json.dumps(REPORT).encode()
    answer = town.client.post("/api/v1/cases", content=body, headers={"Content-Type": content_type})
    problem(answer, 415, "unsupported_media_type")


def test_markup_and_sql_are_kept_as_the_text_they_are(town: Town) -> None:
    words = "'); DROP TABLE cases; -- <script>alert(1)</script> \U0001f4a1 {{ 7 * 7 }} %s"
    told = town.report(description=words)
    assert town.case(told["case_id"], MEMBER)["description"] == words


def test_line_ends_become_newlines(town: Town) -> None:
    told = town.report(description="one\r\ntwo\rthree")
    assert town.case(told["case_id"], MEMBER)["description"] == "one\ntwo\nthree"


def test_the_public_may_call_urgent_what_has_urgent_terms(town: Town) -> None:
    urgent = town.report(urgent=True)
    ordinary = town.report(urgent=True, service="tree")
    assert town.case(urgent["case_id"], ADMINISTRATOR)["urgent"] is True
    assert town.case(ordinary["case_id"], ADMINISTRATOR)["urgent"] is False


def test_staff_may_call_anything_urgent(town: Town) -> None:
    answer = town.post("/cases", {**REPORT, "service": "tree", "urgent": True}, WARDEN)
    case = town.case(answer.json()["case_id"], ADMINISTRATOR)
    assert case["urgent"] is True
    assert case["timeline"][0]["by"] == "warden"


def test_the_same_source_reference_gives_the_case_there_is(town: Town) -> None:
    body = {**DESCRIBED, "source": "app", "source_ref": "42"}
    first, second = town.post("/cases", body), town.post("/cases", body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert cases_kept(town) == 1


def test_the_secret_link_is_not_told_to_whoever_guesses_a_source_reference(town: Town) -> None:
    town.report(source="app", source_ref="42")
    guess = {**REPORT, "description": "?", "source": "app", "source_ref": "42"}
    by_public, by_staff = town.post("/cases", guess), town.post("/cases", guess, MANAGER)
    assert by_public.status_code == 200
    assert (by_public.json()["token"], by_public.json()["follow_url"]) == (None, None)
    assert by_staff.json()["token"] is not None


def test_an_idempotency_key_gives_the_same_answer_twice(town: Town) -> None:
    first = town.post("/cases", REPORT, headers={"Idempotency-Key": "k1"})
    second = town.post("/cases", REPORT, headers={"Idempotency-Key": "k1"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


def test_an_idempotency_key_holds_for_one_report_only(town: Town) -> None:
    town.post("/cases", REPORT, headers={"Idempotency-Key": "k1"})
    other = {**REPORT, "description": "Another lamp"}
    problem(town.post("/cases", other, headers={"Idempotency-Key": "k1"}), 409, "conflict")
    assert cases_kept(town) == 1


def test_each_sender_has_idempotency_keys_of_their_own(town: Town) -> None:
    key = {"Idempotency-Key": "k1"}
    answers = [town.post("/cases", REPORT, by, headers=key) for by in (None, MANAGER, WARDEN)]
    assert [a.status_code for a in answers] == [201, 201, 201]


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_an_impossible_idempotency_key_is_refused(town: Town, key: str) -> None:
    problem(town.post("/cases", REPORT, headers={"Idempotency-Key": key}), 422, "invalid")


def test_one_address_may_report_so_often_and_is_told_when_again(town: Town) -> None:
    context = replace(town.context, settings=town.context.settings.model_copy(update={"public_rate": 2}))
    with TestClient(create_app(context)) as client:
        assert [client.post("/api/v1/cases", json=REPORT).status_code for _ in range(2)] == [201, 201]
        answer = client.post("/api/v1/cases", json=REPORT)
        problem(answer, 429, "too_many_requests")
        assert answer.headers["retry-after"] == "30"
        assert client.post("/api/v1/cases", json=REPORT, headers=town.as_(MANAGER)).status_code == 201
        town.clock.pass_(seconds=30)
        assert client.post("/api/v1/cases", json=REPORT).status_code == 201


def test_a_wrong_token_is_refused_also_where_none_is_needed(town: Town) -> None:
    answer = town.post("/cases", REPORT, headers={"Authorization": "Bearer nonsense"})
    problem(answer, 401, "unauthenticated")
    assert re.match("Bearer", answer.headers["www-authenticate"])
    assert cases_kept(town) == 0


async def test_a_sender_who_hangs_up_in_mid_sentence_is_no_error_of_ours(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    began: Message = {"type": "http.request", "body": b'{"kind":', "more_body": True}
    ended: Message = {"type": "http.disconnect"}
    messages = iter([began, ended])

    async def receive() -> Message:
        return next(messages)

    async def send(message: Message) -> None:
        pass

    headers = [(b"content-type", b"application/json"), (b"authorization", f"Bearer {town.token(WARDEN)}".encode())]
    path = "/api/v1/cases"
    scope = {"type": "http", "method": "POST", "path": path, "headers": headers, "query_string": b""}
    await town.client.app(scope, receive, send)
    assert not caplog.records
    assert cases_kept(town) == 0
