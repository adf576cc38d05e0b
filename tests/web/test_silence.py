"""No more letters about a report: from the letter, from the mailbox's own button, and back again."""

import pytest

from domain.words import CaseId
from readmodel import outbox
from readmodel.database import reading, writing
from readmodel.followers import followers_of
from readmodel.joining import join_followers
from readmodel.silence import is_silenced
from tests.web.partners import send
from tests.web.people import MANAGER, MEMBER
from tests.web.town import Town
from web.links import links_of

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def reported(town: Town) -> tuple[CaseId, str, str]:
    """The case, its reporter, and the path by which they ask for no more letters."""
    case_id = CaseId(town.report()["case_id"])
    with reading(town.context.database) as session:
        follower = followers_of(session, case_id)[0].id
    links = links_of(town.context)
    return case_id, follower, links.silence(follower).removeprefix(town.context.settings.public_url)


def silenced(town: Town, follower: str) -> bool:
    with reading(town.context.database) as session:
        return is_silenced(session, follower)


def letters(town: Town, case_id: CaseId) -> list[str]:
    with reading(town.context.database) as session:
        found = outbox.of_case(session, case_id)
    return [letter.kind.value for letter in found if letter.recipient.startswith("follower:")]


def test_opening_the_link_changes_nothing_and_shows_one_button(town: Town) -> None:
    _, follower, path = reported(town)
    page = town.client.get(f"{path}?lang=en")
    assert page.status_code == 200
    assert page.text.count("<button>") == 1
    assert "No more messages about this report" in page.text
    assert not silenced(town, follower)


def test_a_mailboxs_own_button_works_without_a_page_a_cookie_or_an_origin(town: Town) -> None:
    _, follower, path = reported(town)
    answer = town.client.post(path, data=ONE_CLICK)
    assert answer.status_code == 200
    assert silenced(town, follower)
    assert town.client.post(path, data=ONE_CLICK).status_code == 200


def test_it_works_as_multipart_too_and_from_another_site(town: Town) -> None:
    _, follower, path = reported(town)
    parts = {"List-Unsubscribe": (None, "One-Click")}
    answer = town.client.post(path, files=parts, headers={"Origin": "https://mail.example"})
    assert answer.status_code == 200
    assert silenced(town, follower)


def test_whoever_wants_no_letters_gets_none_and_may_change_their_mind(town: Town) -> None:
    case_id, follower, path = reported(town)
    send(town, path, letters="no")
    town.does(case_id, MANAGER, "comment", note="On Monday", public=True)
    assert letters(town, case_id) == ["receipt"]
    page = send(town, path, letters="again")
    assert page.status_code == 200
    assert not silenced(town, follower)
    town.does(case_id, MANAGER, "comment", note="On Tuesday", public=True)
    assert letters(town, case_id) == ["receipt", "news"]


def test_the_case_goes_on_and_staff_are_written_to_as_before(town: Town) -> None:
    case_id, _, path = reported(town)
    send(town, path, letters="no")
    town.does(case_id, MEMBER, "resolve", assignment="a1", note="New bulb")
    assert town.case(case_id, MEMBER)["stage"] == "resolved"
    assert letters(town, case_id) == ["receipt"]


def test_a_silence_is_kept_when_the_report_joins_another(town: Town) -> None:
    first, _, path = reported(town)
    send(town, path, letters="no")
    second = CaseId(town.report()["case_id"])
    town.does(first, MANAGER, "merge_into", case_id=second)
    with writing(town.context.database) as session:
        join_followers(session, first, second)
        joined = [f for f in followers_of(session, second) if f.role == "supporter"]
        assert [is_silenced(session, f.id) for f in joined] == [True]
    town.does(second, MANAGER, "comment", note="On Monday", public=True)
    assert letters(town, second) == ["receipt", "news"]


@pytest.mark.parametrize("wrong", ["x", "x.y", "é.é"])
def test_a_link_that_the_city_did_not_sign_leads_nowhere(town: Town, wrong: str) -> None:
    _, follower, path = reported(town)
    for address in (f"/silence/{wrong}", path[:-2], f"/silence/{follower}", path.replace("/silence/", "/task/")):
        assert town.client.get(address).status_code == 404
        assert town.client.post(address, data=ONE_CLICK).status_code == 404
    assert not silenced(town, follower)


def test_the_link_lets_nobody_read_the_case(town: Town) -> None:
    _, _, path = reported(town)
    text = town.client.get(path).text
    for secret in ("The lamp at number 7", "An Peeters", "an@example.org"):
        assert secret not in text
