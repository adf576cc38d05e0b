"""Projects over HTTP: referred, advised on, reacted to, answered, and what is promised becomes cases."""

from typing import Any
from uuid import uuid4

import pytest
from httpx2 import Response

from readmodel.accounts import Mandate
from tests.readmodel.town import later
from tests.web.people import (
    ADMINISTRATOR,
    GARDENER,
    HEAD_ELSEWHERE,
    LEADERSHIP,
    MANAGER,
    MANAGER_ELSEWHERE,
    MEMBER,
    WARDEN_ELSEWHERE,
)
from tests.web.projects import PROJECT, REFERRAL, ROUND, refer
from tests.web.town import Town, fields, problem


def refused(town: Town, by: Mandate | None = MEMBER, around: Any = (), **changes: Any) -> Any:
    return town.post("/cases", {**REFERRAL, **dict(around), "project": {**PROJECT, **changes}}, by)


def test_a_referred_project_is_told_with_its_requests_and_what_comes_next(town: Town) -> None:
    case = town.case(refer(town, participation=ROUND)["case_id"], MEMBER)
    project = case["project"]
    assert (project["title"], project["question"], project["referred_by"]) == (
        "Kerkstraat",
        "What must we know?",
        "roads",
    )
    assert (project["decided_on"], project["decided_at"]) == ("2026-03-27", "2026-03-28T00:00:00+01:00")
    assert [(r["request"], r["department"], r["neighbourhood"]) for r in project["requests"]] == [
        ("v1", None, "heide"),
        ("v2", "green", None),
    ]
    assert project["participation"]["question"] == "Where is it too dark?"
    assert (case["stage"], case["neighbourhood"], case["assignments"]) == ("in_progress", "heide", [])
    ahead = [(n["what"], n["assignment"], n["term"]) for n in case["next"]]
    assert ("remind", "v2", "advise") in ahead
    assert ("send_advice", None, None) in ahead
    assert ahead[0] == ("close_round", None, None)


def test_an_ordinary_case_is_no_project(town: Town) -> None:
    case = town.case(town.report(kind="project")["case_id"], MEMBER)
    assert (case["kind"], case["project"], case["promised_in"]) == ("project", None, None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"neighbourhoods": ["moon"]}, "project.neighbourhoods.0"),
        ({"neighbourhoods": []}, "project.neighbourhoods"),
        ({"neighbourhoods": ["heide", "heide"]}, "project.neighbourhoods"),
        ({"departments": ["moon"]}, "project.departments.0"),
        ({"departments": ["roads"]}, "project.departments"),
        ({"departments": ["green", "green"]}, "project.departments"),
        ({"decided_on": "2026-03-01"}, "project.decided_on"),
        ({"decided_on": "2026-03-03"}, "project.decided_on"),
        ({"decided_on": "2050-03-03"}, "project.decided_on"),
        ({"decided_on": "2026-03-32"}, "project.decided_on"),
        ({"participation": {"question": "?", "until": "2026-03-28"}}, "project.participation.until"),
        ({"participation": {"question": "?", "until": "2026-03-01"}}, "project.participation.until"),
        ({"participation": {"question": "", "until": "2026-03-15"}}, "project.participation.question"),
        ({"title": "x" * 301}, "project.title"),
        ({"question": "x" * 10_001}, "project.question"),
        ({"referred_by": "green"}, "project.referred_by"),
    ],
)
def test_what_is_wrong_with_a_referral_is_named_and_leaves_nothing_behind(
    town: Town, changes: dict[str, Any], field: str
) -> None:
    body = problem(refused(town, **changes), 422, "invalid")
    assert fields(body) == [field], body
    assert town.get("/cases", ADMINISTRATOR).json()["items"] == []


def test_a_project_has_no_reporter_no_urgency_and_is_of_its_kind(town: Town) -> None:
    for around in ({"reporter": {"name": "An"}}, {"urgent": True}, {"kind": "issue"}):
        problem(refused(town, around=around), 422, "invalid")


def test_who_may_refer_a_project(town: Town) -> None:
    for nobody in (None, LEADERSHIP, WARDEN_ELSEWHERE, MANAGER_ELSEWHERE):
        problem(refused(town, nobody, referred_by="roads"), 403, "forbidden")
    assert fields(problem(refused(town, MANAGER), 422, "invalid")) == ["project.referred_by"]
    for by in (MANAGER, ADMINISTRATOR):
        refer(town, by, referred_by="roads")


