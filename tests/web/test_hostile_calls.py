"""What no program of ours would send to the API: told clearly, in a problem detail, and nothing is left behind."""

import pytest

from tests.web.busy import busy
from tests.web.people import ADMINISTRATOR, MANAGER, MEMBER
from tests.web.projects import refer
from tests.web.test_structural_calls import STRUCTURAL
from tests.web.town import Town, fields, problem

NO_ID = ("é", "%00", "a%00b", "%ff", "a b", "x" * 5000, "'--", "\N{PILE OF POO}")
BY_ID = (
    *("/cases/{}", "/cases/{}/duplicates", "/meetings/{}", "/photos/{}", "/projects/{}/participation", "/follow/{}"),
    *("/neighbourhoods/{}/profile", "/neighbourhoods/{}/meetings", "/projects/{}/documents/x"),
)


def test_what_cannot_be_an_id_is_answered_like_what_is_not_there(town: Town) -> None:
    for path in BY_ID:
        for id in NO_ID:
            problem(town.get(path.format(id), ADMINISTRATOR), 404, "not_found")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b"garbage"),
        ("multipart/form-data; boundary=x; charset=utf-7", b"--x--"),
    ],
)
def test_a_form_that_cannot_be_read_is_malformed(town: Town, content_type: str, body: bytes) -> None:
    path = f"/api/v1/cases/{refer(town)['case_id']}/documents"
    headers = {**town.as_(MEMBER), "Content-Type": content_type}
    problem(town.client.post(path, content=body, headers=headers), 422, "malformed")


@pytest.mark.parametrize("key", ["", "x" * 201, "\x85"])
def test_a_key_is_a_line_of_at_most_two_hundred_characters(town: Town, key: str) -> None:
    headers = {**town.as_(MANAGER), "Idempotency-Key": key.encode("latin-1")}
    for path, body in (("/cases", {}), ("/structural", STRUCTURAL)):
        whole = body or {"kind": "issue", "service": "lamp", "description": "Dark", "neighbourhood": "heide"}
        answer = town.client.post(f"/api/v1{path}", json=whole, headers=headers)  # type: ignore[arg-type]
        assert fields(problem(answer, 422, "invalid")) == ["Idempotency-Key"]
    assert town.get("/cases", ADMINISTRATOR).json()["items"] == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"command":' + b"[" * 100_000, "malformed"),
        (b'{"command": "comment", "note": "\\ud800", "public": true}', "malformed"),
        (b'{"command": "comment", "note": "\xff", "public": true}', "malformed"),
        (b'{"command": "comment", "note": "a\\u0000", "public": true}', "invalid"),
        (b'{"command": "offer_to_residents", "amount": NaN, "note": "x"}', "invalid"),
        (b'{"command": "offer_to_residents", "amount": 1e400, "note": "x"}', "invalid"),
        (b'{"command": "extend", "assignment": "a1", "until": "2099-12-31T23:59:59-23:59", "note": "x"}', "invalid"),
        (b"[]", "invalid"),
        (b"null", "invalid"),
    ],
)
def test_bodies_beyond_sense_change_nothing(town: Town, body: bytes, code: str) -> None:
    case_id = town.report()["case_id"]
    before = town.case(case_id, MANAGER)
    headers = {**town.as_(MANAGER), "Content-Type": "application/json"}
    problem(town.client.post(f"/api/v1/cases/{case_id}/commands", content=body, headers=headers), 422, code)
    assert town.case(case_id, MANAGER) == before


def test_commands_that_make_no_sense_for_a_kind_are_refused(town: Town) -> None:
    names = busy(town)
    issue, project, structural = names["case_id"][0], names["case_id"][-2], names["case_id"][-1]
    for case_id, command, sent in (
        (project, "offer_to_residents", {"amount": 10, "note": "x"}),
        (project, "plan_action", {"department": "green", "note": "x"}),
        (project, "split", {"note": "x"}),
        (project, "merge_into", {"case_id": issue}),
        (project, "merge_into", {"case_id": structural}),
        (issue, "plan_action", {"department": "green", "note": "x"}),
        (issue, "review", {"note": "x"}),
        (issue, "split", {"note": "x"}),
        (issue, "merge_into", {"case_id": issue}),
        (issue, "merge_into", {"case_id": structural}),
        (issue, "answer_point", {"point": "p1", "verdict": "followed", "note": "x"}),
        (issue, "move_decision", {"decided_on": "2026-06-30", "note": "x"}),
        (issue, "open_participation", {"question": "x", "until": "2026-03-20"}),
        (structural, "offer_to_residents", {"amount": 10, "note": "x"}),
        (structural, "merge_into", {"case_id": issue}),
        (structural, "ask_advice", {"departments": ["green"]}),
    ):
        before = town.case(case_id, ADMINISTRATOR)
        answer = town.command(case_id, MANAGER, command, **sent)
        assert answer.status_code in (403, 409, 422), (command, answer.text)
        problem(answer, answer.status_code, answer.json()["code"])
        assert town.case(case_id, ADMINISTRATOR) == before
