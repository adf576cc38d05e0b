"""The forms by which staff act: what they ask, that they act once, and how a refusal is told."""

import ast
from pathlib import Path
from uuid import uuid4

import pytest
from httpx2 import Response
from starlette.datastructures import FormData

import domain
import web
from domain.words import CaseId
from readmodel.accounts import Mandate, add_user
from readmodel.case_detail import case_state
from readmodel.database import reading, writing
from readmodel.notes import notes_of
from tests.web.images import jpeg
from tests.web.people import GARDENER, HEAD, LEADERSHIP, MANAGER, MEMBER, WARDEN
from tests.web.town import Town
from web.pages.acting.acts import ORDER, Act, acts
from web.pages.acting.given import FIELDS, SEVERAL, command_of, led_to
from web.pages.languages import language
from web.problems import Problem
from web.signin.viewer import Viewer

DUTCH = language("nl")
SOURCES = [*Path(domain.__path__[0]).rglob("*.py"), *Path(web.__path__[0]).glob("*.py")]
ALL = {
    "accept": {"assignment": "a1", "planned_for": "2026-03-10", "note": "Ladder"},
    "decline": {"assignment": "a1", "cause": "no_budget", "note": "Geen geld"},
    "transfer": {"assignment": "a1", "to": "green", "note": "Een boom"},
    "report_progress": {"assignment": "a1", "note": "Half"},
    "pause": {"assignment": "a1", "cause": "third_party", "until": "2026-03-10", "note": "Onderdelen"},
    "resume": {"assignment": "a1"},
    "ask_resident": {"assignment": "a1", "question": "Welke lamp?"},
    "resolve": {"assignment": "a1", "note": "Nieuwe lamp"},
    "comment": {"note": "Gezien", "public": "yes"},
    "assign": {"departments": "green", "instead_of": "a1"},
    "set_urgent": {"urgent": "yes", "note": "Donker"},
    "extend": {"assignment": "a1", "until": "2026-04-10", "note": "Staking"},
    "acknowledge": {"escalation": "e1"},
    "close": {"outcome": "explained", "note": "Uitgelegd", "expected_version": "7"},
    "merge_into": {"case_id": "2026-000001"},
    "inspect": {"found": "partly", "note": "Half", "public": "yes"},
    "record_decision": {"note": "Beslist", "public": "yes"},
    "plan_action": {"department": "green", "note": "Haag lager", "until": "2026-04-10"},
    "review": {"note": "Het gaat beter", "next_on": "2026-04-10"},
    "bundle": {"cases": "2026-000002"},
    "unbundle": {"case": "2026-000002"},
    "split": {"note": "Een andere lamp"},
    "offer_to_residents": {"amount": "12,50", "until": "2026-04-10", "note": "Schilderen"},
    "withdraw_offer": {"note": "Toch niet"},
    "advise": {"request": "v1", "points": "Bomen", "note": "Verder niets"},
    "summarise": {"note": "In het kort", "points": "Bomen"},
    "answer_point": {"point": "p1", "verdict": "partly", "note": "De helft"},
    "moderate": {"reaction": "r1", "shown": "yes", "note": "Gezien"},
    "commit": {"point": "p1", "description": "Een bank", "service": "lamp", "neighbourhood": "heide"},
    "ask_advice": {"departments": "green", "neighbourhoods": "heide"},
    "open_participation": {"question": "Wat ontbreekt er?", "until": "2026-03-20"},
    "move_decision": {"decided_on": "2026-04-10", "note": "Later"},
}


def act(town: Town, case_id: str, command: str, /, **fields: str) -> Response:
    form = {"csrf": town.csrf(), "command": command, "command_id": str(uuid4()), **fields}
    return town.client.post(f"/cases/{case_id}/act", data=form, headers={"Accept": "text/html"})


def lamp(town: Town, by: Mandate = MEMBER) -> str:
    town.sign_in(by)
    return str(town.report()["case_id"])


def offered(town: Town, case_id: str, by: Mandate) -> dict[str, Act]:
    with writing(town.context.database) as session:
        user = add_user(session, f"{uuid4()}@town.example", "Kim", by, None, town.clock())
        found = case_state(session, CaseId(case_id))
    assert found is not None
    case, rules = found
    viewer = Viewer(user, "session", "csrf", demonstration=False, by_provider=False)
    return {one.command: one for one in acts(town.context, DUTCH, viewer, rules, case, "/inbox")}


