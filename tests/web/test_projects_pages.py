"""The pages of projects: what each finds there, referring by form, advice and answers side by side, documents."""

from html import unescape

import pytest
from httpx2 import Response

from readmodel.accounts import Mandate
from tests.web.people import (
    ADMINISTRATOR,
    GARDENER,
    HEAD,
    LEADERSHIP,
    MANAGER,
    MANAGER_ELSEWHERE,
    MEMBER,
    WARDEN,
)
from tests.web.projects import PROJECT, REFERRAL, ROUND, advised, refer
from tests.web.reading_pages import a_picture, outline
from tests.web.town import Town

File = tuple[str, bytes, str]
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
FORM = {
    "title": "Kerkstraat",
    "description": REFERRAL["description"],
    "question": "What must we know?",
    "service": "other",
    "neighbourhoods": ["heide"],
    "departments": ["green"],
    "decided_on": PROJECT["decided_on"],
    "key": "form-1",
    "do": "send",
}


def read(town: Town, path: str, who: Mandate) -> str:
    town.sign_in(who)
    answer = town.client.get(f"{path}{'&' if '?' in path else '?'}lang=en")
    assert answer.status_code == 200, answer.text
    outline(answer)
    return unescape(answer.text)


def fill_in(town: Town, who: Mandate, *files: File, **changes: object) -> Response:
    """`files` are documents: their names, contents and types."""
    town.sign_in(who)
    data = {**FORM, "csrf": town.csrf(), **changes}
    sent = [("documents", file) for file in files]
    return town.client.post("/projects/new?lang=en", data=data, files=sent or None)


def act(town: Town, case_id: str, who: Mandate, command: str, **fields: object) -> Response:
    town.sign_in(who)
    return town.client.post(f"/cases/{case_id}/act?lang=en", data={"csrf": town.csrf(), "command": command, **fields})


@pytest.mark.parametrize(
    ("who", "group"),
    [
        (MEMBER, "Referred by your department"),
        (HEAD, "Referred by your department"),
        (GARDENER, "Your advice is asked"),
        (MANAGER, "Your advice is asked"),
        (ADMINISTRATOR, "All under way"),
    ],
)
def test_everyone_finds_a_project_under_what_it_asks_of_them(town: Town, who: Mandate, group: str) -> None:
    refer(town)
    page = read(town, "/projects", who)
    assert group in page and "Kerkstraat" in page and "0 of 2 advised" in page
    assert ("Advice due" in page) == (group == "Your advice is asked")


def test_leadership_reads_how_far_it_is_and_no_texts(town: Town) -> None:
    case_id = refer(town)["case_id"]
    assert "Kerkstraat" not in read(town, "/projects", LEADERSHIP)
    page = read(town, f"/cases/{case_id}", LEADERSHIP)
    assert REFERRAL["description"] not in page and "Who was asked" in page


def test_whom_it_does_not_concern_finds_nothing(town: Town) -> None:
    case_id = refer(town, departments=[])["case_id"]
    for who in (GARDENER, MANAGER_ELSEWHERE):
        assert "Kerkstraat" not in read(town, "/projects", who)
        assert town.client.get(f"/cases/{case_id}").status_code == 404


def test_whoever_must_answer_is_told_how_many_points(town: Town) -> None:
    case_id = refer(town)["case_id"]
    advised(town, case_id)
    page = read(town, "/projects", MEMBER)
    assert "You have to answer" in page and "2 points to answer" in page


def test_a_department_refers_a_project_by_form(town: Town) -> None:
    answer = fill_in(town, MEMBER)
    assert answer.status_code == 303, answer.text
    page = read(town, answer.headers["location"], MEMBER)
    assert "The project was referred." in page and "Kerkstraat" in page and REFERRAL["description"] in page


def test_a_form_sent_twice_is_one_project(town: Town) -> None:
    first, second = (fill_in(town, MEMBER).headers["location"] for _ in range(2))
    assert first == second


def test_with_residents_asked_it_leads_to_a_page_for_them(town: Town) -> None:
    asked = {"participation": "yes", "participation_question": "Trees?", "participation_until": "2026-03-12"}
    page = read(town, fill_in(town, MEMBER, **asked).headers["location"], MEMBER)
    assert "Residents can react until" in page and "/take-part/2026-000001" in page


