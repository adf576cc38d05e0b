"""A partner without an account answers a task from the letter: once, in time, and unless the link was revoked."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid5

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import update

from configuration.settings import Settings
from domain.words import NoteId, Role
from readmodel import outbox
from readmodel.action_links import LINKS, claim, command_id
from readmodel.database import connect, reading, writing
from readmodel.letters import LetterKind
from readmodel.notes import Note, put_notes
from readmodel.schema import METADATA, PHOTOS
from tests.readmodel.town import HEIDE, ROADS
from tests.web.images import jpeg
from tests.web.partners import links, path_of, send, with_partners
from tests.web.people import ADMINISTRATOR, MANAGER, MANAGER_ELSEWHERE, MEMBER
from tests.web.town import CITY as PLAIN_CITY
from tests.web.town import PLACES, Clock, EngineInProcess, Town
from web.app import create_app
from web.context import WebContext

CITY = with_partners(PLAIN_CITY, ROADS)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    data: Path = tmp_path_factory.mktemp("partners")
    database = connect(f"sqlite:///{data / 'town.db'}")
    METADATA.create_all(database)
    clock = Clock()
    engine = EngineInProcess(database, clock, city=CITY)
    settings = Settings(data=data, public_url="https://town.example", public_rate=100_000)
    context = WebContext(database, CITY, PLACES, settings, engine, now=clock)
    with TestClient(
        create_app(context), "https://town.example", raise_server_exceptions=False, follow_redirects=False
    ) as client:
        yield Town(context, engine, clock, client)
    database.dispose()


@pytest.fixture
def case_id(town: Town) -> str:
    reported: str = town.report()["case_id"]
    return reported


def get(town: Town, path: str) -> Response:
    return town.client.get(path, headers={"Accept": "text/html", "Accept-Language": "en"})


def events(town: Town, case_id: str) -> list[str]:
    return [line["event"] for line in town.case(case_id, ADMINISTRATOR)["timeline"]]


def kinds(town: Town, case_id: str) -> list[LetterKind]:
    with reading(town.context.database) as session:
        return [x.kind for x in outbox.of_case(session, case_id) if x.recipient == "department:roads"]  # type: ignore[arg-type]


def test_the_letter_to_a_partner_has_a_link_to_the_task(town: Town, case_id: str) -> None:
    [link] = links(town, case_id)
    page = get(town, path_of(town, link))
    assert page.status_code == 200
    assert (link.assignment, link.department) == ("a1", ROADS)
    assert link.expires_at == town.clock() + timedelta(days=30)
    assert "The lamp at number 7 is dark" in page.text
    assert "an@example.org" not in page.text
    assert "An Peeters" not in page.text


def test_opening_a_link_changes_nothing_however_often_a_scanner_does(town: Town, case_id: str) -> None:
    [link] = links(town, case_id)
    before = events(town, case_id)
    for query in ("", "?command=accept", "?said=accept"):
        assert get(town, path_of(town, link) + query).status_code == 200
    assert links(town, case_id) == [link]
    assert events(town, case_id) == before


def test_an_answer_that_keeps_the_task_alive_leads_to_a_fresh_link_and_sends_it_too(town: Town, case_id: str) -> None:
    [link] = links(town, case_id)
    done = send(town, path_of(town, link), command="accept", planned_for="2026-03-05", note="Thursday")
    _, fresh = links(town, case_id)
    assert (done.status_code, done.headers["location"]) == (303, f"{path_of(town, fresh)}?said=accept")
    assert events(town, case_id)[-1] == "assignment_accepted"
    assert kinds(town, case_id) == [LetterKind.ASSIGNED, LetterKind.CONTINUED]
    page = get(town, done.headers["location"])
    assert page.status_code == 200
    assert "Thank you. Noted that you will do this." in page.text
    send(town, path_of(town, fresh), command="resolve", note="New bulb")
    assert town.case(case_id, ADMINISTRATOR)["stage"] == "resolved"


def test_a_link_is_good_for_one_answer_and_then_shows_which_and_when(town: Town, case_id: str) -> None:
    [link] = links(town, case_id)
    send(town, path_of(town, link), command="accept")
    before = events(town, case_id)
    again = send(town, path_of(town, link), command="resolve", note="Done")
    assert (again.status_code, again.headers["location"]) == (303, path_of(town, link))
    page = get(town, path_of(town, link))
    assert page.status_code == 200
    assert "Take the task on" in page.text
    assert "2 March 2026" in page.text
    assert "The lamp" not in page.text
    assert path_of(town, links(town, case_id)[-1]) not in page.text
    assert events(town, case_id) == before


@pytest.mark.parametrize(
    ("form", "event"),
    [
        ({"command": "decline", "cause": "not_ours", "note": "Not our pole"}, "assignment_declined"),
        ({"command": "transfer", "to": "green", "note": "It is in a tree"}, "assignment_transferred"),
        ({"command": "resolve", "note": "New bulb"}, "assignment_resolved"),
    ],
)
def test_an_answer_that_ends_the_task_leaves_no_link_behind(
    town: Town, case_id: str, form: dict[str, str], event: str
) -> None:
    [link] = links(town, case_id)
    done = send(town, path_of(town, link), **form)
    assert done.headers["location"] == f"{path_of(town, link)}?said={form['command']}"
    assert event in events(town, case_id)
    assert [one for one in links(town, case_id) if one.used_at is None] == []
    page = get(town, done.headers["location"])
    assert "There is nothing left to do." in page.text


def test_a_first_report_of_progress_accepts_too_and_brings_one_letter(town: Town, case_id: str) -> None:
    [link] = links(town, case_id)
    send(town, path_of(town, link), command="report_progress", note="Half way")
    assert events(town, case_id)[-2:] == ["assignment_accepted", "progress_reported"]
    assert kinds(town, case_id).count(LetterKind.CONTINUED) == 1
    assert links(town, case_id)[0].used_for == "report_progress"


def test_what_the_rules_refuse_leaves_the_link_as_it_was(town: Town, case_id: str) -> None:
    [link] = links(town, case_id)
    refused = send(town, path_of(town, link), command="pause", cause="capacity", until="2026-03-04", note="Ill")
    assert refused.status_code == 409
    assert "Ill" in refused.text
    assert links(town, case_id)[0].used_at is None
    assert send(town, path_of(town, link), command="accept").status_code == 303


@pytest.mark.parametrize(
    "form",
    [{"command": "decline", "note": "No cause"}, {"command": "resolve"}, {"command": "accept", "planned_for": "soon"}],
)
def test_a_form_that_is_not_complete_is_shown_again(town: Town, case_id: str, form: dict[str, str]) -> None:
    [link] = links(town, case_id)
    assert send(town, path_of(town, link), **form).status_code == 422
    assert send(town, path_of(town, link), command="accept").status_code == 303


@pytest.mark.parametrize("command", ["close", "assign", "extend", "comment", "set_urgent", "merge_into", "acknowledge"])
def test_a_link_gives_no_answer_that_is_not_a_partners(town: Town, case_id: str, command: str) -> None:
    [link] = links(town, case_id)
    before = events(town, case_id)
    fields = {"note": "x", "outcome": "solved", "departments": "green", "until": "2026-04-01", "case_id": case_id}
    answer = send(town, path_of(town, link), command=command, assignment="a1", escalation="e1", **fields)
    assert answer.status_code in (403, 404, 409, 422)
    assert events(town, case_id) == before


def test_the_task_of_the_link_is_meant_whatever_the_form_says(town: Town, case_id: str) -> None:
    [link] = links(town, case_id)
    town.does(case_id, MANAGER, "assign", departments=["green"], note="Both")
    send(town, path_of(town, link), command="accept", assignment="a2")
    tasks = {a["assignment"]: a["state"] for a in town.case(case_id, ADMINISTRATOR)["assignments"]}
    assert tasks == {"a1": "in_progress", "a2": "assigned"}


def test_a_link_that_was_tampered_with_leads_nowhere(town: Town, case_id: str) -> None:
    [link] = links(town, case_id)
    good = path_of(town, link)
    for wrong in (
        good[:-1],
        good[:-3] + "AAA",
        "/task/x",
        "/task/x.y",
        f"/task/{link.id}",
        good.replace("/task/", "/silence/"),
    ):
        assert get(town, wrong).status_code == 404
        assert send(town, wrong, command="accept").status_code == 404


def test_a_link_expires(town: Town, case_id: str) -> None:
    [link] = links(town, case_id)
    town.clock.pass_(days=30)
    assert get(town, path_of(town, link)).status_code == 410
    assert send(town, path_of(town, link), command="accept").status_code == 303
    assert "assignment_accepted" not in events(town, case_id)


def test_a_link_ends_with_its_task(town: Town, case_id: str) -> None:
    [link] = links(town, case_id)
    town.does(case_id, MANAGER, "assign", departments=["green"], instead_of="a1", note="Them instead")
    page = get(town, path_of(town, link))
    assert page.status_code == 410
    assert "This task is over" in page.text


def test_a_manager_revokes_the_links_of_a_case_and_the_next_letter_has_a_new_one(town: Town, case_id: str) -> None:
    [link] = links(town, case_id)
    town.sign_in(MANAGER)
    assert "Open until" in get(town, f"/cases/{case_id}/links").text
    assert send(town, f"/cases/{case_id}/links/revoke", csrf=town.csrf()).status_code == 303
    assert "Revoked on" in get(town, f"/cases/{case_id}/links").text
    assert get(town, path_of(town, link)).status_code == 410
    assert send(town, path_of(town, link), command="accept").status_code == 303
    assert "assignment_accepted" not in events(town, case_id)
    town.clock.pass_(hours=37)
    town.engine.let_time_pass(case_id)  # type: ignore[arg-type]
    assert get(town, path_of(town, links(town, case_id)[-1])).status_code == 200


def test_only_those_who_manage_the_case_revoke_its_links(town: Town, case_id: str) -> None:
    for mandate, status in ((MEMBER, 403), (MANAGER_ELSEWHERE, 404)):
        town.client.cookies.clear()
        town.sign_in(mandate)
        assert get(town, f"/cases/{case_id}/links").status_code == status
        assert send(town, f"/cases/{case_id}/links/revoke", csrf=town.csrf()).status_code == status
    town.sign_in(MANAGER)
    assert send(town, f"/cases/{case_id}/links/revoke").status_code == 403


def test_an_answer_that_was_lost_on_the_way_may_be_repeated_and_acts_once(town: Town, case_id: str) -> None:
    [link] = links(town, case_id)
    town.engine.down = True
    assert send(town, path_of(town, link), command="accept").status_code == 503
    other = send(town, path_of(town, link), command="resolve", note="Done")
    assert other.status_code == 409
    town.engine.down = False
    assert send(town, path_of(town, link), command="accept").status_code == 303
    assert events(town, case_id).count("assignment_accepted") == 1


def test_a_process_that_died_between_the_answer_and_noting_it_leaves_a_used_link(town: Town, case_id: str) -> None:
    [link] = links(town, case_id)
    send(town, path_of(town, link), command="accept")
    with writing(town.context.database) as session:
        session.execute(update(LINKS).where(LINKS.c.id == link.id).values(used_at=None, used_for=None))
    assert links(town, case_id)[0].used_for == "accept"
    again = send(town, path_of(town, link), command="resolve", note="Done")
    assert again.status_code == 303
    assert "assignment_resolved" not in events(town, case_id)


def test_a_process_that_died_before_its_answer_was_given_lets_another_be_given_later(town: Town, case_id: str) -> None:
    [link] = links(town, case_id)
    left = NoteId(str(_note_of(link.id, case_id)))
    with writing(town.context.database) as session:
        assert claim(session, link.id, "another answer", town.clock())
        put_notes(session, [Note(left, link.case_id, "Left behind", True, Role.PARTNER, "link:x", town.clock())])
    assert send(town, path_of(town, link), command="resolve", note="New bulb").status_code == 409
    town.clock.pass_(minutes=6)
    assert send(town, path_of(town, link), command="resolve", note="New bulb").status_code == 303
    assert "New bulb" in [line["note"] for line in town.case(case_id, ADMINISTRATOR)["timeline"]]


def _note_of(link: str, case_id: str) -> object:
    return uuid5(command_id(link), f"{case_id}/note")


def test_what_was_done_may_be_shown(town: Town, case_id: str) -> None:
    [link] = links(town, case_id)
    form = {"command": "resolve", "note": "New bulb"}
    answer = town.client.post(path_of(town, link), data=form, files={"photos": ("lamp.jpg", jpeg(), "image/jpeg")})
    assert answer.status_code == 303
    with reading(town.context.database) as session:
        assert [row.note_id is not None for row in session.execute(PHOTOS.select())] == [True]


def test_whoever_acts_with_an_account_gets_no_link_for_it(town: Town, case_id: str) -> None:
    town.does(case_id, MEMBER, "accept", assignment="a1")
    assert LetterKind.CONTINUED not in kinds(town, case_id)


def test_departments_with_accounts_get_no_links(town: Town) -> None:
    report = town.report(service="tree")
    assert {link.department for link in links(town, report["case_id"])} == {ROADS}


def test_a_head_of_a_partner_can_answer_for_it(town: Town, case_id: str) -> None:
    town.clock.pass_(days=3)
    town.engine.let_time_pass(case_id)  # type: ignore[arg-type]
    recipients = [r["recipient"] for r in rows(town)]
    assert recipients == ["department:roads", "department:roads", "head:roads"]
    assert send(town, path_of(town, links(town, case_id)[-1]), command="accept").status_code == 303


def rows(town: Town) -> list[dict[str, str]]:
    with reading(town.context.database) as session:
        return [dict(r) for r in session.execute(LINKS.select().order_by(LINKS.c.made_at)).mappings()]


@pytest.mark.parametrize("language", ["nl", "en", "fr"])
def test_the_page_speaks_the_readers_language_and_is_found_by_no_search_engine(
    town: Town, case_id: str, language: str
) -> None:
    [link] = links(town, case_id)
    for path in (path_of(town, link), f"{path_of(town, link)}?said=accept"):
        page = town.client.get(path, params={"lang": language})
        if language in CITY.languages:
            assert f'<html lang="{language}">' in page.text
        assert 'content="noindex"' in page.text
        assert len(set(re.findall(r' id="([^"]+)"', page.text))) == len(re.findall(r' id="([^"]+)"', page.text))


def test_a_partner_with_an_action_of_a_plan_reads_what_is_to_be_done(town: Town) -> None:
    sent = {"neighbourhood": HEIDE, "service": "other", "title": "Dark path", "description": "Again and again."}
    plan: str = town.post("/structural", sent, MANAGER).json()["case_id"]
    town.does(plan, MANAGER, "plan_action", department=ROADS, note="Replace the lamps")
    page = get(town, path_of(town, links(town, plan)[0])).text
    assert "<h2>To be done</h2>\n<blockquote>Replace the lamps</blockquote>" in page and "Done by" in page
