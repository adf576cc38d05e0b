"""What residents, departments and partners come for, on the whole engine in a real browser, with scripts and not."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from domain.words import NeighbourhoodId, Role
from readmodel.accounts import Mandate
from tests.browser.people import PHOTO, People, row, some, told, unfold


def work_on(people: People, tab: Page, number: str, link: str = "More") -> Locator:
    """Where a task's forms are: in its row, or without scripts on a page of its own."""
    row(tab, number).get_by_role("link", name=f"{link} {number}").click()
    if people.scripts:
        return row(tab, number)
    expect(tab.get_by_role("heading", level=1)).to_contain_text(number)
    return tab.get_by_role("main")


def test_a_resident_reports_on_a_telephone_and_finds_the_report_again(people: People) -> None:
    tab = people.resident()
    tab.goto("/")
    tab.get_by_role("link", name="Report something").first.tap()
    tab.get_by_label("Describe it in a word or two").fill("lamp")
    if not people.scripts:
        tab.get_by_role("button", name="Search").tap()
    tab.get_by_role("radio", name="Street light").check()
    tab.get_by_label("Neighbourhood", exact=True).select_option("Oost")
    tab.get_by_role("button", name="Next").tap()
    what = some("De lamp aan de brug is stuk")
    tab.get_by_label("Tell us what is wrong").fill(what)
    tab.get_by_label("Photos").set_input_files([PHOTO])
    tab.get_by_role("button", name="Send my report").tap()
    told(tab, "We received your report.")
    number, code = tab.locator("dl.keep dd").all_inner_texts()
    people.closes(tab)

    later = people.resident()
    later.goto("/")
    later.get_by_label("Number").fill(number)
    later.get_by_label("Code").fill(code)
    later.get_by_role("button", name="Follow my report").tap()
    expect(later.get_by_role("heading", name="Street light, Oost")).to_be_visible()
    expect(later.get_by_text(what)).to_be_visible()
    photo = later.get_by_role("img", name="Photo 1 of 1")
    expect(photo).to_be_visible()
    assert later.request.get(photo.get_attribute("src") or "").headers["content-type"] == "image/jpeg"
    expect(later.get_by_text("With the department").first).to_be_visible()


def test_a_department_accepts_asks_and_resolves_and_the_resident_sees_what_was_done(people: People) -> None:
    taken = people.city.report(some("Het licht knippert"))
    number = taken["number"]
    worker, resident = people.signed_in("roads"), people.resident()
    form = unfold(work_on(people, worker, number), "Accept")
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    form.get_by_label("Planned for").fill(tomorrow.isoformat())
    form.get_by_role("button", name="Accept the task").click()
    told(worker, "Accepted. The task is your department's.")

    worker.get_by_role("link", name="In progress").click()
    expect(row(worker, number)).to_contain_text(f"Planned for {tomorrow:%a} {tomorrow.day} {tomorrow:%b}")
    form = unfold(work_on(people, worker, number), "Ask the resident")
    form.get_by_label("Your question").fill("Welke paal is het?")
    form.get_by_role("button", name="Send the question").click()
    told(worker, "The question was sent.")

    resident.goto(f"/follow/{taken['token']}")
    expect(resident.get_by_text("Welke paal is het?").first).to_be_visible()
    resident.get_by_label("Your answer").fill("De derde vanaf de brug")
    resident.get_by_role("button", name="Send the answer").tap()
    told(resident, "Thank you, that has been noted.")

    worker.get_by_role("link", name="In progress").click()
    form = unfold(work_on(people, worker, number, "Report done"), "Report done")
    form.get_by_label("What was done?").fill("De lamp is vervangen")
    form.get_by_label("Photos").set_input_files([PHOTO])
    form.get_by_role("button", name="Report done", exact=True).click()
    told(worker, "Reported as done.")

    resident.get_by_role("link", name="Look for news").tap()
    expect(resident.get_by_text("De lamp is vervangen").first).to_be_visible()
    expect(resident.get_by_role("img", name="Photo 1 of 1")).to_be_visible()
    expect(resident.get_by_role("heading", name="Is it really solved?")).to_be_visible()