def test_before_sending_it_shows_by_when_advice_is_due_and_keeps_nothing(town: Town) -> None:
    answer = fill_in(town, MEMBER, do="look")
    assert answer.status_code == 200
    assert "If you send it now" in answer.text and "Thursday 26 March 2026" in answer.text
    assert "Kerkstraat" not in read(town, "/projects", MEMBER)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"title": ""}, "give it a name"),
        ({"title": "x" * 301}, "give it a name"),
        ({"question": "  "}, "say on what you ask advice"),
        ({"neighbourhoods": []}, "choose at least one neighbourhood"),
        ({"neighbourhoods": ["atlantis"]}, "choose at least one neighbourhood"),
        ({"departments": ["roads"]}, "refers the project itself"),
        ({"departments": ["nobody"]}, "choose departments that exist"),
        ({"decided_on": "2026-02-30"}, "choose a day in the future"),
        ({"decided_on": "2026-03-01"}, "The decision is taken in the future."),
        ({"decided_on": "2026-03-03"}, "The decision is too near"),
        ({"decided_on": "2026-03-03", "do": "look"}, "The decision is too near"),
        ({"title": "", "do": "look"}, "give it a name"),
        ({"participation": "yes"}, "give the question to residents"),
        (
            {"participation": "yes", "participation_question": "?", "participation_until": "2026-04-30"},
            "Reacting ends before the decision",
        ),
    ],
)
def test_a_mistake_is_told_and_nothing_that_was_typed_is_lost(town: Town, change: dict[str, object], told: str) -> None:
    answer = fill_in(town, MEMBER, **{"description": '<b>"Trees" & more</b>', **change})
    assert answer.status_code == 422
    page = unescape(answer.text)
    outline(answer)
    assert told in page
    assert '<b>"Trees" & more</b></textarea>' in page and "<b>&" not in answer.text
    if "departments" not in change:
        assert 'value="green" checked' in page


def test_managers_and_administrators_say_which_department_refers_it(town: Town) -> None:
    assert "choose the department" in fill_in(town, MANAGER).text
    answer = fill_in(town, ADMINISTRATOR, referred_by="roads")
    assert "Referred by roads" in read(town, answer.headers["location"], ADMINISTRATOR)


@pytest.mark.parametrize("who", [LEADERSHIP, WARDEN])
def test_others_refer_nothing(town: Town, who: Mandate) -> None:
    assert "/projects/new" not in read(town, "/projects", who)
    assert town.client.get("/projects/new").status_code == 403
    assert fill_in(town, who).status_code == 403


def test_advice_and_answers_stand_side_by_side(town: Town) -> None:
    case_id = refer(town)["case_id"]
    assert act(town, case_id, GARDENER, "advise", request="v2", points=["Plant oaks.", " "]).status_code == 303
    assert act(town, case_id, MANAGER, "advise", request="v1", note="Fine.").status_code == 303
    page = read(town, f"/cases/{case_id}", MEMBER)
    assert "Plant oaks." in page and "Not answered yet." in page
    done = act(town, case_id, MEMBER, "answer_point", point="p1", verdict="partly", note="Half of them.")
    assert done.status_code == 303
    page = read(town, f"/cases/{case_id}", GARDENER)
    assert "partly followed" in page and "Half of them." in page


def test_each_finds_the_forms_of_what_is_theirs_to_do(town: Town) -> None:
    case_id = refer(town, participation=ROUND)["case_id"]

    def offered(who: Mandate) -> set[str]:
        page = read(town, f"/cases/{case_id}", who)
        return {c for c in ("advise", "moderate", "move_decision", "ask_advice") if f'value="{c}"' in page}

    assert offered(GARDENER) == {"advise"}
    assert offered(MEMBER) == {"move_decision", "ask_advice"}
    assert offered(MANAGER) == {"advise", "move_decision", "ask_advice"}
    assert offered(LEADERSHIP) == set()


def test_an_advice_form_with_a_mistake_keeps_every_point(town: Town) -> None:
    case_id = refer(town)["case_id"]
    answer = act(town, case_id, GARDENER, "advise", request="v2", points=["Oaks <i>", "y" * 10_001])
    assert answer.status_code == 422
    assert "Oaks &lt;i&gt;</textarea>" in answer.text and "Write each point" in answer.text
    empty = act(town, case_id, GARDENER, "advise", request="v2", points=["", ""])
    assert empty.status_code in (409, 422) and "at least one point" in unescape(empty.text)


def test_moving_the_decision_is_told_on_the_page(town: Town) -> None:
    case_id = refer(town)["case_id"]
    done = act(town, case_id, MEMBER, "move_decision", decided_on="2026-04-13", note="Later.")
    assert done.status_code == 303
    assert "Decision Monday 13 April 2026" in read(town, f"/cases/{case_id}", MEMBER)