def test_those_who_have_a_say_know_of_it_and_others_do_not(town: Town) -> None:
    case_id = refer(town)["case_id"]
    for by in (MEMBER, GARDENER, HEAD_ELSEWHERE, MANAGER, ADMINISTRATOR):
        assert town.case(case_id, by)["project"]["title"] == "Kerkstraat"
    problem(town.get(f"/cases/{case_id}", MANAGER_ELSEWHERE), 404, "not_found")
    town.does(case_id, MEMBER, "ask_advice", neighbourhoods=["dorp"])
    assert town.case(case_id, MANAGER_ELSEWHERE)["project"]["neighbourhoods"] == ["heide", "dorp"]
    assert town.case(case_id, LEADERSHIP)["project"]["title"] is None
    kinds = {event["type"] for event in town.get("/events", GARDENER).json()}
    assert "aanjager.project_referred" in kinds


def test_advice_is_sent_answered_point_by_point_and_ends_with_an_explanation(town: Town) -> None:
    case_id = refer(town)["case_id"]
    town.does(case_id, MANAGER, "advise", request="v1", points=["Keep the trees", "Lower lamps"])
    town.does(case_id, GARDENER, "advise", request="v2", points=["Plant more"], note="Gladly")
    case = town.case(case_id, MEMBER)
    assert case["project"]["answer"] == "a1"
    assert [(p["point"], p["request"], p["advice"]) for p in case["project"]["points"]] == [
        ("p1", "v1", "Keep the trees"),
        ("p2", "v1", "Lower lamps"),
        ("p3", "v2", "Plant more"),
    ]
    assert case["assignments"][0]["respond_by"] == "2026-03-30T01:00:00+02:00"
    body = problem(town.command(case_id, MEMBER, "resolve", assignment="a1", note="Done"), 409, "refused")
    assert body["detail"] == "Answer every point of advice first."
    for point, verdict in (("p1", "followed"), ("p2", "partly"), ("p3", "not_followed")):
        town.does(case_id, MEMBER, "answer_point", point=point, verdict=verdict, note=f"Because {point}")
    assert town.does(case_id, MEMBER, "resolve", assignment="a1", note="Thank you")["stage"] == "closed"
    case = town.case(case_id, MEMBER)
    assert case["outcome"] == "explained"
    assert [(p["verdict"], p["answer"]) for p in case["project"]["points"]][2] == ("not_followed", "Because p3")


@pytest.mark.parametrize(
    ("command", "sent", "field"),
    [
        ("advise", {"request": "v1", "points": [""]}, "points.0"),
        ("advise", {"request": "v1", "points": ["x"] * 21}, "points"),
        ("advise", {"request": "v1", "points": ["x" * 10_001]}, "points.0"),
        ("advise", {"request": "v1", "points": []}, "points"),
        ("advise", {"request": "v9", "points": ["x"]}, "request"),
        ("ask_advice", {"neighbourhoods": ["moon"]}, "neighbourhoods"),
        ("ask_advice", {"departments": ["moon"]}, "departments"),
        ("ask_advice", {}, "departments"),
        ("open_participation", {"question": "?", "until": "2026-04-01"}, "until"),
        ("move_decision", {"decided_on": "tomorrow", "note": "x"}, "decided_on"),
        ("move_decision", {"decided_on": "2026-04-01T10:00:00Z", "note": "x"}, "decided_on"),
        ("move_decision", {"decided_on": "2026-03-01", "note": "x"}, "decided_on"),
        ("commit", {"description": "x", "service": "moon", "neighbourhood": "heide"}, "service"),
        ("commit", {"description": "x", "service": "lamp", "neighbourhood": "moon"}, "neighbourhood"),
        ("commit", {"description": "x", "service": "lamp", "neighbourhood": "heide", "point": "p1"}, "point"),
    ],
)
def test_a_command_that_cannot_be_says_which_field(town: Town, command: str, sent: dict[str, Any], field: str) -> None:
    case_id = refer(town)["case_id"]
    before = town.case(case_id, ADMINISTRATOR)
    assert fields(problem(town.command(case_id, ADMINISTRATOR, command, **sent), 422, "invalid")) == [field]
    assert town.case(case_id, ADMINISTRATOR) == before


