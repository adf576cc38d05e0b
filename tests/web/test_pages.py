"""The pages without JavaScript: reporting, and following a report, in the reader's language."""

import re
from html import unescape

import pytest

from domain.time_rules import Act
from domain.words import Cause, EscalationReason, Outcome, Rung, Stage
from tests.web.people import ADMINISTRATOR, MANAGER, MEMBER
from tests.web.reading_pages import FORM, follow, outline, send
from tests.web.town import Town
from web.pages.languages import language


def test_the_first_page_leads_to_the_form(town: Town) -> None:
    page = town.client.get("/")
    assert page.status_code == 200
    assert any(tag == "a" and (attrs.get("href") or "").startswith("/report") for tag, attrs in outline(page).tags)


@pytest.mark.parametrize(
    ("accept", "query", "language"),
    [
        ("", "", "nl"),
        ("en-GB,en;q=0.9", "", "en"),
        ("fr,de;q=0.5", "", "nl"),
        ("de;q=0.9,nl;q=0.2,en;q=0.5", "", "en"),
        ("en", "?lang=nl", "nl"),
        ("en", "?lang=../../etc/passwd", "en"),
        (";;q=x,,en;q=abc", "", "nl"),
    ],
)
def test_pages_are_in_the_readers_language(town: Town, accept: str, query: str, language: str) -> None:
    page = town.client.get(f"/report{query}", headers={"Accept-Language": accept})
    assert f'<html lang="{language}">' in page.text


@pytest.mark.parametrize("step", ["/report", "/report/details?service=lamp&neighbourhood=heide"])
def test_every_field_of_the_form_has_a_label(town: Town, step: str) -> None:
    page = outline(town.client.get(step))
    labelled = {attrs["for"] for tag, attrs in page.tags if tag == "label" and "for" in attrs}
    within_labels = ("checkbox", "radio", "hidden")
    asked = [a for tag, a in page.tags if tag in ("input", "select", "textarea") and a.get("type") not in within_labels]
    assert asked
    assert all(attrs["id"] in labelled for attrs in asked)


def test_a_report_leads_to_the_page_on_which_it_is_followed(town: Town) -> None:
    answer = send(town, "/report?lang=en", **FORM, address="Heidestraat 7", email="an@example.org")
    assert answer.status_code == 303
    place = answer.headers["location"]
    page = town.client.get(place)
    assert "We received your report" in page.text
    assert "Dark here" in page.text
    case_id = town.get("/cases", ADMINISTRATOR).json()["items"][0]["case_id"]
    reporter = town.case(case_id, MEMBER)["reporter"]
    assert (reporter["email"], reporter["language"]) == ("an@example.org", "en")


def test_mistakes_are_shown_in_place_with_what_was_filled_in(town: Town) -> None:
    answer = send(
        town, "/report?lang=en", service="lamp", description="Dark <b>here</b>", email="nobody", neighbourhood="heide"
    )
    assert answer.status_code == 422
    assert "Dark &lt;b&gt;here&lt;/b&gt;" in answer.text
    assert "must be an e-mail address" in answer.text
    wrong = [attrs["id"] for _, attrs in outline(answer).tags if attrs.get("aria-invalid") == "true"]
    assert wrong == ["email"]


@pytest.mark.parametrize(
    "changes",
    [
        {"neighbourhood": ""},
        {"service": ""},
        {"description": " "},
        {"lat": "north", "lon": "5,2"},
        {"lat": "nan", "lon": "5.2"},
        {"lat": "50.5", "lon": ""},
        {"lat": "10", "lon": "10"},
        {"description": "x" * 10_001},
        {"address": "x" * 301},
        {"address": "a\u0000b"},
        {"phone": "call"},
    ],
)
def test_a_form_with_mistakes_is_shown_again_and_nothing_is_kept(town: Town, changes: dict[str, str]) -> None:
    answer = send(town, "/report", **{**FORM, **changes})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert town.get("/cases", ADMINISTRATOR).json()["items"] == []


def test_the_point_may_be_written_with_commas(town: Town) -> None:
    assert send(town, "/report", **{**FORM, "neighbourhood": "", "lat": "50,5", "lon": "5,8"}).status_code == 303
    assert town.get("/cases", ADMINISTRATOR).json()["items"][0]["neighbourhood"] == "dorp"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://town.example.evil.example", "http://["])
def test_a_form_from_elsewhere_is_not_taken(town: Town, origin: str) -> None:
    answer = town.client.post("/report", data=FORM, headers={"Origin": origin, "Accept": "text/html"})
    assert answer.status_code == 403
    assert town.get("/cases", ADMINISTRATOR).json()["items"] == []


def test_a_report_is_taken_while_the_engine_is_down(town: Town) -> None:
    town.engine.down = True
    assert send(town, "/report", **FORM).status_code == 303


