"""Structural work over HTTP: opened from a hot spot or by hand, worked on, and seen by those whom it concerns."""

from datetime import date
from typing import Any

import pytest
from httpx2 import Response

from domain.words import CaseId
from readmodel.accounts import Mandate
from readmodel.database import reading, writing
from readmodel.structural.hot_spots import Found, hot_spots_of, keep_found
from tests.readmodel.town import DORP, HEIDE
from tests.web.people import (
    ADMINISTRATOR,
    GARDENER,
    LEADERSHIP,
    MANAGER,
    MANAGER_ELSEWHERE,
    MANAGER_EVERYWHERE,
    MEMBER,
    WARDEN,
)
from tests.web.town import IN_DORP, Town, fields, problem

STRUCTURAL = {"neighbourhood": HEIDE, "service": "other", "title": "Dark path", "description": "Again and again."}


def opened(town: Town, by: Mandate = MANAGER, **changes: Any) -> str:
    answer = town.post("/structural", {**STRUCTURAL, **changes}, by)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_id"])


def hot_spot(town: Town, *cases: str) -> str:
    day = date(2026, 3, 2)
    found = Found("theme-lamp", HEIDE, 50.5, 5.2, 150.0, day, day, 0.4, 0.002, tuple(CaseId(one) for one in cases))
    with writing(town.context.database) as session:
        keep_found(session, [found], 10, day, town.clock())
    with reading(town.context.database) as session:
        return hot_spots_of(session)[0].id


def test_a_structural_case_bundles_the_issues_of_a_hot_spot(town: Town) -> None:
    first, second = town.report()["case_id"], town.report()["case_id"]
    spot = hot_spot(town, first, second)
    case_id = opened(town, hot_spot=spot)
    case = town.case(case_id, MANAGER)
    assert (case["kind"], case["stage"], case["description"]) == (
        "structural", "received", "Dark path\n\nAgain and again.",
    )  # fmt: skip
    structure = case["structure"]
    assert (structure["theme"], structure["review_every"]) == ("theme-lamp", "20 working days")
    assert [issue["case_id"] for issue in structure["issues"]] == sorted([first, second])
    assert town.case(first, MEMBER)["part_of"] == {"case_id": case_id, "number": case["number"], "stage": "received"}
    [kept] = town.get("/hot-spots", MANAGER).json()["items"]
    assert (kept["state"], kept["structural"], kept["observed"]) == ("taken_up", case_id, 2)
    again = town.post("/structural", {**STRUCTURAL, "hot_spot": spot, "cases": [town.report()["case_id"]]}, MANAGER)
    assert fields(problem(again, 409, "refused")) == ["hot_spot"]


def test_its_plan_is_worked_off_and_it_ends_with_its_manager(town: Town) -> None:
    case_id = opened(town)
    town.does(case_id, MANAGER, "plan_action", department="roads", note="More light", until="2026-05-04")
    town.does(case_id, MANAGER, "plan_action", department="green", note="Lower the hedge")
    tasks = town.case(case_id, MEMBER)["assignments"]
    assert [(a["department"], a["task"]) for a in tasks] == [("roads", "More light"), ("green", "Lower the hedge")]
    assert tasks[0]["resolve_by"] == "2026-05-04T23:59:59+02:00"
    town.does(case_id, MEMBER, "resolve", assignment="a1", note="Five lamps")
    assert fields(problem(town.command(case_id, MANAGER, "close", outcome="solved", note="Done"), 409, "refused")) == []
    town.does(case_id, GARDENER, "resolve", assignment="a2", note="One metre")
    case = town.case(case_id, MANAGER)
    assert (case["stage"], case["timeline"][-1]["event"]) == ("resolved", "review_due")
    assert case["structure"]["review_by"] and case["structure"]["done_at"]
    town.does(case_id, MANAGER, "review", note="It is light", next_on="2026-06-01")
    review = town.case(case_id, MANAGER)["structure"]
    assert (review["reviews"][0]["note"], review["review_at"]) == ("It is light", "2026-06-01T00:00:00+02:00")
    town.does(case_id, MANAGER, "close", outcome="solved", note="Thank you")
    assert town.case(case_id, MANAGER)["stage"] == "closed"


