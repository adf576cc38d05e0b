"""What residents find where a plan asks for their reaction: the question, what others say, and what came of it."""

import re
from html import unescape

import pytest
from httpx2 import Response

from tests.web.people import MANAGER, MEMBER
from tests.web.projects import REFERRAL, ROUND, advised, refer
from tests.web.reading_pages import outline
from tests.web.town import Town

KEY = "0197f5a0-0000-7000-8000-000000000001"


def page_of(town: Town, number: str, lang: str = "en") -> str:
    town.client.cookies.clear()
    answer = town.client.get(f"/take-part/{number}?lang={lang}")
    assert answer.status_code == 200, answer.text
    outline(answer)
    return unescape(answer.text)


def react(town: Town, number: str, **fields: str) -> Response:
    town.client.cookies.clear()
    form = {"text": "More shade, please.", "key": KEY, **fields}
    return town.client.post(
        f"/take-part/{number}?lang=en", data=form, headers={"Origin": "https://town.example", "Accept": "text/html"}
    )


def moderate(town: Town, case_id: str, reaction: str, shown: str) -> None:
    town.sign_in(MANAGER)
    form = {"csrf": town.csrf(), "command": "moderate", "reaction": reaction, "shown": shown, "note": "Seen."}
    assert town.client.post(f"/cases/{case_id}/act", data=form).status_code == 303


def test_open_rounds_are_on_the_first_page_and_in_a_list(town: Town) -> None:
    number = refer(town, participation=ROUND)["number"]
    for path in ("/", "/take-part"):
        page = town.client.get(f"{path}?lang=en").text
        assert f"/take-part/{number}" in page and "Kerkstraat" in page


def test_a_project_on_which_residents_were_not_asked_is_not_theirs_to_read(town: Town) -> None:
    number = refer(town)["number"]
    lamp = town.report()["number"]
    for other in (number, lamp, "2026-999999", "x" * 400, "..%2F"):
        assert town.client.get(f"/take-part/{other}").status_code == 404
    assert react(town, number).status_code == 404
    assert "Kerkstraat" not in town.client.get("/take-part").text


@pytest.mark.parametrize("lang", ["nl", "en", "fr"])
def test_it_tells_what_is_planned_and_asks(town: Town, lang: str) -> None:
    number = refer(town, participation=ROUND)["number"]
    page = page_of(town, number, lang)
    assert REFERRAL["description"] in page and "Where is it too dark?" in page and "Heide" in page


def test_a_reaction_is_thanked_for_and_read_first(town: Town) -> None:
    told = refer(town, participation=ROUND)
    answer = react(town, told["number"], text="<script>alert(1)</script>", name="An")
    assert answer.status_code == 303
    assert "Your reaction is in" in town.client.get(answer.headers["location"]).text
    assert "alert(1)" not in page_of(town, told["number"])
    assert "1 more is being looked at" in page_of(town, told["number"])
    town.sign_in(MANAGER)
    assert "1 reaction to look at" in town.client.get("/projects?lang=en").text
    moderate(town, told["case_id"], "r1", "yes")
    shown = town.client.get(f"/take-part/{told['number']}?lang=en").text
    assert "&lt;script&gt;alert(1)" in shown and "<script>alert" not in shown and ">An<" not in shown
    moderate(town, told["case_id"], "r1", "no")
    page = page_of(town, told["number"])
    assert "alert(1)" not in page and "1 is not shown" in page and "Seen." not in page


def test_a_form_sent_twice_counts_once(town: Town) -> None:
    told = refer(town, participation=ROUND)
    for _ in range(2):
        assert react(town, told["number"]).status_code == 303
    assert "1 more is being looked at" in page_of(town, told["number"])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"text": "  "}, "write your reaction"),
        ({"text": "x" * 10_001}, "write your reaction"),
        ({"email": "nobody"}, "must be an e-mail address"),
        ({"name": "x" * 301}, "must be one line"),
        ({"language": "tlh"}, "choose one of the languages"),
    ],
)
def test_a_mistake_is_told_and_what_was_typed_is_kept(town: Town, change: dict[str, str], told: str) -> None:
    number = refer(town, participation=ROUND)["number"]
    answer = react(town, number, **{"text": 'More "shade" <b>', "name": "An", **change})
    assert answer.status_code == 422
    assert told in unescape(answer.text)
    if "text" not in change:
        assert 'More "shade" <b></textarea>' in unescape(answer.text)


def test_an_address_is_for_letters_and_nobody_reads_it(town: Town) -> None:
    told = refer(town, participation=ROUND)
    assert react(town, told["number"], email="an@example.org", name="An").status_code == 303
    moderate(town, told["case_id"], "r1", "yes")
    assert "an@example.org" not in page_of(town, told["number"])
    town.sign_in(MEMBER)
    assert "an@example.org" not in town.client.get(f"/cases/{told['case_id']}").text


def test_once_it_ended_nobody_reacts_any_more(town: Town) -> None:
    told = refer(town, participation=ROUND)
    town.clock.pass_(days=14)
    page = page_of(town, told["number"])
    assert "The time to react is over" in page and "<textarea" not in page
    answer = react(town, told["number"])
    assert answer.status_code == 409 and "Nothing is asked of residents" in answer.text


def test_the_summary_and_then_the_outcome_are_there_to_be_read(town: Town) -> None:
    told = refer(town, participation=ROUND)
    case_id, number = told["case_id"], told["number"]
    react(town, number)
    town.clock.pass_(days=14)
    town.engine.let_time_pass(case_id)
    town.does(case_id, MANAGER, "summarise", note="People want shade.", points=["Plant trees."])
    assert "People want shade." in page_of(town, number)
    advised(town, case_id)
    for n in range(1, 4):
        town.does(case_id, MEMBER, "answer_point", point=f"p{n}", verdict="followed", note=f"Answer {n}.")
    town.does(case_id, MEMBER, "resolve", assignment="a1", note="That is it.")
    page = page_of(town, number)
    assert "What the city does with it" in page and re.search(r"Plant trees\..*followed.*Answer \d\.", page, re.DOTALL)
    assert "That is it." in page and "Plant oaks." not in page


def test_whoever_left_an_address_finds_the_way_back_by_their_link(town: Town) -> None:
    told = refer(town, participation=ROUND)
    react(town, told["number"], email="an@example.org")
    token = followed(town)
    page = town.client.get(f"/follow/{token}?lang=en").text
    assert "Kerkstraat" in page and f"/take-part/{told['number']}" in page and "More shade, please." in page


def followed(town: Town) -> str:
    from readmodel.database import reading
    from readmodel.schema import FOLLOWERS

    with reading(town.context.database) as session:
        query = FOLLOWERS.select().where(FOLLOWERS.c.email == "an@example.org")
        return str(session.execute(query).one().token)
