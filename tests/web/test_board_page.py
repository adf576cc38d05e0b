"""The escalation board: what each of those who watch sees on it, and what they may do there."""

import re
from uuid import uuid4

import pytest
from httpx2 import Response

from domain.words import CaseId
from readmodel.accounts import Mandate
from tests.web.people import (
    ADMINISTRATOR,
    HEAD,
    HEAD_ELSEWHERE,
    LEADERSHIP,
    MANAGER,
    MANAGER_ELSEWHERE,
    MEMBER,
    PARTNER,
    WARDEN,
)
from tests.web.town import DESCRIBED, REPORT, Town
from web.pages.board.asking import Asked, Tab

DARK = str(DESCRIBED["description"])
WATCHING = (HEAD, MANAGER, LEADERSHIP, ADMINISTRATOR)


def board(town: Town, by: Mandate, **asked: str) -> str:
    town.sign_in(by)
    answer = town.client.get("/escalations", params={"lang": "en", **asked}, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text
    return answer.text


def silent(town: Town, days: float = 2, **changes: object) -> str:
    """A lamp about which nobody has answered for so long; two days are the term."""
    case_id = str(town.report(**changes)["case_id"])
    town.clock.pass_(days=days, minutes=1)
    town.engine.let_time_pass(CaseId(case_id))
    return case_id


def counted(page: str) -> list[int]:
    return [int(n) for n in re.findall(r"<li><strong>(\d+)</strong>", page)]


def send(town: Town, address: str, **fields: str) -> Response:
    return town.client.post(address, data={"csrf": town.csrf(), **fields}, headers={"Accept": "text/html"})


@pytest.mark.parametrize("by", WATCHING, ids=lambda by: by.role)
@pytest.mark.parametrize("tab", list(Tab))
def test_each_part_opens_for_all_who_watch(town: Town, by: Mandate, tab: Tab) -> None:
    silent(town)
    assert "Escalations" in board(town, by, tab=tab)


@pytest.mark.parametrize("by", [MEMBER, PARTNER, WARDEN], ids=lambda by: by.role)
def test_it_is_not_for_those_to_whom_nothing_is_raised(town: Town, by: Mandate) -> None:
    town.sign_in(by)
    assert town.client.get("/escalations").status_code == 403


def test_whoever_is_not_signed_in_is_asked_to(town: Town) -> None:
    answer = town.client.get("/escalations")
    assert answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next=")


def test_a_quiet_board_says_that_nothing_asks_for_you(town: Town) -> None:
    page = board(town, HEAD)
    assert "Nothing asks for you now." in page and counted(page) == [0, 0, 0, 0]


def test_the_head_sees_first_what_was_raised_to_them(town: Town) -> None:
    case_id = silent(town)
    page = board(town, HEAD)
    assert counted(page)[:2] == [1, 1]
    assert case_id in page and "Why: no answer" in page
    assert "head of roads" in page and "Told Wed 4 Mar, 10:00" in page
    assert "Next, Fri 6 Mar, 10:00, if nobody takes it up" in page
    assert "Letter: waiting" in page


def test_it_is_not_for_the_manager_before_it_has_climbed_to_them(town: Town) -> None:
    case_id = silent(town)
    assert case_id not in board(town, MANAGER) and case_id in board(town, MANAGER, tab="all")
    silent_still(town, case_id)
    assert case_id in board(town, MANAGER) and case_id in board(town, HEAD)


def silent_still(town: Town, case_id: str, days: float = 2) -> None:
    town.clock.pass_(days=days)
    town.engine.let_time_pass(CaseId(case_id))


@pytest.mark.parametrize("by", [HEAD_ELSEWHERE, MANAGER_ELSEWHERE], ids=lambda by: by.role)
def test_nobody_sees_what_is_not_within_their_sight(town: Town, by: Mandate) -> None:
    case_id = silent(town)
    for tab in Tab:
        page = board(town, by, tab=tab, open=case_id)
        assert f"/cases/{case_id}" not in page and counted(page) == [0, 0, 0, 0]


def test_a_head_is_not_asked_about_the_task_of_another_department(town: Town) -> None:
    case_id = silent(town, days=0)
    town.does(case_id, MEMBER, "accept", assignment="a1")
    town.does(case_id, MANAGER, "assign", departments=["green"])
    silent_still(town, case_id)
    assert case_id not in board(town, HEAD) and case_id in board(town, HEAD, tab="all")
    assert case_id in board(town, HEAD_ELSEWHERE)


def test_leadership_reads_no_descriptions(town: Town) -> None:
    silent(town)
    for tab in Tab:
        assert DARK not in board(town, LEADERSHIP, tab=tab, open="x")
    assert DARK in board(town, MANAGER, tab="all")


def test_a_row_is_opened_and_acknowledged_in_place(town: Town) -> None:
    case_id = silent(town)
    page = board(town, HEAD, open=case_id)
    assert f'action="/cases/{case_id}/act"' in page and 'value="acknowledge"' in page
    [back] = set(re.findall(r'name="next" value="(/escalations[^"]*)"', page))
    town.sign_in(HEAD)
    answer = send(
        town,
        f"/cases/{case_id}/act",
        command="acknowledge",
        command_id=str(uuid4()),
        escalation="e1",
        cause="capacity",
        note="I call them",
        next=back,
    )
    assert answer.status_code == 303 and answer.headers["location"].startswith("/escalations?tab=mine&said=acknowledge")
    page = board(town, HEAD)
    assert case_id not in page and counted(page)[:2] == [0, 1]
    assert town.case(case_id, HEAD)["escalations"][0]["cause"] == "capacity"
    assert "Cause: there are not enough people" in town.client.get(f"/cases/{case_id}?lang=en").text
    taken = board(town, MANAGER, tab="taken")
    assert "Cause: there are not enough people" in taken
    assert "Taken up by Kim, head of department; goes no higher until Fri 6 Mar, 10:01" in taken


def test_an_acknowledgement_that_ran_out_asks_again(town: Town) -> None:
    case_id = silent(town)
    town.does(case_id, HEAD, "acknowledge", escalation="e1")
    town.clock.pass_(days=2)
    page = board(town, HEAD)
    assert case_id in page and "Was taken up by" in page and "Next, at any moment" in page


def test_a_manager_is_offered_what_the_rules_allow_and_nothing_else(town: Town) -> None:
    case_id = silent(town)
    page = board(town, MANAGER, tab="all", open=case_id)
    offered = set(re.findall(r'name="command" value="(\w+)"', page))
    assert offered == {
        "assign", "extend", "ask_resident", "close", "comment", "record_decision", "offer_to_residents", "inspect",
    }  # fmt: skip
    assert set(re.findall(r'name="command" value="(\w+)"', board(town, LEADERSHIP, tab="all", open=case_id))) == {
        "comment"
    }


def test_only_one_row_is_open_at_a_time(town: Town) -> None:
    first, second = silent(town, days=0), silent(town)
    town.engine.let_time_pass(CaseId(first))
    page = board(town, MANAGER, tab="all", open=second)
    assert page.count('class="doing"') == 1 and f"/cases/{first}/act" not in page


def test_what_nobody_owns_waits_to_be_placed(town: Town) -> None:
    case_id = str(town.report(**{**REPORT, "service": "other"})["case_id"])
    page = board(town, MANAGER, tab="place")
    assert counted(page)[2] == 1 and case_id in page and "Why: nobody has the task" in page
    assert "Decides: manager of" in page and "By Tue 3 Mar, 10:00, or else it escalates." in page
    assert 'name="departments"' in board(town, MANAGER, tab="place", open=case_id)


def test_what_will_escalate_says_when_to_whom_and_how_to_prevent_it(town: Town) -> None:
    case_id = silent(town, days=0.5)
    page = board(town, MANAGER, tab="coming")
    assert counted(page)[3] == 1 and case_id in page
    assert "Wed 4 Mar, 10:00: head of roads will be told (no answer)" in page
    assert "roads answers: accepts, declines, passes it on or asks something." in page


def test_looking_further_ahead_shows_more(town: Town) -> None:
    case_id = silent(town, days=0.5)
    town.does(case_id, MEMBER, "accept", assignment="a1")
    assert case_id not in board(town, MANAGER, tab="coming")
    page = board(town, MANAGER, tab="coming", days="10")
    assert case_id in page and "roads says how far it is." in page


def test_a_higher_rung_can_also_be_prevented_by_taking_it_up(town: Town) -> None:
    silent(town)
    assert "Or someone who was told already takes it up." in board(town, MANAGER, tab="coming")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, True),
        ({"department": "roads"}, True),
        ({"department": "green"}, False),
        ({"neighbourhood": "heide"}, True),
        ({"neighbourhood": "dorp"}, False),
        ({"reason": "no_response"}, True),
        ({"reason": "overdue"}, False),
        ({"rung": "department_head"}, True),
        ({"rung": "city_leadership"}, False),
        ({"acknowledged": "no"}, True),
        ({"acknowledged": "yes"}, False),
        ({"sort": "highest"}, True),
        ({"department": "nobody", "reason": "'", "rung": "x", "sort": "y", "cursor": "z", "days": "9"}, True),
    ],
)
def test_it_is_narrowed_by_filters(town: Town, asked: dict[str, str], found: bool) -> None:
    case_id = silent(town)
    page = board(town, LEADERSHIP, tab="all", **asked)
    assert (f"/cases/{case_id}" in page) is found
    assert found or "There is nothing that fits this choice." in page


