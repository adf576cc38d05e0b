"""What no page of ours would send, and what goes wrong halfway: told in the reader's words, and nothing is lost."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from httpx2 import Response
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from domain.words import Role
from readmodel.accounts import Mandate
from tests.web.people import ADMINISTRATOR, LEADERSHIP, MANAGER, MEMBER
from tests.web.reading_pages import outline, send
from tests.web.town import Town
from web.bodies import LARGEST

PAGE = {"Accept": "text/html", "Origin": "https://town.example"}


def get(town: Town, address: str) -> Response:
    return town.client.get(address, headers=PAGE)


def in_charset(town: Town, path: str, charset: str, value: bytes) -> Response:
    body = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n' + value + b"\r\n--x--\r\n"
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    return town.client.post(path, content=body, headers={**PAGE, "Content-Type": kind})


@pytest.mark.parametrize(
    ("charset", "value"),
    [("utf-7", b"+2AA-"), ("unicode_escape", rb"\ud800"), ("punycode", b"a-" + b"z9" * 400), ("utf-16", b"abc")],
)
@pytest.mark.parametrize("path", ["/sign-in", "/follow", "/report/where", "/report"])
def test_forms_come_in_the_charset_of_our_pages(town: Town, path: str, charset: str, value: bytes) -> None:
    answer = in_charset(town, f"{path}?lang=en", charset, value)
    assert answer.status_code == 400
    assert "We could not read this form." in answer.text
    outline(answer)


def test_what_a_mailbox_sends_to_silence_a_letter_is_read_as_strictly(town: Town) -> None:
    assert in_charset(town, "/silence/x", "punycode", b"a-b").status_code == 400


def test_a_browser_that_names_the_charset_of_our_pages_is_read(town: Town) -> None:
    assert in_charset(town, "/sign-in", "UTF-8", b"an@example.org").status_code == 422


@pytest.mark.parametrize("name", ["a\0b", "\x1b[31m", "\u202e", " \n\t"])
def test_names_and_labels_are_lines_that_every_database_keeps(town: Town, name: str) -> None:
    town.sign_in(ADMINISTRATOR)
    form = {"csrf": town.csrf(), "name": name, "label": name, "role": "leadership", "email": "an@town.example"}
    assert send(town, "/admin/users/new", **form).status_code == 422
    assert send(town, "/admin/tokens", **form).status_code == 422
    assert send(town, "/views", **form, page="/cases", query="q=a").status_code == 422


@pytest.mark.parametrize(
    "email", ["An <an@town.example>", "an@town.example, bo@town.example", "an@town", "an town@x.be"]
)
def test_an_account_has_one_address(town: Town, email: str) -> None:
    town.sign_in(ADMINISTRATOR)
    form = {"csrf": town.csrf(), "name": "An", "role": "leadership", "email": email}
    answer = send(town, "/admin/users/new", **form)
    assert answer.status_code == 422
    outline(answer)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_form_that_is_too_large_is_answered_by_a_page(town: Town, lang: str) -> None:
    answer = send(town, f"/sign-in?lang={lang}", email="x" * LARGEST)
    assert answer.status_code == 413
    assert {"nl": "Kies minder of kleinere foto", "en": "Choose fewer or smaller photos"}[lang] in answer.text
    outline(answer)


def test_whoever_wanted_to_go_to_a_very_long_address_can_sign_in_all_the_same(town: Town) -> None:
    wanted = get(town, f"/cases?q={'a' * 5000}").headers["location"]
    assert get(town, wanted).status_code == 200
    town.sign_in(MEMBER)
    assert get(town, wanted).headers["location"] == "/inbox"


@pytest.mark.parametrize(
    "period",
    ["from=2026-03-02&to=2026-03-01", "to=0001-01-01", "from=2026-02-30", "from=1800-01-01", "to=9999-12-31", "to=x"],
)
def test_a_period_that_cannot_be_is_told_in_the_readers_words(town: Town, period: str) -> None:
    town.sign_in(LEADERSHIP)
    answer = get(town, f"/figures?lang=nl&{period}")
    assert answer.status_code == 422
    assert re.search(r"Dat is geen periode|Kies een einddatum die bestaat", answer.text)
    assert "must" not in answer.text


@pytest.mark.parametrize("address", ["/figures?department=x", "/figures/by/zzz", "/figures?bucket=year"])
def test_an_address_that_makes_no_sense_is_told_in_the_readers_words(town: Town, address: str) -> None:
    town.sign_in(LEADERSHIP)
    answer = get(town, address)
    assert answer.status_code == 422
    assert "In dit adres of formulier staat iets dat we niet begrijpen." in answer.text


def test_figures_of_others_are_refused_in_the_readers_words(town: Town) -> None:
    town.sign_in(Mandate(Role.DEPARTMENT_HEAD, MEMBER.department))
    answer = get(town, "/figures?department=green")
    assert answer.status_code == 403
    assert "Dit is niet voor u bestemd." in answer.text


def test_what_a_resident_wrote_while_the_engine_was_silent_stays_on_the_page_and_counts_once(town: Town) -> None:
    report = town.report()
    case_id, page = report["case_id"], f"/follow/{report['token']}"
    town.does(case_id, MEMBER, "accept", assignment="a1")
    town.does(case_id, MEMBER, "resolve", assignment="a1", note="Replaced")
    first = "4a4ad4c5-35c9-4a3c-9d1b-1f0b1d1f0b1d"
    form = {"command_id": first, "solved": "no", "rating": "2", "comment": "Still dark at night"}
    town.engine.down = True
    answer = send(town, f"{page}/feedback?lang=en", **form)
    assert answer.status_code == 503
    assert "We got no answer. Please try again" in answer.text
    assert "Still dark at night</textarea>" in answer.text
    ids = dict(
        re.findall(
            r'action="[^"]*/([a-z]+)\?[^"]*"[^>]*><input type="hidden" name="command_id" value="([^"]+)"', answer.text
        )
    )
    assert ids["feedback"] == first
    assert all(UUID(id) != UUID(first) for what, id in ids.items() if what != "feedback")
    outline(answer)
    town.engine.down = False
    for _ in range(2):
        assert send(town, f"{page}/feedback?lang=en", **form).status_code == 303
    assert len(town.case(case_id, MANAGER)["feedback"]) == 1


@contextmanager
def taking_nothing_in(town: Town) -> Iterator[None]:
    """The database can be read, and writing to it fails."""

    def refuse(_: object, __: object, statement: str, *___: object) -> None:
        if statement.startswith("INSERT"):
            raise OperationalError(statement, {}, RuntimeError("database is locked"))

    event.listen(town.context.database, "before_cursor_execute", refuse)
    try:
        yield
    finally:
        event.remove(town.context.database, "before_cursor_execute", refuse)


def test_a_report_that_could_not_be_kept_stays_on_the_page_and_is_one_report_when_sent_again(town: Town) -> None:
    form = {"service": "lamp", "neighbourhood": "heide", "description": "Dark in the whole street", "seen": "yes"}
    with taking_nothing_in(town):
        answer = send(town, "/report?lang=en", **form, key="first")
    assert answer.status_code == 503
    assert "We got no answer. Please try again" in answer.text
    assert "Dark in the whole street</textarea>" in answer.text
    assert 'name="key" value="first"' in answer.text
    outline(answer)
    for _ in range(2):
        assert send(town, "/report?lang=en", **form, key="first").status_code == 303
    assert len(town.get("/cases", ADMINISTRATOR).json()["items"]) == 1


def test_staff_are_not_told_that_nothing_happened_where_nobody_knows(town: Town) -> None:
    case_id = town.report()["case_id"]
    town.sign_in(MEMBER)
    town.engine.down = True
    form = {"csrf": town.csrf(), "command": "accept", "assignment": "a1"}
    answer = send(town, f"/cases/{case_id}/act?lang=en", **form)
    assert answer.status_code == 503
    assert "We do not know yet whether that happened" in answer.text
    assert "That did not happen" not in answer.text


def test_marks_that_turn_writing_around_stay_out_of_what_is_kept(town: Town) -> None:
    turned = "Dark \u202ereverse\u202c and \u2066isolated\u2069"
    place = {"lat": 50.5, "lon": 5.2, "address": "Street \u202e7"}
    report = town.report(description=turned, location=place)
    town.sign_in(MANAGER)
    page = get(town, f"/cases/{report['case_id']}").text
    assert "Dark reverse and isolated" in page
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page)
    assert (
        town.post(
            "/cases", {"kind": "issue", "service": "lamp", "description": "\u202e", "location": place}
        ).status_code
        == 422
    )


@pytest.mark.parametrize(
    ("sent_to", "above"),
    [
        ("/inbox/bulk", "/inbox"),
        ("/inbox/quick", "/inbox"),
        ("/escalations/together", "/escalations"),
        ("/cases/00000000-0000-4000-8000-000000000000/act", "/cases/00000000-0000-4000-8000-000000000000"),
        ("/account/password", "/account"),
        ("/admin/users/user:1/password", "/admin/users/user:1"),
        ("/admin/tokens/token:1/revoke", "/admin/tokens"),
        ("/report/join", "/report"),
        ("/sign-in/demonstration", "/sign-in"),
        ("/views/drop", "/"),
    ],
)
def test_whoever_changes_the_language_after_a_form_comes_out_on_a_page(town: Town, sent_to: str, above: str) -> None:
    answer = get(town, f"{sent_to}?lang=en")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{above}?lang=en")


def test_programs_are_told_that_a_form_is_not_to_be_read(town: Town) -> None:
    assert town.client.get("/inbox/bulk").status_code == 405