def test_an_issue_is_in_one_open_structural_case_at_a_time(town: Town) -> None:
    issue = town.report()["case_id"]
    first = opened(town, cases=[issue])
    number = town.case(first, MANAGER)["number"]
    elsewhere = problem(town.post("/structural", {**STRUCTURAL, "cases": [issue]}, MANAGER), 409, "refused")
    assert number in elsewhere["detail"]
    second = opened(town)
    problem(town.command(second, MANAGER, "bundle", cases=[issue]), 409, "refused")
    town.does(first, MANAGER, "unbundle", case=issue)
    assert town.case(issue, MANAGER)["part_of"] is None
    town.does(second, MANAGER, "bundle", cases=[issue])
    assert town.case(issue, MANAGER)["part_of"]["case_id"] == second
    town.does(second, MANAGER, "close", outcome="explained", note="No more")
    third = opened(town, cases=[issue])
    assert town.case(issue, MANAGER)["part_of"]["case_id"] == third, "the one that is open comes first"


def test_only_issues_that_its_manager_knows_of_are_bundled(town: Town) -> None:
    elsewhere = town.report(location=IN_DORP)["case_id"]
    for stranger in (elsewhere, opened(town), "01890a5d-ac96-774b-bcce-b302099a8057"):
        assert fields(problem(town.post("/structural", {**STRUCTURAL, "cases": [stranger]}, MANAGER), 422, "invalid"))
    assert opened(town, MANAGER_EVERYWHERE, cases=[elsewhere])


def refusals(town: Town, by: Mandate | None, **changes: Any) -> Response:
    return town.post("/structural", {**STRUCTURAL, **changes}, by)


@pytest.mark.parametrize("by", [MEMBER, WARDEN, LEADERSHIP, MANAGER_ELSEWHERE])
def test_only_the_manager_of_the_neighbourhood_opens_one(town: Town, by: Mandate) -> None:
    problem(refusals(town, by), 403, "forbidden")


@pytest.mark.parametrize(
    ("field", "value"),
    [("service", "moon"), ("theme", "moon"), ("hot_spot", "moon"), ("review_every", "3 hours"), ("review_every", "x")],
)
def test_what_the_city_does_not_know_is_named(town: Town, field: str, value: str) -> None:
    assert fields(problem(refusals(town, ADMINISTRATOR, **{field: value}), 422, "invalid")) == [field]


def test_a_repeated_key_gives_the_case_there_is(town: Town) -> None:
    key = {"Idempotency-Key": "once"}
    first = town.post("/structural", STRUCTURAL, MANAGER, key)
    again = town.post("/structural", STRUCTURAL, MANAGER, key)
    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
    problem(town.post("/structural", {**STRUCTURAL, "title": "Other"}, MANAGER, key), 409, "conflict")


def test_it_is_not_opened_as_a_report_nor_joined_by_one(town: Town) -> None:
    problem(town.post("/cases", {**STRUCTURAL, "kind": "structural"}), 422, "invalid")
    issue, structural = town.report()["case_id"], opened(town)
    refused = problem(town.command(issue, MANAGER, "merge_into", case_id=structural), 409, "refused")
    assert fields(refused) == ["case_id"]


def test_a_hot_spot_is_dismissed_with_a_reason_by_its_manager(town: Town) -> None:
    spot = hot_spot(town, town.report()["case_id"])
    problem(town.post(f"/hot-spots/{spot}/dismiss", {"why": "No"}, MANAGER_ELSEWHERE), 403, "forbidden")
    answer = town.post(f"/hot-spots/{spot}/dismiss", {"why": "A street party."}, MANAGER).json()
    assert (answer["state"], answer["why"]) == ("dismissed", "A street party.")
    problem(town.post(f"/hot-spots/{spot}/dismiss", {"why": "Again"}, MANAGER), 409, "refused")
    problem(town.post("/hot-spots/none/dismiss", {"why": "No"}, MANAGER), 404, "not_found")
    assert town.get("/hot-spots", LEADERSHIP).json()["items"][0]["why"] is None, "without texts"
    assert town.get("/hot-spots", MANAGER_ELSEWHERE).json()["items"] == []
    assert town.get("/hot-spots", MANAGER, neighbourhood=DORP).json()["items"] == []


def test_a_review_that_nobody_records_is_escalated_and_told_by_letter(town: Town) -> None:
    case_id = opened(town, review_every="1 working day")
    town.clock.pass_(days=9)
    town.engine.let_time_pass(CaseId(case_id))
    raised = town.case(case_id, MANAGER)["escalations"]
    assert [(e["reason"], e["to"]) for e in raised] == [
        ("stalled", "neighbourhood_manager"), ("stalled", "city_leadership"),
    ]  # fmt: skip
    town.does(case_id, MANAGER, "review", note="Looked at")
    assert all(e["cleared_at"] for e in town.case(case_id, MANAGER)["escalations"])