def test_a_choice_is_kept_under_a_name(town: Town) -> None:
    town.sign_in(MANAGER)
    query = Asked(Tab.ALL, sort=Asked(Tab.ALL).sort, acknowledged=False).query
    answer = send(town, "/views", page="/escalations", name="Loose", query=query)
    assert answer.status_code == 303 and answer.headers["location"] == f"/escalations?{query}"
    page = board(town, MANAGER, tab="all", acknowledged="no")
    assert re.search(r'<a href="[^"]*acknowledged=no[^"]*" aria-current="page">Loose</a>', page)


def picks(page: str) -> list[str]:
    return re.findall(r'name="pick" value="([^"]+)"', page)


def test_many_are_taken_up_at_once_and_each_outcome_is_told(town: Town) -> None:
    cases = [str(town.report(description=str(uuid4()))["case_id"]) for _ in range(3)]
    town.clock.pass_(days=2, minutes=1)
    for case_id in cases:
        town.engine.let_time_pass(CaseId(case_id))
    ticked = picks(board(town, HEAD))
    assert sorted(ticked) == sorted(f"{case_id}.e1" for case_id in cases)
    town.does(cases[0], MEMBER, "accept", assignment="a1")
    form = {"pick": ticked, "note": "Looking", "form_id": str(uuid4()), "csrf": town.csrf(), "next": "/escalations"}
    answer = town.client.post("/escalations/together?lang=en", data=form, headers={"Accept": "text/html"})
    assert answer.status_code == 200 and "Taken up: 2. Not done: 1." in answer.text
    again = town.client.post("/escalations/together?lang=en", data=form, headers={"Accept": "text/html"})
    assert "Taken up: 2. Not done: 1." in again.text
    assert counted(board(town, HEAD))[:2] == [0, 2]


