"""One command for many tasks at once: each outcome is told, and a repeat does nothing twice."""

import re
from datetime import timedelta
from uuid import uuid4

from httpx2 import Response

from domain.words import CaseId
from readmodel.database import reading
from readmodel.notes import notes_of
from tests.web.people import GARDENER, HEAD, MANAGER, MEMBER
from tests.web.reading_pages import Outline
from tests.web.town import Town
from web.pages.acting.many import MOST


def lamps(town: Town, count: int) -> list[str]:
    town.sign_in(MEMBER)
    return [str(town.report()["case_id"]) for _ in range(count)]


def bulk(town: Town, cases: list[str], command: str, **fields: str) -> Response:
    form = {"csrf": town.csrf(), "form_id": str(uuid4()), "next": "/inbox", "command": command, **fields}
    picks = [f"{case_id}.a1" for case_id in cases]
    answer = town.client.post("/inbox/bulk", data={**form, "pick": picks}, headers={"Accept": "text/html"})
    if answer.status_code in (200, 422):
        Outline(answer.text)
    return answer


def ticked(answer: Response) -> list[str]:
    """The cases that are still chosen on the page that follows."""
    return re.findall(r'name="pick" value="([^"]+)\.a1" checked', answer.text)


def stages(town: Town, cases: list[str]) -> list[str]:
    return [town.case(case_id, MEMBER)["stage"] for case_id in cases]


def test_fifty_tasks_are_accepted_and_planned_at_once(town: Town) -> None:
    cases = lamps(town, MOST)
    answer = bulk(town, cases, "accept", planned_for="2026-03-10")
    assert answer.status_code == 200 and "Gelukt voor 50 taken." in answer.text
    assert set(stages(town, cases)) == {"in_progress"}
    assert town.case(cases[0], MEMBER)["assignments"][0]["planned_for"] is not None


def test_each_that_was_refused_is_told_why_and_stays_chosen(town: Town) -> None:
    cases = lamps(town, 3)
    town.does(cases[1], MEMBER, "accept", assignment="a1")
    answer = bulk(town, cases, "accept")
    assert "Gelukt voor 2 taken. Niet gelukt voor 1 taak." in answer.text and "De taak is al aanvaard." in answer.text
    assert ticked(answer) == [cases[1]]


def test_what_is_gone_is_told_and_no_longer_chosen(town: Town) -> None:
    cases = lamps(town, 1)
    answer = bulk(town, [*cases, str(uuid4())], "accept")
    assert "Gelukt voor 1 taak. Niet gelukt voor 1 taak." in answer.text and "die taak is er niet meer" in answer.text
    assert ticked(answer) == []


def test_the_cases_of_others_are_out_of_reach(town: Town) -> None:
    cases = lamps(town, 1)
    town.sign_in(GARDENER)
    answer = bulk(town, cases, "accept")
    assert "Een melding die u niet kunt zien" in answer.text and "2026-000001" not in answer.text
    assert stages(town, cases) == ["assigned"]


def test_the_same_form_sent_again_does_nothing_twice(town: Town) -> None:
    cases, form_id = lamps(town, 2), str(uuid4())
    for _ in range(2):
        answer = bulk(town, cases, "comment", note="Gezien", form_id=form_id)
        assert "Gelukt voor 2 taken." in answer.text
    with reading(town.context.database) as session:
        assert [len(notes_of(session, CaseId(case_id))) for case_id in cases] == [1, 1]


def test_every_command_that_is_offered_can_be_given(town: Town) -> None:
    cases = lamps(town, 1)
    for command, fields in (
        ("report_progress", {"note": "Half", "planned_for": "2026-03-10"}),
        ("pause", {"note": "Onderdelen", "cause": "third_party", "until": "2026-03-10"}),
        ("resume", {}),
        ("comment", {"note": "Gezien"}),
        ("resolve", {"note": "Nieuwe lamp"}),
    ):
        assert "Gelukt voor 1 taak." in bulk(town, cases, command, **fields).text, command
    passed_on = lamps(town, 1)
    assert "Gelukt voor 1 taak." in bulk(town, passed_on, "transfer", to="green", note="Een boom").text


def test_what_is_missing_is_asked_and_nothing_happens(town: Town) -> None:
    cases = lamps(town, 2)
    answer = bulk(town, cases, "resolve", note=" ")
    assert answer.status_code == 422 and "Schrijf er iets bij" in answer.text
    assert ticked(answer) == cases and set(stages(town, cases)) == {"assigned"}


def test_nothing_or_too_much_chosen_is_said(town: Town) -> None:
    town.sign_in(MEMBER)
    assert "Kies minstens één taak." in bulk(town, [], "accept").text
    assert "Kies hoogstens 50 taken" in bulk(town, [str(uuid4()) for _ in range(MOST + 1)], "accept").text


def test_a_command_that_is_not_for_many_is_not_given_to_many(town: Town) -> None:
    cases = lamps(town, 1)
    assert bulk(town, cases, "decline", note="Nee", cause="other").status_code == 422
    assert stages(town, cases) == ["assigned"]


def test_a_head_takes_up_what_was_raised_and_hears_where_nothing_was(town: Town) -> None:
    raised = lamps(town, 2)
    town.clock.now += timedelta(days=2, minutes=1)
    for case_id in raised:
        town.engine.let_time_pass(CaseId(case_id))
    quiet = lamps(town, 1)
    town.sign_in(HEAD)
    answer = bulk(town, [*raised, *quiet], "acknowledge", note="Ik bel")
    assert (
        "Gelukt voor 2 taken. Niet gelukt voor 1 taak." in answer.text
        and "geen escalatie die u kunt opnemen" in answer.text
    )
    assert town.case(raised[0], HEAD)["escalations"][0]["acknowledged_at"] is not None


def test_while_the_engine_is_silent_the_same_form_can_be_sent_again(town: Town) -> None:
    cases, form_id = lamps(town, 1), str(uuid4())
    town.engine.down = True
    answer = bulk(town, cases, "accept", form_id=form_id)
    assert ticked(answer) == cases and form_id in answer.text
    town.engine.down = False
    assert "Gelukt voor 1 taak." in bulk(town, cases, "accept", form_id=form_id).text


def test_many_at_once_is_for_departments(town: Town) -> None:
    cases = lamps(town, 1)
    town.sign_in(MANAGER)
    assert bulk(town, cases, "comment", note="x").status_code == 403
