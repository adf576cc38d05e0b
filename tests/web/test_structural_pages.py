"""The pages of structural work: hot spots in plain words, and a structural case with its plan and what it changed."""

import re
from uuid import uuid4

import pytest
from httpx2 import Response

from domain.words import CaseId
from readmodel import outbox
from readmodel.case_detail import case_state
from readmodel.database import reading
from readmodel.letters import LetterKind
from readmodel.structural.effect import effect_of
from tests.readmodel.town import HEIDE
from tests.web.people import ADMINISTRATOR, GARDENER, LEADERSHIP, MANAGER, MEMBER
from tests.web.test_structural_calls import hot_spot, opened
from tests.web.town import IN_DORP, Town

ADDRESS = f"/neighbourhoods/{HEIDE}/hot-spots"
HTML = {"Accept": "text/html"}


def send(town: Town, **fields: str) -> Response:
    return town.client.post(ADDRESS, data={"csrf": town.csrf(), **fields}, headers=HTML)


def text(town: Town, address: str = ADDRESS) -> str:
    answer = town.client.get(address, params={"lang": "en"}, headers=HTML)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", answer.text)


def test_a_hot_spot_is_told_in_plain_words_and_taken_up_from_its_page(town: Town) -> None:
    town.sign_in(MANAGER)
    assert "Nobody looked for hot spots yet" in text(town)
    spot = hot_spot(town, town.report()["case_id"], town.report()["case_id"])
    shown = text(town)
    assert "2 reports within 150 m since 2 March; 0.4 would be usual." in shown
    assert "in one of 500 reviews" in shown
    fields = {"do": "open", "hot_spot": spot, "service": "other", "every": "10", "key": str(uuid4())}
    refused = send(town, **fields, title="", description="Again")
    assert refused.status_code == 422 and "Again" in refused.text, "what was typed stays"
    answer = send(town, **fields, title="Dark path", description="Again")
    assert answer.status_code == 303
    again = send(town, **fields, title="Dark path", description="Again")
    assert again.headers["location"] == answer.headers["location"], "the same form sent twice opens one"
    case = text(town, answer.headers["location"])
    assert "<h1>Dark path</h1>" in case and "Every 10 working days." in case and "Reports in it (2)" in case
    after = text(town)
    assert "Taken up by Kim" in after and "Dark path" in after


def test_a_hot_spot_is_dismissed_with_a_reason(town: Town) -> None:
    spot = hot_spot(town, town.report()["case_id"])
    town.sign_in(MANAGER)
    assert send(town, do="dismiss", hot_spot=spot, why=" ").status_code == 422
    assert send(town, do="dismiss", hot_spot=spot, why="A street party").status_code == 303
    assert "A street party" in text(town)
    assert send(town, do="dismiss", hot_spot=spot, why="Again").status_code == 409
    town.sign_in(LEADERSHIP)
    assert "A street party" not in text(town)


@pytest.mark.parametrize("by", [MEMBER, LEADERSHIP])
def test_who_does_not_manage_the_neighbourhood_reads_only(town: Town, by: object) -> None:
    spot = hot_spot(town, town.report()["case_id"])
    town.sign_in(by)  # type: ignore[arg-type]
    assert 'name="do"' not in text(town)
    assert send(town, do="dismiss", hot_spot=spot, why="No").status_code == 403


def test_the_plan_is_read_by_those_who_work_on_it(town: Town) -> None:
    issue = town.report()
    case_id = opened(town, cases=[issue["case_id"]])
    town.does(case_id, MANAGER, "plan_action", department="green", note="Lower the hedge")
    town.does(case_id, MANAGER, "plan_action", department="green", note="Sow grass")
    town.does(case_id, MANAGER, "review", note="Half way")
    town.sign_in(GARDENER)
    shown = text(town, f"/cases/{case_id}")
    assert "Lower the hedge" in shown and "Half way" in shown
    assert "Report done (1)" in shown and "Report done (2)" in shown
    assert f'href="/cases/{issue["case_id"]}"' not in shown, "the lamp is no task of theirs"
    town.sign_in(MEMBER)
    number = town.case(case_id, MANAGER)["number"]
    assert f"Part of {number}" in text(town, f"/cases/{issue['case_id']}")
    assert f'href="/cases/{case_id}"' not in text(town, f"/cases/{issue['case_id']}")
    town.client.cookies.clear()
    follow = town.client.get(f"/follow/{issue['token']}", params={"lang": "en"}, headers=HTML).text
    assert "part of a larger problem" in follow