def test_what_is_not_in_sight_is_not_taken_up_together_either(town: Town) -> None:
    case_id = silent(town)
    town.sign_in(HEAD_ELSEWHERE)
    answer = send(town, "/escalations/together?lang=en", pick=f"{case_id}.e1")
    assert "Not done: 1." in answer.text and case_id not in answer.text and "2026-" not in answer.text


@pytest.mark.parametrize("ticked", [[], ["x"], [f"{uuid4()}.e1" for _ in range(51)]], ids=["none", "nonsense", "51"])
def test_as_many_as_fifty_and_no_fewer_than_one(town: Town, ticked: list[str]) -> None:
    town.sign_in(MANAGER)
    form = {"csrf": town.csrf(), "pick": ticked}
    assert town.client.post("/escalations/together", data=form, headers={"Accept": "text/html"}).status_code == 422


def test_those_to_whom_nothing_is_raised_take_nothing_up(town: Town) -> None:
    silent(town)
    assert picks(board(town, ADMINISTRATOR)) == []
    town.sign_in(ADMINISTRATOR)
    assert send(town, "/escalations/together").status_code == 403


def test_it_renews_itself(town: Town) -> None:
    page = board(town, MANAGER)
    assert 'data-live="counts"' in page and 'data-live="board"' in page


def test_a_closed_case_leaves_the_board(town: Town) -> None:
    case_id = silent(town)
    town.does(case_id, MANAGER, "close", outcome="explained", note="No lamp there")
    assert case_id not in board(town, MANAGER, tab="all")


def test_the_board_pages_through_what_is_stuck(town: Town) -> None:
    for _ in range(51):
        town.report(description=str(uuid4()))
    town.clock.pass_(days=2, minutes=1)
    for case_id in list(town.engine.started):
        town.engine.let_time_pass(case_id)
    page = board(town, MANAGER, tab="all")
    assert page.count('<li class="row') == 50 and len(page) < 100_000
    [more] = re.findall(r'<a href="(/escalations\?[^"]*cursor=[^"]*)">Next', page)
    rest = town.client.get(more.replace("&amp;", "&")).text
    assert rest.count('<li class="row') == 1 and "Back to the beginning" in rest


def test_the_address_says_what_is_shown() -> None:
    asked = Asked(Tab.COMING, days=5, cursor="c", open="o")
    assert asked.address() == "/escalations?days=5&tab=coming&cursor=c&open=o"
    assert asked.other(Tab.ALL) == "/escalations?tab=all"
    assert not Asked(Tab.ALL).narrowed and Asked(Tab.ALL, acknowledged=True).narrowed