@pytest.mark.parametrize("command", ORDER)
def test_a_form_becomes_the_command_that_the_api_knows(command: str) -> None:
    form = FormData([("command", command), ("command_id", str(uuid4())), *ALL[command].items()])
    sent = command_of(form, DUTCH)
    assert sent.command == command
    told = {n: v for n, v in sent if n not in ("command", "command_id") and v not in (None, ())}
    said = {"12,50": 1250, "yes": True, "7": 7}
    assert {name: str(value) for name, value in told.items()} == {
        name: str((value,) if name in SEVERAL else said.get(value, value)) for name, value in ALL[command].items()
    }


def test_there_is_a_form_for_every_command_of_staff() -> None:
    assert set(FIELDS) == set(ORDER) == set(ALL)


@pytest.mark.parametrize(
    ("command", "fields", "wrong"),
    [
        ("resolve", {"assignment": "a1", "note": "  "}, ["note"]),
        ("resolve", {"assignment": "a1", "note": "x" * 10_001}, ["note"]),
        ("pause", {"assignment": "a1", "note": "x"}, ["cause", "until"]),
        ("pause", {"assignment": "a1", "note": "x", "cause": "laziness", "until": "2026-02-30"}, ["cause", "until"]),
        ("assign", {}, ["departments"]),
        ("close", {"outcome": "", "note": ""}, ["outcome", "note"]),
        ("merge_into", {}, ["case_id"]),
    ],
)
def test_what_is_missing_is_told_in_the_readers_language(
    command: str, fields: dict[str, str], wrong: list[str]
) -> None:
    with pytest.raises(Problem) as raised:
        command_of(FormData([("command", command), *fields.items()]), DUTCH)
    assert raised.value.status == 422
    assert [error.field for error in raised.value.errors] == wrong
    assert all(error.detail == DUTCH.say(error.field, "act_mistakes") for error in raised.value.errors)


def test_acting_leads_back_and_tells_what_was_done(town: Town) -> None:
    case_id = lamp(town)
    answer = act(town, case_id, "accept", assignment="a1", planned_for="2026-03-10", next="/inbox?group=answer#row")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/inbox?group=answer&said=accept.2026-000001#row"
    assert town.case(case_id, MEMBER)["assignments"][0]["planned_for"] is not None