def test_a_commitment_leads_to_its_own_case(town: Town) -> None:
    case_id = refer(town)["case_id"]
    done = act(town, case_id, MEMBER, "commit", description="A bench.", service="lamp", neighbourhood="heide", point="")
    assert done.status_code == 303, done.text
    page = read(town, f"/cases/{case_id}", MEMBER)
    assert "Commitments" in page and "2026-000002" in page and "A bench." in page


def test_documents_are_for_all_who_read_the_project(town: Town) -> None:
    plan, picture = ("../plan <1>.PDF", PDF, "application/pdf"), ("a.png", a_picture(), "image/png")
    location = fill_in(town, MEMBER, plan, picture).headers["location"]
    page = read(town, location, MEMBER)
    assert "plan 1.pdf" in page and "a.jpg" in page
    address = page.split("/documents/")[1].split('"')[0]
    case_id = location.split("/")[2].split("?")[0]
    town.sign_in(GARDENER)
    kept = town.client.get(f"/projects/{case_id}/documents/{address}")
    assert kept.content == PDF and kept.headers["content-type"] == "application/pdf"
    assert kept.headers["content-disposition"].startswith("attachment") and "sandbox" in str(kept.headers)
    town.sign_in(MANAGER_ELSEWHERE)
    assert town.client.get(f"/projects/{case_id}/documents/{address}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("plan.pdf", b"%PDF-1.7 cut off", "no PDF and no picture"),
        ("plan.html", b"<script>alert(1)</script>", "no PDF and no picture"),
    ],
)
def test_what_is_no_document_is_refused(town: Town, name: str, content: bytes, told: str) -> None:
    answer = fill_in(town, MEMBER, (name, content, "application/pdf"))
    assert answer.status_code == 422 and told in unescape(answer.text) and "Kerkstraat" in answer.text


def test_documents_are_added_later_by_whoever_refers(town: Town) -> None:
    case_id = refer(town)["case_id"]
    files = [("documents", ("plan.pdf", PDF, "application/pdf"))]
    town.sign_in(GARDENER)
    assert (
        town.client.post(f"/projects/{case_id}/documents", data={"csrf": town.csrf()}, files=files).status_code == 404
    )
    town.sign_in(MEMBER)
    assert (
        town.client.post(f"/projects/{case_id}/documents", data={"csrf": town.csrf()}, files=files).status_code == 303
    )
    assert "plan.pdf" in read(town, f"/cases/{case_id}", MANAGER)


def test_advice_that_is_late_stands_on_the_board_by_the_name_of_the_project(town: Town) -> None:
    case_id = refer(town)["case_id"]
    town.clock.pass_(days=24)
    town.engine.let_time_pass(case_id)
    page = read(town, "/escalations?tab=all", ADMINISTRATOR)
    assert "Kerkstraat" in page and "head of green" in page and "Neighbourhood manager Heide" in page
    assert "Nothing promised yet" not in page and "Not told while the task is paused" not in page
    assert REFERRAL["description"] not in read(town, "/escalations?tab=all", LEADERSHIP)


def test_those_who_are_asked_are_told_where_they_begin_the_day(town: Town) -> None:
    case_id = refer(town)["case_id"]
    assert "1 project asks your advice" in read(town, "/inbox", GARDENER)
    assert "1 project asks your advice" in read(town, "/escalations", MANAGER)
    assert "asks your advice" not in read(town, "/inbox", MEMBER)
    advised(town, case_id)
    assert "asks your advice" not in read(town, "/inbox", GARDENER)
    assert "Answer the advice" in read(town, "/inbox?tab=all", MEMBER)
    assert "Kerkstraat" in read(town, "/cases", MEMBER)


def test_documents_for_colleagues_are_not_for_residents(town: Town) -> None:
    asked = {"participation": "yes", "participation_question": "Trees?", "participation_until": "2026-03-12"}
    location = fill_in(town, MEMBER, ("sums.pdf", PDF, "application/pdf"), internal="yes", **asked).headers["location"]
    case_id = location.split("/")[2].split("?")[0]
    town.sign_in(MEMBER)
    plan = [("documents", ("plan.pdf", PDF + b"%%EOF\n", "application/pdf"))]
    added = town.client.post(f"/projects/{case_id}/documents", data={"csrf": town.csrf()}, files=plan)
    assert added.status_code == 303
    page = read(town, f"/cases/{case_id}", GARDENER)
    assert "sums.pdf" in page and "plan.pdf" in page and page.count("only for colleagues") == 1
    for_all = town.client.get("/take-part/2026-000001").text
    assert "plan.pdf" in for_all and "sums.pdf" not in for_all
