"""The case page: who sees what of it, and that it tells the whole story."""

from uuid import uuid4

import pytest

from readmodel.accounts import Mandate
from tests.web.people import ADMINISTRATOR, ELSEWHERE, HEAD, LEADERSHIP, MANAGER, MEMBER, PARTNER, STAFF, WARDEN
from tests.web.town import DESCRIBED, IN_DORP, Town

NAME, TEXT = "An Peeters", "The lamp at number 7 is dark"


@pytest.fixture
def case(town: Town) -> str:
    """The address of the page of a case in Heide, with the roads department."""
    return f"/cases/{town.report(**DESCRIBED)['case_id']}?lang=en"


@pytest.mark.parametrize("who", STAFF)
def test_whoever_it_concerns_reads_it(town: Town, case: str, who: Mandate) -> None:
    town.sign_in(who)
    page = town.client.get(case)
    assert page.status_code == 200
    assert "The case was opened." in page.text


@pytest.mark.parametrize("who", ELSEWHERE)
def test_for_others_there_is_no_such_case(town: Town, case: str, who: Mandate) -> None:
    town.sign_in(who)
    there, nowhere = town.client.get(case), town.client.get(f"/cases/{uuid4()}?lang=en")
    assert there.status_code == nowhere.status_code == 404
    assert there.text == nowhere.text


@pytest.mark.parametrize("who", [MEMBER, PARTNER, HEAD, MANAGER])
def test_those_who_must_speak_with_the_reporter_see_who_it_is(town: Town, case: str, who: Mandate) -> None:
    town.sign_in(who)
    assert NAME in town.client.get(case).text


@pytest.mark.parametrize("who", [WARDEN, LEADERSHIP, ADMINISTRATOR])
def test_others_do_without(town: Town, case: str, who: Mandate) -> None:
    town.sign_in(who)
    assert NAME not in town.client.get(case).text


def test_who_reported_before_is_told_to_those_who_must_speak_with_them(town: Town, case: str) -> None:
    town.clock.pass_(hours=1)
    first, elsewhere = town.report(), town.report(location=IN_DORP)
    again = town.report(reporter={"phone": "089 65 36 00", "email": "AN@example.org"})
    for who in (MEMBER, HEAD, MANAGER):
        town.sign_in(who)
        page = town.client.get(f"/cases/{again['case_id']}?lang=en").text
        assert "Reported 3 times before" in page and first["number"] in page
        assert (elsewhere["number"] in page) is (who is not MANAGER)
        reporter = town.case(again["case_id"], who)["reporter"]
        assert (reporter["earlier_reports"], first["case_id"] in str(reporter["earlier"])) == (3, True)
    for who in (WARDEN, LEADERSHIP, ADMINISTRATOR):
        town.sign_in(who)
        assert "times before" not in town.client.get(f"/cases/{again['case_id']}?lang=en").text
        assert town.case(again["case_id"], who)["reporter"] is None
    town.sign_in(MEMBER)
    assert "before" not in town.client.get(case).text.partition('id="reporter"')[2].partition("</section>")[0]


def test_leadership_reads_no_free_text(town: Town, case: str) -> None:
    town.sign_in(LEADERSHIP)
    assert TEXT not in town.client.get(case).text
    town.sign_in(MEMBER)
    assert TEXT in town.client.get(case).text


def test_only_what_the_rules_allow_is_offered_and_the_rest_is_explained(town: Town, case: str) -> None:
    town.sign_in(MEMBER)
    fresh = town.client.get(case).text
    assert 'value="accept"' in fresh and 'value="resume"' not in fresh
    assert "What cannot be done now, and why" in fresh
    assert 'value="assign"' not in fresh


def test_what_was_done_can_be_read_back_with_its_note_and_clock(town: Town, case: str) -> None:
    case_id = case.split("/")[2].split("?")[0]
    town.does(case_id, MEMBER, "accept", assignment="a1", note="We take the ladder.")
    town.sign_in(MEMBER)
    page = town.client.get(case).text
    assert "roads took it on." in page and "We take the ladder." in page
    assert "Only staff read this." in page
    assert 'class="bar"' in page and "worked" in page


def test_letters_are_listed_without_addresses(town: Town, case: str) -> None:
    town.sign_in(ADMINISTRATOR)
    page = town.client.get(case).text
    assert "Receipt" in page and "to a resident" in page and "an@example.org" not in page


def test_nothing_of_it_is_shown_to_whoever_is_not_signed_in(town: Town, case: str) -> None:
    answer = town.client.get(case)
    assert answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next=%2Fcases%2F")
