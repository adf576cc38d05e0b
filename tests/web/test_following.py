"""The resident's side, through the API."""

import re

import pytest

from domain.words import CaseId
from readmodel import outbox
from readmodel.database import reading
from readmodel.followers import by_token
from readmodel.letters import LetterKind
from tests.web.people import ADMINISTRATOR, MANAGER, MEMBER
from tests.web.reading_pages import send
from tests.web.town import Town, fields, problem
from web.alike import shared
from web.links import links_of


def test_a_reporter_reads_what_was_promised_what_happened_and_what_comes(town: Town) -> None:
    report = town.report()
    seen = town.get(f"/follow/{report['token']}").json()
    assert (seen["number"], seen["stage"]) == (report["number"], "assigned")
    assert seen["description"] == "The lamp at number 7 is dark"
    assert seen["promised_by"] is not None
    assert [line["event"] for line in seen["timeline"]] == ["case_opened", "department_assigned"]
    assert seen["next"][0]["what"] == "remind"
    assert [what for what, may in seen["may"].items() if may] == ["support", "withdraw"]


def test_a_reporter_reads_public_texts_and_not_what_staff_say_among_themselves(town: Town) -> None:
    report = town.report()
    case_id = report["case_id"]
    town.does(case_id, MEMBER, "accept", assignment="a1", note="internal plan")
    town.does(case_id, MEMBER, "comment", note="internal gossip", public=False)
    town.does(case_id, MANAGER, "comment", note="We come on Monday", public=True)
    town.does(case_id, MEMBER, "resolve", assignment="a1", note="New bulb")
    text = town.get(f"/follow/{report['token']}").text
    assert "internal" not in text
    assert "We come on Monday" in text
    assert "New bulb" in text


def test_a_question_is_answered_and_the_work_goes_on(town: Town) -> None:
    report = town.report()
    town.does(report["case_id"], MEMBER, "ask_resident", assignment="a1", question="Which lamp?")
    seen = town.get(f"/follow/{report['token']}").json()
    assert (seen["question"], seen["may"]["answer"]) == ("Which lamp?", True)
    answer = town.post(f"/follow/{report['token']}/answer", {"text": "The left one"})
    assert answer.status_code == 200
    case = town.case(report["case_id"], MEMBER)
    assert case["stage"] == "in_progress"
    assert "The left one" in [line["note"] for line in case["timeline"]]
    assert town.get(f"/follow/{report['token']}").json()["may"]["answer"] is False


def test_feedback_closes_the_case_or_opens_it_again(town: Town) -> None:
    report = town.report()
    town.does(report["case_id"], MEMBER, "resolve", assignment="a1", note="New bulb")
    assert town.get(f"/follow/{report['token']}").json()["may"]["feedback"] is True
    no = town.post(f"/follow/{report['token']}/feedback", {"solved": "no", "rating": 1, "comment": "Still dark"})
    assert no.json()["stage"] == "assigned"
    town.does(report["case_id"], MEMBER, "resolve", assignment="a2", note="Really")
    yes = town.post(f"/follow/{report['token']}/feedback", {"solved": "yes", "rating": 5})
    assert yes.json()["stage"] == "closed"
    case = town.case(report["case_id"], MEMBER)
    assert [(f["solved"], f["rating"], f["comment"]) for f in case["feedback"]] == [
        ("no", 1, "Still dark"),
        ("yes", 5, None),
    ]
    assert (case["outcome"], case["round"]) == ("solved", 2)


def test_feedback_before_the_work_is_done_is_refused(town: Town) -> None:
    token = town.report()["token"]
    problem(town.post(f"/follow/{token}/feedback", {"solved": "yes", "comment": "Early"}), 409, "refused")
    problem(town.post(f"/follow/{token}/answer", {"text": "Nobody asked"}), 409, "refused")


def test_support_is_counted_and_a_supported_report_outlives_its_withdrawal(town: Town) -> None:
    report = town.report()
    assert town.post(f"/follow/{report['token']}/support", {}).status_code == 200
    assert town.client.post(f"/api/v1/follow/{report['token']}/withdraw").json()["stage"] == "assigned"
    assert town.case(report["case_id"], ADMINISTRATOR)["supporters"] == 1


def test_a_link_supports_once_however_often_it_is_pressed(town: Town) -> None:
    report = town.report()
    first, again = (town.post(f"/follow/{report['token']}/support", {}) for _ in range(2))
    assert (first.status_code, again.status_code, again.json()) == (200, 200, first.json())
    assert town.case(report["case_id"], ADMINISTRATOR)["supporters"] == 1