@pytest.mark.parametrize(
    ("verdict", "then"),
    [
        ("yes", "It is solved. Thank you for reporting it."),
        ("no", "It is with Roads. We are waiting for their answer."),
    ],
)
def test_a_resident_says_in_two_taps_whether_it_is_solved(people: People, verdict: str, then: str) -> None:
    me = {"email": "an@voorbeeld.example", "language": "en"}
    taken = people.city.reported_done(some("De lamp is uit"), "Gemaakt", reporter=me)
    tab = people.resident()
    tab.goto(people.city.letter_link(taken["number"], rf"/follow/\S+\?solved={verdict}#\S+"))
    expect(tab.get_by_role("radio", name=verdict.capitalize())).to_be_checked()
    expect(tab.get_by_role("button", name="Send my answer")).to_be_in_viewport()
    tab.get_by_role("button", name="Send my answer").tap()
    told(tab, "Thank you, that has been noted.")
    expect(tab.get_by_text(then)).to_be_visible()


def test_a_department_accepts_three_tasks_at_once(people: People) -> None:
    numbers = [people.city.report(some(f"Lamp {n} is stuk"))["number"] for n in range(3)]
    worker = people.signed_in("roads")
    for number in numbers:
        worker.get_by_role("checkbox", name=f"Choose {number}, Street light").check()
    together = unfold(worker.get_by_role("main"), "Handle the chosen tasks together")
    together.get_by_label("What do you do?").select_option("Accept")
    together.get_by_role("button", name="Do it for all chosen tasks").click()
    told(worker, "Done for 3 tasks.")
    for number in numbers:
        expect(worker.get_by_role("link", name=number)).to_be_visible()
    worker.get_by_role("link", name="Back to the tasks").click()
    worker.get_by_role("link", name="In progress").click()
    for number in numbers:
        expect(row(worker, number)).to_be_visible()


def test_a_partner_without_an_account_answers_from_the_letter(people: People) -> None:
    number = people.city.report(some("De kast staat open"), service="cabinet")["number"]
    path = people.city.letter_link(number, r"/task/\S+")
    partner = people.stranger()
    partner.goto(path)
    expect(partner.get_by_role("heading", name=f"Task {number}")).to_be_visible()
    form = unfold(partner.get_by_role("main"), "Take the task on")
    form.get_by_label("Remark").fill("Morgen")
    form.get_by_role("button", name="Take the task on").click()
    told(partner, "Thank you. Noted that you will do this.")
    fresh = unfold(partner.get_by_role("main"), "Say that it is done")
    fresh.get_by_label("What was done?").fill("De kast is dicht")
    fresh.get_by_label("Photos").set_input_files([PHOTO])
    fresh.get_by_role("button", name="Say that it is done").click()
    told(partner, "Thank you. We ask the resident whether it is solved.")
    partner.goto(path)
    expect(partner.get_by_role("heading", name=re.compile("This link was used"))).to_be_visible()


def test_residents_react_to_a_plan_on_a_telephone_and_read_it_once_it_is_shown(people: People) -> None:
    title, text = some("A greener square"), some("Plant oaks, please")
    engine, day = people.city.engine, datetime.now(UTC).date()
    project = {
        "title": title,
        "question": "What should we mind?",
        "neighbourhoods": ["oost"],
        "decided_on": (day + timedelta(days=30)).isoformat(),
        "participation": {"question": "What must not be missing?", "until": (day + timedelta(days=9)).isoformat()},
    }
    plan = {"kind": "project", "service": "street-light", "description": "Trees instead of cars.", "project": project}
    kept = engine.send("POST", "/cases", people.city.roads, json=plan).json()

    resident = people.resident()
    resident.goto("/take-part")
    resident.get_by_role("link", name=title, exact=True).tap()
    resident.get_by_label("Your reaction").fill(text)
    resident.get_by_role("button", name="Send my reaction").tap()
    told(resident, "Your reaction is in.")
    expect(resident.get_by_text(text)).to_have_count(0)

    manager = engine.token(Mandate(Role.NEIGHBOURHOOD_MANAGER, None, (NeighbourhoodId("oost"),)))
    assert engine.act(kept["case_id"], manager, "moderate", reaction="r1", shown=True).status_code == 200
    resident.reload()
    expect(resident.get_by_text(text)).to_be_visible()