def test_reports_that_may_be_part_of_it_are_offered_with_boxes_to_tick(town: Town) -> None:
    first, open_before = town.report(), town.report()
    fallen = town.report(service="tree")
    far = town.report(location=IN_DORP)
    joined = town.report()
    town.does(joined["case_id"], MANAGER, "merge_into", case_id=open_before["case_id"])
    case_id = opened(town, cases=[first["case_id"]], theme="theme-lamp")
    town.clock.pass_(hours=1)
    since = town.report()
    town.does(since["case_id"], MANAGER, "close", outcome="explained", note="It was off for repairs")
    taken = town.report()
    elsewhere = opened(town, cases=[taken["case_id"]], theme="theme-lamp")
    town.sign_in(MANAGER)
    page = text(town, f"/cases/{case_id}")
    boxes = re.findall(r'name="cases" value="([^"]+)"', page)
    assert boxes == [since["number"], open_before["number"]], "neither another theme, nor far away, nor taken"
    assert not {fallen["number"], far["number"], taken["number"], joined["number"]} & set(boxes)
    fields = {"csrf": town.csrf(), "command": "bundle", "command_id": str(uuid4()), "cases": boxes}
    assert town.client.post(f"/cases/{case_id}/act", data=fields, headers=HTML).status_code == 303
    after = text(town, f"/cases/{case_id}")
    assert "Reports in it (3)" in after and 'id="might-join"' not in after
    town.does(elsewhere, MANAGER, "close", outcome="explained", note="One is enough")
    assert re.findall(r'name="cases" value="([^"]+)"', text(town, f"/cases/{case_id}")) == [taken["number"]]
    town.sign_in(LEADERSHIP)
    assert 'id="might-join"' not in text(town, f"/cases/{case_id}")


def test_a_department_reads_which_action_is_its_own_wherever_it_works(town: Town) -> None:
    case_id = opened(town)
    town.does(case_id, MANAGER, "plan_action", department="roads", note="Replace the lamps")
    town.does(case_id, MANAGER, "plan_action", department="green", note="Lower the hedge")
    town.sign_in(MEMBER)
    for address in ("/inbox", "/inbox/print", f"/inbox/{case_id}/a1"):
        shown = text(town, address)
        assert "Replace the lamps" in shown and "Dark path" in shown and "Done by" in shown, address
        assert "Lower the hedge" not in shown, address
    town.clock.pass_(days=1, hours=20)
    town.engine.let_time_pass(CaseId(case_id))
    town.sign_in(ADMINISTRATOR)
    with reading(town.context.database) as session:
        reminders = [one for one in outbox.of_case(session, CaseId(case_id)) if one.kind is LetterKind.REMINDER]
    read = {one.recipient: text(town, f"/admin/letters/{one.id}") for one in reminders}
    assert "Replace the lamps" in read["department:roads"] and "Lower the hedge" in read["department:green"]
    assert "Lower the hedge" not in read["department:roads"]


def test_what_it_changed_is_told_once_enough_time_has_passed(town: Town) -> None:
    for _ in range(8):
        town.report()
    for _ in range(3):
        town.report(location=IN_DORP)
    town.clock.pass_(days=1)
    first = town.report()["case_id"]
    town.clock.pass_(hours=1)
    case_id = opened(town, cases=[first], theme="theme-lamp")
    town.clock.pass_(days=10)
    town.does(case_id, MANAGER, "close", outcome="solved", note="New lamps")
    town.clock.pass_(days=20)
    town.sign_in(MANAGER)
    assert "Too early to say" in text(town, f"/cases/{case_id}")
    for _ in range(4):
        town.report(location=IN_DORP)
    town.report()
    town.clock.pass_(days=10)
    town.sign_in(MANAGER)
    running = opened(town, title="Late trees")
    town.does(running, MANAGER, "plan_action", department="green", note="Plant")
    town.does(running, MANAGER, "plan_action", department="roads", note="Pave")
    town.does(running, GARDENER, "resolve", assignment="a1", note="Planted")
    every = text(town, "/structural")
    assert "Late trees" in every and "1 / 2" in every and "9 → 1" in every and "× 0.08 (" in every, every
    shown = text(town, f"/cases/{case_id}")
    assert "In 30 days before the case was opened 9 such reports came in from here" in shown
    assert "since the work ended 1." in shown and "0.11 times as many" in shown
    assert "In the rest of the city there were 3 and 4." in shown
    town.sign_in(LEADERSHIP)
    assert "Late trees" not in text(town, "/structural") and f'href="/cases/{running}"' in text(town, "/structural")
    with reading(town.context.database) as session:
        state = case_state(session, CaseId(first))
        assert state is not None and effect_of(session, state[0], town.clock()) is None