def supporter(town: Town, case_id: str, number: str, email: str | None = None) -> str:
    """The link of one more resident, who was given the shared one."""
    page = town.client.get(f"/support/{shared(town.context, number)}")
    [key] = re.findall(r'name="key" value="([^"]+)"', page.text)
    answer = send(town, f"/support/{shared(town.context, number)}", key=key, email=email or "")
    token = answer.headers["location"].removeprefix("/follow/").partition("?")[0]
    return str(token)


def test_everyone_who_left_an_address_is_asked_and_gets_what_the_reporter_gets(town: Town) -> None:
    report = town.report()
    case_id = report["case_id"]
    at_once, later_on, silent = (supporter(town, case_id, report["number"], e) for e in ("bo@example.org", None, None))
    assert send(town, f"/follow/{later_on}/contact", email="cy@example.org").status_code == 303
    town.does(case_id, MEMBER, "resolve", assignment="a1", note="New bulb")
    assert [case["asked"] for case in (town.case(case_id, MEMBER), town.get(f"/follow/{silent}").json())] == [3, 3]
    with reading(town.context.database) as session:
        asked = [one for one in outbox.of_case(session, CaseId(case_id)) if one.kind is LetterKind.RESOLVED]
    assert len(asked) == 3
    for token in (report["token"], at_once, silent):
        assert town.post(f"/follow/{token}/feedback", {"solved": "yes"}).json()["stage"] == "resolved"
    told = problem(town.post(f"/follow/{at_once}/feedback", {"solved": "no"}), 409, "refused")
    assert told["detail"] == "You told us already; thank you."
    page = town.client.get(f"/follow/{at_once}?lang=en").text
    assert "2 of the 3 people whom we asked have told us." in page
    assert town.get(f"/follow/{at_once}").json()["may"]["feedback"] is False
    assert town.post(f"/follow/{later_on}/feedback", {"solved": "partly"}).json()["stage"] == "closed"


def test_who_wants_no_letters_any_more_is_not_waited_for(town: Town) -> None:
    report = town.report()
    token = supporter(town, report["case_id"], report["number"], "bo@example.org")
    town.does(report["case_id"], MEMBER, "resolve", assignment="a1", note="New bulb")
    with reading(town.context.database) as session:
        follower = by_token(session, token)
    assert follower is not None
    town.post(f"/follow/{report['token']}/feedback", {"solved": "yes"})
    assert town.case(report["case_id"], MEMBER)["stage"] == "resolved"
    silence = links_of(town.context).silence(follower.id).removeprefix(town.context.settings.public_url)
    assert town.client.post(silence, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert town.case(report["case_id"], MEMBER)["outcome"] == "solved"


def test_a_report_that_nobody_supports_is_withdrawn(town: Town) -> None:
    report = town.report()
    assert town.client.post(f"/api/v1/follow/{report['token']}/withdraw").json()["stage"] == "closed"
    assert town.case(report["case_id"], ADMINISTRATOR)["outcome"] == "withdrawn"
    problem(town.client.post(f"/api/v1/follow/{report['token']}/support"), 409, "refused")


@pytest.mark.parametrize("token", ["wrong", "a%00", "x" * 300, "é", "%2e%2e"])
def test_a_wrong_link_leads_nowhere(town: Town, token: str) -> None:
    problem(town.get(f"/follow/{token}"), 404, "not_found")
    problem(town.post(f"/follow/{token}/support", {}), 404, "not_found")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "solved"),
        ({"solved": "maybe"}, "solved"),
        ({"solved": True}, "solved"),
        ({"solved": "yes", "rating": 6}, "rating"),
        ({"solved": "yes", "rating": 0}, "rating"),
        ({"solved": "yes", "rating": "5"}, "rating"),
        ({"solved": "yes", "rating": 4.5}, "rating"),
        ({"solved": "yes", "comment": "x" * 10_001}, "comment"),
        ({"solved": "yes", "by": "manager"}, "by"),
    ],
)
def test_what_is_wrong_with_feedback_is_told_by_field(town: Town, body: dict[str, object], field: str) -> None:
    report = town.report()
    town.does(report["case_id"], MEMBER, "resolve", assignment="a1", note="New bulb")
    assert fields(problem(town.post(f"/follow/{report['token']}/feedback", body), 422, "invalid")) == [field]


def test_the_reporters_answer_is_repeated_with_the_same_command_id(town: Town) -> None:
    report = town.report()
    body = {"command_id": "8f14e45f-ceea-4672-950f-61a1a8f9a0a5"}
    first = town.post(f"/follow/{report['token']}/support", body)
    assert town.post(f"/follow/{report['token']}/support", body).json() == first.json()
    assert town.case(report["case_id"], ADMINISTRATOR)["supporters"] == 1