def test_the_whole_story_is_told_in_each_language(town: Town) -> None:
    report = town.report()
    case_id, token = report["case_id"], report["token"]
    town.does(case_id, MEMBER, "accept", assignment="a1", planned_for="2026-03-05")
    town.does(case_id, MEMBER, "pause", assignment="a1", cause="third_party", until="2026-03-10", note="x")
    town.does(case_id, MEMBER, "resume", assignment="a1")
    town.does(case_id, MEMBER, "transfer", assignment="a1", to="green", note="x")
    town.does(case_id, MANAGER, "set_urgent", urgent=True, note="x")
    town.does(case_id, MANAGER, "extend", assignment="a2", until="2026-06-01", note="A strike <script>")
    town.clock.pass_(days=4)
    town.engine.let_time_pass(case_id)
    town.does(case_id, MANAGER, "comment", note="Sorry", public=True)
    town.does(case_id, MANAGER, "close", outcome="explained", note="We explained")
    for lang in ("en", "nl"):
        page = follow(town, token, lang)
        assert "&lt;script&gt;" in page
        assert "<script" not in page
        assert not re.search(r"assignment_|case_|department_head|third_party", page)
    assert "5 March 2026" in follow(town, token, "en")
    assert "5 maart 2026" in follow(town, token, "nl")


def test_a_question_is_answered_on_the_page(town: Town) -> None:
    report = town.report()
    town.does(report["case_id"], MEMBER, "ask_resident", assignment="a1", question="Which lamp?")
    assert "Which lamp?" in follow(town, report["token"])
    answer = send(town, f"/follow/{report['token']}/answer?lang=en", text="The left one")
    assert answer.status_code == 303
    assert "that has been noted" in town.client.get(answer.headers["location"]).text
    assert "The left one" in follow(town, report["token"])


def test_feedback_is_given_on_the_page(town: Town) -> None:
    report = town.report()
    town.does(report["case_id"], MEMBER, "resolve", assignment="a1", note="New bulb")
    assert "Is it really solved?" in follow(town, report["token"])
    assert (
        send(town, f"/follow/{report['token']}/feedback", solved="yes", rating="4", comment="Thanks").status_code == 303
    )
    assert town.case(report["case_id"], MEMBER)["feedback"][0]["rating"] == 4


def test_a_form_that_is_sent_twice_counts_once(town: Town) -> None:
    report = town.report()
    once = {"command_id": "8f14e45f-ceea-4672-950f-61a1a8f9a0a5"}
    for _ in range(2):
        assert send(town, f"/follow/{report['token']}/support", **once).status_code == 303
    assert town.case(report["case_id"], ADMINISTRATOR)["supporters"] == 1


def test_what_is_not_possible_is_told_on_the_page(town: Town) -> None:
    report = town.report()
    answer = send(town, f"/follow/{report['token']}/feedback?lang=en", solved="yes")
    assert answer.status_code == 409
    assert "That was not possible" in answer.text
    assert send(town, f"/follow/{report['token']}/feedback?lang=en", solved="perhaps").status_code == 422
    assert send(town, f"/follow/{report['token']}/explode").status_code == 404


def test_while_the_engine_is_down_the_page_says_to_try_again(town: Town) -> None:
    report = town.report()
    town.engine.down = True
    answer = send(town, f"/follow/{report['token']}/support?lang=en")
    assert answer.status_code == 503
    assert "try again" in answer.text
    assert "The lamp at number 7" in follow(town, report["token"])


def test_a_wrong_link_is_answered_with_a_page(town: Town) -> None:
    answer = town.client.get("/follow/wrong?lang=en", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "nothing at this address" in answer.text


def test_a_report_can_be_taken_back_on_the_page(town: Town) -> None:
    report = town.report()
    assert send(town, f"/follow/{report['token']}/withdraw").status_code == 303
    page = follow(town, report["token"])
    assert "taken back" in page
    assert "/withdraw" not in page


def test_reloading_after_a_form_leads_back_to_the_report(town: Town) -> None:
    token = town.report()["token"]
    answer = town.client.get(f"/follow/{token}/feedback?lang=en")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/follow/{token}?lang=en")


def test_a_promise_that_passed_is_said_to_have_passed(town: Town) -> None:
    report = town.report()
    assert "That date has passed" not in follow(town, report["token"])
    town.clock.pass_(days=60)
    assert "That date has passed" in follow(town, report["token"])


@pytest.mark.parametrize("code", ["en", "nl"])
def test_every_mistake_in_the_form_is_told_in_the_readers_language(town: Town, code: str) -> None:
    wrong = {"service": "", "description": " ", "neighbourhood": "", "lat": "x", "lon": "500", "address": "x" * 301}
    wrong |= {"name": "x" * 301, "email": "nobody", "phone": "call"}
    page = send(town, f"/report?lang={code}", **wrong).text
    for field in ("service", "description", "lat", "lon", "name", "email", "phone"):
        assert language(code).say(field, "mistakes") in unescape(page)


@pytest.mark.parametrize("code", ["en", "nl", "fr"])
def test_every_language_says_everything(code: str) -> None:
    english, other = language("en").texts, language(code).texts
    assert {section: set(texts) for section, texts in other.items()} == {
        section: set(texts) for section, texts in english.items()
    }
    for section, words in (("stages", Stage), ("outcomes", Outcome), ("causes", Cause), ("rungs", Rung)):
        assert set(other[section]) == set(words)
    assert set(other["next"]) == set(Act) - {Act.ESCALATE}
    assert set(other["alerts"]) == set(EscalationReason)
    for section, texts in english.items():
        for key, text in texts.items():
            assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", other[section][key])), key