def test_residents_react_and_only_what_was_moderated_is_shown_without_names(town: Town) -> None:
    told = refer(town, participation=ROUND)
    case_id, number = told["case_id"], told["number"]
    sent = {"text": "It is dark at the church", "name": "An Peeters", "email": "an@example.org", "language": "en"}
    kept = town.post(f"/projects/{number}/reactions", sent)
    assert kept.status_code == 201, kept.text
    assert kept.json()["reaction"] == "r1"
    town.post(f"/projects/{case_id}/reactions", {"text": "Nonsense"})
    page = town.get(f"/projects/{number}/participation").json()
    assert (page["question"], page["open"], page["reactions"]) == ("Where is it too dark?", True, [])
    town.does(case_id, MANAGER, "moderate", reaction="r1", shown=True)
    town.does(case_id, MANAGER, "moderate", reaction="r2", shown=False, note="Off topic")
    public = town.get(f"/projects/{case_id}/participation")
    assert [r["text"] for r in public.json()["reactions"]] == ["It is dark at the church"]
    assert "Peeters" not in public.text
    for by in (MANAGER, MEMBER, ADMINISTRATOR):
        shown = town.get(f"/cases/{case_id}", by)
        assert "Peeters" not in shown.text
        assert [r["state"] for r in shown.json()["project"]["participation"]["reactions"]] == ["shown", "hidden"]


def test_who_takes_part_follows_the_project_and_no_more(town: Town) -> None:
    told = refer(town, participation=ROUND)
    token = town.post(f"/projects/{told['number']}/reactions", {"text": "Mine"}).json()["token"]
    followed = town.get(f"/follow/{token}").json()
    assert not any(followed["may"].values())
    assert followed["description"] is None
    for what, sent in (("feedback", {"solved": "no"}), ("support", {}), ("withdraw", {}), ("answer", {"text": "x"})):
        problem(town.post(f"/follow/{token}/{what}", sent), 403, "forbidden")


def test_a_reaction_sent_twice_is_one_and_after_the_round_there_is_none(town: Town) -> None:
    told = refer(town, participation=ROUND)
    path, sent = f"/projects/{told['number']}/reactions", {"text": "Mine", "command_id": str(uuid4())}
    assert town.post(path, sent).json() == town.post(path, sent).json()
    town.clock.now = later(24 * 14)
    town.engine.let_time_pass(told["case_id"])
    problem(town.post(path, {"text": "Late"}), 409, "refused")
    page = town.get(f"/projects/{told['number']}/participation").json()
    assert page["open"] is False


def test_nobody_reacts_where_nothing_is_asked(town: Town) -> None:
    ordinary, without = town.report(), refer(town)
    for name in (ordinary["number"], without["number"], "2026-999999", "nonsense"):
        problem(town.get(f"/projects/{name}/participation"), 404, "not_found")
        problem(town.post(f"/projects/{name}/reactions", {"text": "x"}), 404, "not_found")
    number = refer(town, participation=ROUND)["number"]
    for sent, field in (
        ({}, "text"),
        ({"text": "x" * 10_001}, "text"),
        ({"text": "x", "email": "nobody"}, "email"),
        ({"text": "x", "language": "xx"}, "language"),
    ):
        assert fields(problem(town.post(f"/projects/{number}/reactions", sent), 422, "invalid")) == [field]


def test_what_residents_said_and_became_of_it_can_be_read_afterwards(town: Town) -> None:
    told = refer(town, participation=ROUND, departments=[])
    case_id = told["case_id"]
    town.post(f"/projects/{told['number']}/reactions", {"text": "Dark"})
    town.does(case_id, MANAGER, "advise", request="v1", points=["For staff only"])
    town.clock.now = later(24 * 14)
    town.engine.let_time_pass(case_id)
    town.does(case_id, MANAGER, "summarise", note="People want light", points=["More light"])
    town.does(case_id, MEMBER, "answer_point", point="p1", verdict="followed", note="Yes")
    town.does(case_id, MEMBER, "answer_point", point="p2", verdict="partly", note="At the church")
    town.does(case_id, MEMBER, "resolve", assignment="a1", note="It was decided")
    page = town.get(f"/projects/{told['number']}/participation")
    assert page.json()["summary"] == "People want light"
    assert page.json()["points"] == [{"advice": "More light", "verdict": "partly", "answer": "At the church"}]
    assert (page.json()["outcome"], page.json()["closing"]) == ("explained", "It was decided")
    assert "For staff only" not in page.text


