"""Commands over HTTP: by whom, on what, how often, and what is left of those that are refused."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest

from domain.words import Role
from readmodel.accounts import Mandate
from readmodel.database import reading
from readmodel.notes import notes_of
from tests.readmodel.town import later
from tests.web.people import (
    ADMINISTRATOR,
    ELSEWHERE,
    GARDENER,
    HEAD,
    LEADERSHIP,
    MANAGER,
    MANAGER_ELSEWHERE,
    MEMBER,
    PARTNER,
    STAFF,
    WARDEN,
)
from tests.web.town import IN_DORP, IN_HEIDE, Town, fields, problem

SOON = later(48).isoformat()

COMMANDS: dict[str, dict[str, Any]] = {
    "accept": {"assignment": "a1"},
    "decline": {"assignment": "a1", "cause": "no_budget", "note": "No money"},
    "transfer": {"assignment": "a1", "to": "green", "note": "A tree"},
    "report_progress": {"assignment": "a1", "note": "Half way"},
    "pause": {"assignment": "a1", "cause": "third_party", "until": SOON, "note": "Parts"},
    "resume": {"assignment": "a1"},
    "ask_resident": {"assignment": "a1", "question": "Which lamp?"},
    "resolve": {"assignment": "a1", "note": "New bulb"},
    "comment": {"note": "Seen", "public": False},
    "assign": {"departments": ["green"]},
    "set_urgent": {"urgent": True, "note": "Dark corner"},
    "extend": {"assignment": "a1", "until": later(24 * 40).isoformat(), "note": "Strike"},
    "acknowledge": {"escalation": "e1"},
    "close": {"outcome": "explained", "note": "Told them"},
    "give_feedback": {"solved": "yes"},
    "answer": {"text": "That one"},
    "support": {},
    "withdraw": {},
    "split": {"note": "Another lamp"},
    "inspect": {"found": "partly"},
}
OF_DEPARTMENT = {"accept", "decline", "transfer", "report_progress", "pause", "resume", "ask_resident", "resolve"}
OF_MANAGER = {"ask_resident", "assign", "set_urgent", "extend", "close", "split", "inspect"}
OF_RESIDENT = {"give_feedback", "answer", "support", "withdraw"}


def notes(town: Town, case_id: str) -> list[str]:
    with reading(town.context.database) as session:
        return [note.text for note in notes_of(session, case_id).values()]  # type: ignore[arg-type]


def allowed(by: Mandate) -> set[str]:
    match by.role:
        case Role.DEPARTMENT | Role.DEPARTMENT_HEAD | Role.PARTNER:
            return OF_DEPARTMENT | {"comment"}
        case Role.NEIGHBOURHOOD_MANAGER | Role.ADMINISTRATOR:
            return OF_MANAGER | {"comment"}
        case Role.WARDEN:
            return {"comment", "split", "inspect"}
        case _:
            return {"comment"}


@pytest.mark.parametrize("by", STAFF, ids=lambda m: str(m.role))
def test_each_role_may_do_its_own_and_nothing_else(town: Town, by: Mandate) -> None:
    for command in COMMANDS.keys() - {"acknowledge"}:
        case_id = town.report()["case_id"]
        if command == "pause":
            town.does(case_id, MEMBER, "accept", assignment="a1")
        if command == "resume":
            town.does(case_id, MEMBER, "ask_resident", assignment="a1", question="Which?")
        if command == "split":
            town.does(case_id, MANAGER, "merge_into", case_id=town.report()["case_id"])
        before = town.case(case_id, ADMINISTRATOR)
        answer = town.command(case_id, by, command, **COMMANDS[command])
        if command in allowed(by):
            assert answer.status_code == 200, (command, answer.text)
            assert answer.json()["version"] > before["version"]
        else:
            problem(answer, 403, "forbidden")
            assert town.case(case_id, ADMINISTRATOR) == before


@pytest.mark.parametrize("by", ELSEWHERE, ids=lambda m: str(m.role))
def test_who_may_not_know_of_a_case_finds_none(town: Town, by: Mandate) -> None:
    case_id = town.report()["case_id"]
    for command, sent in COMMANDS.items():
        problem(town.command(case_id, by, command, **sent), 404, "not_found")


def test_no_command_goes_without_a_token(town: Town) -> None:
    case_id = town.report()["case_id"]
    problem(town.command(case_id, None, "accept", assignment="a1"), 401, "unauthenticated")


@pytest.mark.parametrize("case_id", ["01890a5d-ac96-774b-bcce-b302099a8057", "nonsense", "a%00b", "..%2Fx", "x" * 500])
def test_a_case_that_is_not_there_is_not_found(town: Town, case_id: str) -> None:
    problem(town.command(case_id, MEMBER, "accept", assignment="a1"), 404, "not_found")
    problem(town.get(f"/cases/{case_id}", MEMBER), 404, "not_found")


def test_the_answer_can_be_read_back_at_once(town: Town) -> None:
    case_id = town.report()["case_id"]
    answer = town.does(case_id, MEMBER, "accept", assignment="a1", note="Tomorrow")
    case = town.case(case_id, MEMBER)
    assert answer == {"case_id": case_id, "version": case["version"], "stage": "in_progress"}
    assert (case["timeline"][-1]["by"], case["timeline"][-1]["note"]) == ("department:roads", "Tomorrow")


def test_repeating_a_command_repeats_the_answer_and_changes_nothing(town: Town) -> None:
    case_id, command_id = town.report()["case_id"], str(uuid4())
    first = town.does(case_id, MEMBER, "report_progress", assignment="a1", note="One", command_id=command_id)
    town.does(case_id, MEMBER, "report_progress", assignment="a1", note="Two")
    before = town.case(case_id, MEMBER)
    again = town.does(case_id, MEMBER, "report_progress", assignment="a1", note="Other", command_id=command_id)
    assert again == first
    assert town.case(case_id, MEMBER) == before


def test_repeating_the_command_that_closed_a_case_repeats_the_answer(town: Town) -> None:
    case_id, command_id = town.report()["case_id"], str(uuid4())
    close = {"outcome": "explained", "note": "Told them", "command_id": command_id}
    assert town.does(case_id, MANAGER, "close", **close) == town.does(case_id, MANAGER, "close", **close)


def test_one_command_id_on_two_cases_is_two_commands(town: Town) -> None:
    one, two, command_id = town.report()["case_id"], town.report()["case_id"], str(uuid4())
    for case_id in (one, two):
        town.does(case_id, MEMBER, "report_progress", assignment="a1", note=case_id, command_id=command_id)
    assert notes(town, one) == [one]
    assert notes(town, two) == [two]


def test_a_command_on_an_older_version_is_stale(town: Town) -> None:
    case_id = town.report()["case_id"]
    version = town.case(case_id, MEMBER)["version"]
    town.does(case_id, MEMBER, "accept", assignment="a1", expected_version=version)
    answer = town.command(case_id, MEMBER, "resolve", assignment="a1", note="Done", expected_version=version)
    problem(answer, 409, "stale")
    assert notes(town, case_id) == []


def test_what_the_rules_forbid_is_refused_with_the_reason_and_leaves_no_note(town: Town) -> None:
    case_id = town.report()["case_id"]
    town.does(case_id, MEMBER, "accept", assignment="a1")
    body = problem(town.command(case_id, MEMBER, "accept", assignment="a1", note="Again"), 409, "refused")
    assert body["detail"] == "This assignment was accepted before."
    assert notes(town, case_id) == []


def test_a_refused_repeat_does_not_take_away_the_note_of_the_first(town: Town) -> None:
    case_id, command_id = town.report()["case_id"], str(uuid4())
    town.does(case_id, MEMBER, "accept", assignment="a1", note="Mine", command_id=command_id)
    town.engine.answers.clear()
    town.does(case_id, MEMBER, "accept", assignment="a1", note="Mine", command_id=command_id)
    assert notes(town, case_id) == ["Mine"]


def test_a_forbidden_command_leaves_no_note(town: Town) -> None:
    case_id = town.report()["case_id"]
    problem(town.command(case_id, LEADERSHIP, "close", outcome="explained", note="Enough"), 403, "forbidden")
    assert notes(town, case_id) == []


def test_a_closed_case_takes_no_more_commands(town: Town) -> None:
    case_id = town.report()["case_id"]
    town.does(case_id, MANAGER, "close", outcome="explained", note="Told them")
    body = problem(town.command(case_id, MEMBER, "accept", assignment="a1", note="Late"), 409, "refused")
    assert body["detail"] == "The case is closed."
    assert notes(town, case_id) == ["Told them"]


def test_a_case_whose_workflow_is_not_started_yet_is_started_by_the_first_command(town: Town) -> None:
    town.engine.down = True
    case_id = town.report()["case_id"]
    town.engine.down = False
    assert town.does(case_id, MEMBER, "accept", assignment="a1")["stage"] == "in_progress"


def test_while_the_engine_is_down_commands_are_answered_503_and_may_be_repeated(town: Town) -> None:
    case_id, command_id = town.report()["case_id"], str(uuid4())
    command = {"assignment": "a1", "note": "Tomorrow", "command_id": command_id}
    town.engine.down = True
    answer = town.command(case_id, MEMBER, "accept", **command)
    assert command_id in problem(answer, 503, "unavailable")["detail"]
    assert int(answer.headers["retry-after"]) > 0
    town.engine.down = False
    town.does(case_id, MEMBER, "accept", **command)
    assert notes(town, case_id) == ["Tomorrow"]


WRONG: list[tuple[Mapping[str, Any], str]] = [
    ({"command": "explode"}, "command"),
    ({"assignment": "a1"}, "command"),
    ({"command": "give_away"}, "command"),
    ({"command": 5}, "command"),
    ({"command": "accept"}, "assignment"),
    ({"command": "accept", "assignment": "a1", "note": ""}, "note"),
    ({"command": "accept", "assignment": "a1", "note": "x" * 10_001}, "note"),
    ({"command": "accept", "assignment": "a1", "note": "\u0000"}, "note"),
    ({"command": "accept", "assignment": "a1", "colour": "red"}, "colour"),
    ({"command": "accept", "assignment": "a1", "planned_for": "tomorrow"}, "planned_for"),
    ({"command": "accept", "assignment": "a1", "planned_for": "2026-03-05T10:00:00"}, "planned_for"),
    ({"command": "accept", "assignment": "a1", "planned_for": "2026-02-30"}, "planned_for"),
    ({"command": "accept", "assignment": "a1", "planned_for": "9999-12-31"}, "planned_for"),
    ({"command": "accept", "assignment": "a1", "planned_for": 1772700000}, "planned_for"),
    ({"command": "accept", "assignment": "a1", "planned_for": "2026-03-01"}, "planned_for"),
    ({"command": "accept", "assignment": "a9"}, "assignment"),
    ({"command": "accept", "assignment": "a1", "command_id": "1"}, "command_id"),
    ({"command": "accept", "assignment": "a1", "expected_version": -1}, "expected_version"),
    ({"command": "accept", "assignment": "a1", "expected_version": "3"}, "expected_version"),
    ({"command": "accept", "assignment": "a1", "expected_version": True}, "expected_version"),
    ({"command": "decline", "assignment": "a1", "cause": "lazy", "note": "x"}, "cause"),
    ({"command": "decline", "assignment": "a1", "cause": "capacity"}, "note"),
    ({"command": "transfer", "assignment": "a1", "to": "moon", "note": "x"}, "to"),
    ({"command": "comment", "note": "x", "public": "no"}, "public"),
]


@pytest.mark.parametrize(("body", "field"), WRONG)
def test_what_is_wrong_with_a_command_is_told_by_field(town: Town, body: Mapping[str, Any], field: str) -> None:
    case_id = town.report()["case_id"]
    before = town.case(case_id, MEMBER)
    told = problem(town.post(f"/cases/{case_id}/commands", body, MEMBER), 422, "invalid")
    assert fields(told) == [field]
    assert town.case(case_id, MEMBER) == before
    assert notes(town, case_id) == []


MANAGERS_WRONG: list[tuple[Mapping[str, Any], str]] = [
    ({"command": "assign", "departments": []}, "departments"),
    ({"command": "assign", "departments": "green"}, "departments"),
    ({"command": "assign", "departments": ["moon"]}, "departments"),
    ({"command": "assign", "departments": ["green", "green"]}, "departments"),
    ({"command": "close", "outcome": "merged", "note": "x"}, "outcome"),
    ({"command": "close", "outcome": "won", "note": "x"}, "outcome"),
    ({"command": "extend", "assignment": "a1", "until": "2026-03-01", "note": "x"}, "until"),
    ({"command": "acknowledge", "escalation": "e9"}, "escalation"),
]


@pytest.mark.parametrize(("body", "field"), MANAGERS_WRONG)
def test_what_is_wrong_with_a_managers_command_is_told_by_field(
    town: Town, body: Mapping[str, Any], field: str
) -> None:
    case_id = town.report()["case_id"]
    told = problem(town.post(f"/cases/{case_id}/commands", body, MANAGER), 422, "invalid")
    assert fields(told)[0].split(".")[0] == field
    assert notes(town, case_id) == []


def test_a_day_for_the_work_means_its_opening_hours_and_a_pause_lasts_until_its_end(town: Town) -> None:
    case_id = town.report()["case_id"]
    town.does(case_id, MEMBER, "accept", assignment="a1", planned_for="2026-03-05")
    assert town.case(case_id, MEMBER)["assignments"][0]["planned_for"] == "2026-03-05T00:00:00+01:00"
    town.does(case_id, MEMBER, "report_progress", assignment="a1", note="Today", planned_for="2026-03-02")
    assert town.case(case_id, MEMBER)["assignments"][0]["planned_for"] == "2026-03-02T23:59:59+01:00"
    town.does(case_id, MEMBER, "pause", assignment="a1", cause="capacity", until="2026-03-31", note="Ill")
    resume = town.case(case_id, MEMBER)["next"][0]
    assert (resume["what"], resume["at"]) == ("resume", "2026-03-31T23:59:59+02:00")


def test_only_whoever_it_was_raised_to_acknowledges_an_escalation(town: Town) -> None:
    case_id = town.report()["case_id"]
    town.clock.pass_(days=3)
    town.engine.let_time_pass(case_id)
    for by in (MEMBER, MANAGER, LEADERSHIP, ADMINISTRATOR, WARDEN):
        problem(town.command(case_id, by, "acknowledge", escalation="e1"), 403, "forbidden")
    town.does(case_id, HEAD, "acknowledge", escalation="e1", note="I am on it")
    assert town.case(case_id, HEAD)["escalations"][0]["acknowledged_at"] is not None


def test_a_warden_joins_two_reports(town: Town) -> None:
    one, two = town.report()["case_id"], town.report()["case_id"]
    assert town.does(two, WARDEN, "merge_into", case_id=one)["stage"] == "closed"
    assert town.case(two, WARDEN)["outcome"] == "merged"


def test_what_joined_another_report_is_split_for_thirty_days(town: Town) -> None:
    one, two = town.report()["case_id"], town.report()["case_id"]
    told = problem(town.command(two, WARDEN, "split", note="Another lamp"), 409, "refused")
    assert told["detail"] == "This case did not join another."
    town.does(two, WARDEN, "merge_into", case_id=one)
    shown = town.case(two, WARDEN)
    assert (shown["merged_into"], shown["split_until"]) == (one, "2026-04-01T11:00:00+02:00")
    assert town.does(two, WARDEN, "split", note="Another lamp")["stage"] == "assigned"
    shown = town.case(two, WARDEN)
    assert (shown["merged_into"], shown["outcome"], shown["timeline"][-1]["note"]) == (None, None, "Another lamp")
    town.does(two, WARDEN, "merge_into", case_id=one)
    town.clock.pass_(days=30)
    told = problem(town.command(two, WARDEN, "split", note="Another lamp"), 409, "refused")
    assert told["detail"] == "This case joined another too long ago to be split."


def test_a_report_joins_only_a_case_that_is_there_in_sight_and_open(town: Town) -> None:
    case_id, elsewhere, closed = (town.report(location=p)["case_id"] for p in (IN_HEIDE, IN_DORP, IN_HEIDE))
    town.does(closed, MANAGER, "close", outcome="explained", note="Told them")
    for target in (str(uuid4()), elsewhere, case_id, "x"):
        told = problem(town.command(case_id, MANAGER, "merge_into", case_id=target), 422, "invalid")
        assert fields(told) == ["case_id"]
    problem(town.command(case_id, MANAGER, "merge_into", case_id=closed), 409, "refused")


def test_a_partner_acts_on_its_own_assignment(town: Town) -> None:
    case_id = town.report()["case_id"]
    town.does(case_id, PARTNER, "accept", assignment="a1")
    assert town.case(case_id, PARTNER)["timeline"][-1]["by"] == "department:roads"


def test_a_department_that_passed_a_case_on_still_sees_it_and_no_longer_acts(town: Town) -> None:
    case_id = town.report()["case_id"]
    problem(town.get(f"/cases/{case_id}", GARDENER), 404, "not_found")
    town.does(case_id, MEMBER, "transfer", assignment="a1", to="green", note="A tree")
    assert town.case(case_id, GARDENER)["assignments"][1]["department"] == "green"
    problem(town.command(case_id, MEMBER, "accept", assignment="a2"), 403, "forbidden")


def test_a_manager_elsewhere_does_not_learn_that_a_case_exists(town: Town) -> None:
    there = problem(town.get(f"/cases/{town.report()['case_id']}", MANAGER_ELSEWHERE), 404, "not_found")
    nowhere = problem(town.get(f"/cases/{uuid4()}", MANAGER_ELSEWHERE), 404, "not_found")
    assert there == nowhere


def test_note_ids_follow_from_the_command(town: Town) -> None:
    case_id, command_id = town.report()["case_id"], uuid4()
    town.does(case_id, MEMBER, "resolve", assignment="a1", note="Done", command_id=str(command_id))
    with reading(town.context.database) as session:
        kept = notes_of(session, case_id)
    assert [UUID(id) for id in kept] == [uuid5(command_id, f"{case_id}/note")]
    assert [note.public for note in kept.values()] == [True]


def test_reports_carry_who_reported_in_the_story(town: Town) -> None:
    case = town.case(town.report()["case_id"], MEMBER)
    assert [line["by"] for line in case["timeline"]] == ["resident", "engine"]
    assert case["timeline"][1]["rule"] == "routing"
