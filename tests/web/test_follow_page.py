"""Coming back by number and code, photos, the answer from a letter, and what only the reporter sees."""

import re
from html import unescape

from tests.web.people import MEMBER
from tests.web.reading_pages import FORM, a_picture, follow, outline, send
from tests.web.town import IN_HEIDE, Town
from web.pages.languages import language
from web.rate import Rate


def pieces(page: str) -> tuple[str, str]:
    """The number and the code that a report's page tells."""
    number, code = re.search(r"<dd>(\d{4}-\d{6})</dd>", page), re.search(r'<dd class="code">([\w-]+)</dd>', page)
    assert number is not None
    assert code is not None
    return number[1], code[1]


def test_a_number_and_a_code_lead_back_to_the_report(town: Town) -> None:
    token = town.report()["token"]
    number, code = pieces(follow(town, token))
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    answer = send(town, "/follow?lang=en", number=f" {number} ", code=typed)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/follow/{token}?lang=en")


def test_a_wrong_number_and_a_wrong_code_get_the_same_answer(town: Town) -> None:
    number, code = pieces(follow(town, town.report()["token"]))
    wrong = [
        send(town, "/follow?lang=en", number=number, code="0000-0000"),
        send(town, "/follow?lang=en", number="2026-999999", code=code),
        send(town, "/follow?lang=en", number="", code=""),
    ]
    assert {answer.status_code for answer in wrong} == {422}
    assert len({re.sub(r'value="[^"]*"', "", answer.text) for answer in wrong}) == 1


def test_whoever_guesses_codes_runs_out_of_turns(town: Town) -> None:
    town.client.app.state.rate = Rate(3)  # type: ignore[attr-defined]
    try:
        answers = [send(town, "/follow", number="2026-000001", code="0000-0000").status_code for _ in range(4)]
    finally:
        town.client.app.state.rate = Rate(100_000)  # type: ignore[attr-defined]
    assert answers == [422, 422, 422, 429]


def test_a_link_in_a_letter_brings_the_answer_chosen_and_changes_nothing(town: Town) -> None:
    report = town.report()
    town.does(report["case_id"], MEMBER, "resolve", assignment="a1", note="New bulb")
    page = town.client.get(f"/follow/{report['token']}?lang=en&solved=partly")
    chosen = [
        a["value"] for tag, a in outline(page).tags if tag == "input" and a.get("type") == "radio" and "checked" in a
    ]
    assert chosen == ["partly"]
    assert town.case(report["case_id"], MEMBER)["stage"] == "resolved"
    plain = outline(town.client.get(f"/follow/{report['token']}?solved=perhaps"))
    assert not [1 for _, attrs in plain.tags if "checked" in attrs]


def test_whoever_left_no_address_may_still_do_so(town: Town) -> None:
    report = town.report(reporter=None)
    assert "Shall we write to you?" in follow(town, report["token"])
    wrong = send(town, f"/follow/{report['token']}/contact?lang=en", email="nobody")
    assert wrong.status_code == 422
    assert "this must be an e-mail address" in wrong.text
    assert 'value="nobody"' in wrong.text
    assert send(town, f"/follow/{report['token']}/contact?lang=en", email="bo@example.org").status_code == 303
    assert "Shall we write to you?" not in follow(town, report["token"])
    send(town, f"/follow/{report['token']}/contact", email="eve@example.org")
    reporter = town.case(report["case_id"], MEMBER)["reporter"]
    assert (reporter["email"], reporter["language"]) == ("bo@example.org", "en")


def test_photos_are_sent_with_the_form_and_shown_to_the_reporter(town: Town) -> None:
    form = {**FORM, "seen": "yes"}
    files = [("photos", ("one.png", a_picture(), "image/png")), ("photos", ("two.png", a_picture(), "image/png"))]
    answer = town.client.post("/report", data=form, files=files, headers={"Origin": "https://town.example"})
    assert answer.status_code == 303, answer.text
    page = town.client.get(answer.headers["location"])
    shown = [a["src"] or "" for tag, a in outline(page).tags if tag == "img"]
    assert len(shown) == 2
    assert town.client.get(shown[0]).headers["content-type"] == "image/jpeg"


def test_what_is_wrong_with_photos_is_told_and_the_words_are_kept(town: Town) -> None:
    form = {**FORM, "seen": "yes"}
    files = [("photos", ("one.png", b"no picture", "image/png"))]
    answer = town.client.post("/report?lang=en", data=form, files=files, headers={"Origin": "https://town.example"})
    assert answer.status_code == 422
    assert "not a photo that we can read" in answer.text
    assert "Dark here" in answer.text
    assert [attrs["id"] for _, attrs in outline(answer).tags if attrs.get("aria-invalid") == "true"] == ["photos"]


def test_feedback_may_come_with_a_photo(town: Town) -> None:
    report = town.report()
    town.does(report["case_id"], MEMBER, "resolve", assignment="a1", note="New bulb")
    answer = town.client.post(
        f"/follow/{report['token']}/feedback",
        data={"solved": "no"},
        files=[("photos", ("one.png", a_picture(), "image/png"))],
        headers={"Origin": "https://town.example"},
    )
    assert answer.status_code == 303
    assert "<img" in follow(town, report["token"])


def test_refusals_are_told_in_the_readers_language(town: Town) -> None:
    report = town.report()
    answer = send(town, f"/follow/{report['token']}/feedback?lang=nl", solved="yes")
    assert language("nl").say("not_done_yet", "refusals") in unescape(answer.text)


def test_the_promise_is_told_in_words(town: Town) -> None:
    report = town.report()
    page = follow(town, report["token"])
    assert "It is with roads. We are waiting for their answer." in page
    assert "We promised to solve it by Tuesday 17 March 2026" in page


def test_the_place_is_shown_to_the_reporter_alone(town: Town) -> None:
    report = town.report(location={**IN_HEIDE, "address": "Heidestraat 7"})
    assert 'class="dot"' in follow(town, report["token"])
    assert "Heidestraat 7" in follow(town, report["token"])
    [link] = set(re.findall(r"https://town\.example(/support/[\w-]+)", follow(town, report["token"])))
    other = town.client.get(send(town, f"{link}?lang=en").headers["location"]).text
    assert 'class="dot"' not in other
    assert "Heidestraat 7" not in other