def test_a_promise_becomes_a_case_of_its_own_once(town: Town) -> None:
    case_id, command_id = refer(town)["case_id"], str(uuid4())
    promise = {"description": "Two benches", "service": "tree", "neighbourhood": "dorp", "departments": ["green"]}
    for _ in range(2):
        town.does(case_id, MEMBER, "commit", **promise, command_id=command_id)
    [made] = town.case(case_id, MEMBER)["project"]["commitments"]
    assert (made["commitment"], made["description"], made["stage"]) == ("k1", "Two benches", "assigned")
    case = town.case(made["case_id"], GARDENER)
    assert (case["number"], case["description"]) == (made["number"], "Two benches")
    assert [a["department"] for a in case["assignments"]] == ["green"]
    assert case["promised_in"] == {
        "case_id": case_id,
        "number": town.case(case_id, MEMBER)["number"],
        "commitment": "k1",
    }
    assert case["timeline"][0]["by"] == "department:roads"


def test_a_silent_department_is_escalated_and_its_head_sees_it(town: Town) -> None:
    case_id = refer(town)["case_id"]
    town.clock.now = later(24 * 20)
    town.engine.let_time_pass(case_id)
    case = town.case(case_id, HEAD_ELSEWHERE)
    assert [(e["assignment"], e["reason"], e["to"]) for e in case["escalations"]] == [
        ("v2", "no_response", "department_head")
    ]
    assert case["project"]["requests"][1]["escalation_level"] == 1
    town.does(case_id, HEAD_ELSEWHERE, "acknowledge", escalation="e1")


def send(town: Town, case_id: str, by: Mandate, *contents: bytes, name: str = "plan.pdf", **fields: str) -> Response:
    files = [("documents", (name, content, "application/pdf")) for content in contents]
    return town.client.post(f"/api/v1/cases/{case_id}/documents", files=files, data=fields, headers=town.as_(by))


def test_documents_are_kept_once_and_given_to_those_who_may_read_them(town: Town) -> None:
    told = refer(town, participation=ROUND)
    case_id, number = told["case_id"], told["number"]
    open_to_all, internal = b"%PDF-1.7 plan %%EOF", b"%PDF-1.7 costs %%EOF"
    answer = send(town, case_id, MEMBER, open_to_all, open_to_all, public="true")
    assert answer.status_code == 201, answer.text
    [plan] = answer.json()["items"]
    town.clock.pass_(hours=1)
    [costs] = send(town, case_id, MANAGER, internal, name="costs.pdf").json()["items"]
    assert (plan["name"], plan["public"], costs["name"], costs["public"]) == ("plan.pdf", True, "costs.pdf", False)
    assert town.case(case_id, GARDENER)["project"]["documents"] == [plan, costs]
    assert town.case(case_id, LEADERSHIP)["project"]["documents"] == []
    given = town.client.get(costs["url"], headers=town.as_(GARDENER))
    assert given.content == internal
    assert given.headers["content-disposition"].startswith("attachment;")
    assert given.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in given.headers["content-security-policy"]
    [public] = town.get(f"/projects/{number}/participation").json()["documents"]
    assert town.client.get(public["url"]).content == open_to_all
    hidden = f"/api/v1/projects/{number}/documents/{costs['document']}"
    problem(town.client.get(hidden), 404, "not_found")
    problem(town.client.get(f"/take-part/{number}/documents/{costs['document']}"), 404, "not_found")


def test_a_document_is_known_by_what_is_in_it(town: Town) -> None:
    case_id = refer(town)["case_id"]
    for content in (b"MZ an unpleasant program", b"<html>%PDF</html>", b"%PDF-1.7 broken off", b""):
        assert fields(problem(send(town, case_id, MEMBER, content), 422, "invalid")) == ["documents"]
    large = b"%PDF-1.7" + b" " * 10_000_000 + b"%%EOF"
    assert fields(problem(send(town, case_id, MEMBER, large), 422, "invalid")) == ["documents"]
    pdf = b"%PDF-1.7 %%EOF"
    assert fields(problem(send(town, case_id, MEMBER, pdf, public="perhaps"), 422, "invalid")) == ["public"]
    problem(town.post(f"/cases/{case_id}/documents", {}, MEMBER), 415, "unsupported_media_type")
    assert town.case(case_id, MEMBER)["project"]["documents"] == []


def test_a_project_holds_ten_documents(town: Town) -> None:
    case_id = refer(town)["case_id"]
    for first in (0, 5):
        contents = [f"%PDF-1.7 {number} %%EOF".encode() for number in range(first, first + 5)]
        assert send(town, case_id, MEMBER, *contents).status_code == 201
    problem(send(town, case_id, MEMBER, b"%PDF-1.7 eleven %%EOF"), 422, "invalid")
    assert send(town, case_id, MEMBER, b"%PDF-1.7 3 %%EOF").status_code == 201, "that one is there"