@pytest.mark.parametrize("next", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_nobody_is_led_elsewhere_by_a_form(town: Town, next: str) -> None:
    case_id = lamp(town)
    answer = act(town, case_id, "accept", assignment="a1", next=next)
    assert answer.headers["location"].startswith(f"/cases/{case_id}?")


def test_what_was_said_before_is_said_no_longer() -> None:
    assert led_to("/inbox?said=accept.2026-000001&q=a%26b", "pause") == "/inbox?q=a%26b&said=pause."


def test_a_double_click_acts_once(town: Town) -> None:
    case_id, command_id = lamp(town), str(uuid4())
    for _ in range(2):
        assert act(town, case_id, "comment", note="Gezien", command_id=command_id).status_code == 303
    with reading(town.context.database) as session:
        assert [note.text for note in notes_of(session, CaseId(case_id)).values()] == ["Gezien"]


def test_a_refusal_is_explained_and_what_was_typed_is_kept(town: Town) -> None:
    case_id = lamp(town)
    answer = act(town, case_id, "pause", assignment="a1", cause="third_party", until="2026-03-10", note="Onderdelen <3")
    assert answer.status_code == 409
    assert "De taak is nog niet aanvaard." in answer.text
    assert "Onderdelen &lt;3</textarea>" in answer.text
    assert '<option value="third_party" selected>' in answer.text and 'value="2026-03-10"' in answer.text


def test_a_mistake_is_told_beside_its_field(town: Town) -> None:
    case_id = lamp(town)
    answer = act(town, case_id, "decline", assignment="a1", note="Geen geld")
    assert answer.status_code == 422
    assert 'aria-describedby=" decline-' in answer.text and DUTCH.say("cause", "act_mistakes") in answer.text


def test_a_pause_that_is_too_long_says_until_when_it_may_last(town: Town) -> None:
    case_id = lamp(town)
    act(town, case_id, "accept", assignment="a1")
    answer = act(town, case_id, "pause", assignment="a1", cause="other", until="2027-01-01", note="Lang")
    assert answer.status_code == 409 and "Pauzeren kan hoogstens tot woensdag 1 april 2026" in answer.text
    last = offered(town, case_id, MEMBER)["pause"].last
    assert last is not None
    again = act(town, case_id, "pause", assignment="a1", cause="other", until=last.isoformat(), note="Lang")
    assert again.status_code == 303


def test_closing_a_case_that_moved_on_asks_to_look_again(town: Town) -> None:
    case_id = lamp(town, MANAGER)
    read = offered(town, case_id, MANAGER)["close"].version
    town.does(case_id, MEMBER, "accept", assignment="a1")
    answer = act(town, case_id, "close", outcome="explained", note="Zo is het", expected_version=str(read))
    assert answer.status_code == 409 and "intussen iets veranderd" in answer.text
    now = offered(town, case_id, MANAGER)["close"].version
    assert f'name="expected_version" value="{now}"' in answer.text and "Zo is het" in answer.text
    assert (
        act(town, case_id, "close", outcome="explained", note="Zo is het", expected_version=str(now))
        .headers["location"]
        .endswith("?said=close.2026-000001")
    )


def test_another_case_is_named_by_its_number(town: Town) -> None:
    kept, joined = lamp(town, MANAGER), str(town.report()["case_id"])
    number = town.case(kept, MANAGER)["number"]
    assert act(town, joined, "merge_into", case_id=f" {number} ").status_code == 303
    assert town.case(joined, MANAGER)["outcome"] == "merged"
    wrong = act(town, kept, "merge_into", case_id="2026-999999")
    assert wrong.status_code == 422 and "Die melding is er niet" in wrong.text


def test_photos_come_with_what_was_done(town: Town) -> None:
    case_id = lamp(town)
    form = {"csrf": town.csrf(), "command": "resolve", "assignment": "a1", "note": "Nieuwe lamp"}
    answer = town.client.post(f"/cases/{case_id}/act", data=form, files={"photos": ("a.jpg", jpeg(), "image/jpeg")})
    assert answer.status_code == 303
    answer = town.client.post(f"/cases/{case_id}/act", data=form, files={"photos": ("a.jpg", b"no", "image/jpeg")})
    assert answer.status_code == 422 and DUTCH.say("not_a_picture", "photo_mistakes") in answer.text


def test_while_the_engine_is_silent_the_same_form_can_be_sent_again(town: Town) -> None:
    case_id, command_id = lamp(town), str(uuid4())
    town.engine.down = True
    answer = act(town, case_id, "resolve", assignment="a1", note="Nieuwe lamp", command_id=command_id)
    assert answer.status_code == 503 and DUTCH.say("try_again", "acting") in answer.text
    assert command_id in answer.text and "Nieuwe lamp</textarea>" in answer.text


def test_a_form_from_elsewhere_does_nothing(town: Town) -> None:
    case_id = lamp(town)
    assert act(town, case_id, "accept", assignment="a1", csrf="x").status_code == 403
    assert town.case(case_id, MEMBER)["stage"] == "assigned"


def test_who_may_not_know_of_a_case_cannot_act_on_it(town: Town) -> None:
    case_id = lamp(town, GARDENER)
    assert act(town, case_id, "accept", assignment="a1").status_code == 404


def test_each_role_is_offered_what_is_its_to_do(town: Town) -> None:
    case_id = lamp(town)
    department = {"accept", "report_progress", "resolve", "ask_resident", "transfer", "decline"}
    may = {by: {o.command for o in offered(town, case_id, by).values() if o.refused is None} for by in (MEMBER, HEAD)}
    assert may[MEMBER] == may[HEAD] == department | {"comment"}
    manager = {o.command for o in offered(town, case_id, MANAGER).values() if o.refused is None}
    assert manager == {
        "ask_resident", "assign", "extend", "set_urgent", "merge_into", "close", "comment", "offer_to_residents",
        "record_decision", "inspect",
    }  # fmt: skip
    assert set(offered(town, case_id, WARDEN)) == {"merge_into", "comment", "inspect"}
    assert set(offered(town, case_id, LEADERSHIP)) == {"comment"}


def test_what_cannot_be_done_now_says_why(town: Town) -> None:
    case_id = lamp(town)
    assert offered(town, case_id, MEMBER)["pause"].refused == "De taak is nog niet aanvaard."


def test_every_refusal_can_be_told_in_every_language() -> None:
    told = {code: language(code).texts["refusals"].keys() for code in ("nl", "en", "fr")}
    rules = [rule for path in SOURCES for rule in refusals(path)]
    assert len(rules) > 30 and all(rules)
    for code, known in told.items():
        assert {rule for rule in rules if rule is not None} <= known, code


def refusals(path: Path) -> list[str | None]:
    """The rule that each refusal names; those that are told which are left out."""
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    refused = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Refused"]
    named = [call.args[3:4] + [k.value for k in call.keywords if k.arg == "rule"] for call in refused]
    return [
        str(rule[0].value) if rule and isinstance(rule[0], ast.Constant) else None
        for rule in named
        if not rule or not isinstance(rule[0], ast.Name | ast.Attribute)
    ]
