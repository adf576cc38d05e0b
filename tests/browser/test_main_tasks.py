"""What people come for, done in a real browser on the whole engine, with scripts and without."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.people import Haast, People, haast, row, sign_in, told, unfold
from tests.web.images import jpeg

PHOTO = {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": jpeg(320, 240)}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Haast]:
    home: Path = tmp_path_factory.mktemp("haast")
    with haast(home) as running:
        yield running


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def people(city: Haast, browser: Browser, request: pytest.FixtureRequest) -> Iterator[People]:
    everyone = People(city, browser, request.param)
    try:
        yield everyone
    finally:
        everyone.close()
    assert everyone.complaints == []


def some(what: str) -> str:
    """A text that no other test writes."""
    return f"{what} ({uuid4().hex[:8]})"


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
    [("yes", "It is solved. Thank you for reporting it."), ("no", "It is with Roads. We are waiting for their answer.")],
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


def test_a_manager_takes_up_moves_and_places_what_is_stuck(people: People) -> None:
    manager = people.signed_in("manager")
    expect(manager.get_by_role("heading", name="Escalations", level=1)).to_be_visible()
    number = people.city.report(some("Put in de weg"), service="pothole")["number"]
    people.comes(manager, row(manager, number))
    expect(row(manager, number)).to_contain_text("no answer")
    row(manager, number).get_by_role("link", name=f"What you can do {number}").click()
    form = unfold(row(manager, number), "Take up")
    form.get_by_label("What will you do?").fill("Ik bel met de dienst")
    form.get_by_role("button", name="Take the escalation up").click()
    told(manager, "Taken up.")

    manager.get_by_role("link", name="Taken up").click()
    row(manager, number).get_by_role("link", name=f"What you can do {number}").click()
    form = unfold(row(manager, number), "Give to another department")
    form.get_by_role("checkbox", name="Green").check()
    form.get_by_role("button", name="Move the task").click()
    told(manager, "Assigned.")

    nobodys = people.city.report(some("Van wie is dit?"), service="nobody-owns-it")["number"]
    manager.get_by_role("link", name="To place").click()
    people.comes(manager, row(manager, nobodys))
    row(manager, nobodys).get_by_role("link", name=f"What you can do {nobodys}").click()
    form = unfold(row(manager, nobodys), "Assign")
    form.get_by_role("checkbox", name="Roads").check()
    form.get_by_role("button", name="Assign", exact=True).click()
    told(manager, "Assigned.")
    expect(row(manager, nobodys)).not_to_be_visible()


def test_a_head_takes_up_what_was_raised_to_them(people: People) -> None:
    head = people.signed_in("head")
    head.get_by_role("link", name="Escalations").click()
    number = people.city.report(some("Put voor de school"), service="pothole")["number"]
    people.comes(head, row(head, number))
    row(head, number).get_by_role("link", name=f"What you can do {number}").click()
    unfold(row(head, number), "Take up").get_by_role("button", name="Take the escalation up").click()
    told(head, "Taken up.")
    expect(row(head, number)).not_to_be_visible()
    head.get_by_role("link", name="Taken up").click()
    expect(row(head, number)).to_contain_text("Taken up by Kim head")


def test_leadership_reads_the_figures_down_to_the_cases_and_takes_them_along(people: People) -> None:
    number = people.city.report(some("De lamp brandt overdag"))["number"]
    leader = people.signed_in("leadership")
    expect(leader.get_by_role("heading", name="Figures", level=1)).to_be_visible()
    behind = leader.get_by_role("link", name="the cases opened")
    opened = leader.locator("dl.keys > div").filter(has=behind).locator(".value").inner_text()
    with leader.expect_download() as download:
        leader.get_by_role("link", name="Key figures as CSV").click()
    rows = list(csv.reader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    assert [opened] == [line[1] for line in rows if line[0] == "opened"]
    behind.click()
    expect(leader.get_by_text("These are the cases behind a figure")).to_be_visible()
    expect(row(leader, number)).to_be_visible()
    expect(leader.locator("li.case")).to_have_count(int(opened))


def test_an_administrator_lets_a_person_and_a_program_in(people: People) -> None:
    admin = people.signed_in("administrator")
    admin.get_by_role("link", name="People", exact=True).click()
    admin.get_by_role("link", name="Add someone").click()
    email = f"{uuid4().hex[:8]}@haast.example"
    admin.get_by_label("Name", exact=True).fill("Sam Nieuw")
    admin.get_by_label("E-mail address").fill(email)
    admin.get_by_label("Role").select_option("department")
    admin.get_by_label("Department or partner").select_option("Green")
    admin.get_by_role("button", name="Add someone").click()
    once = admin.get_by_role("status").locator("code").inner_text()

    new = people.stranger()
    new.goto("/work")
    sign_in(new, email, once)
    new.get_by_label("The password that you were given").fill(once)
    new.get_by_label("New password", exact=True).fill("nog een lange zin van Sam")
    new.get_by_label("New password, once more").fill("nog een lange zin van Sam")
    new.get_by_role("button", name="Change the password").click()
    told(new, "Your password was changed.")
    new.get_by_role("link", name="Our tasks").click()
    expect(new.get_by_role("heading", name="Our tasks Green")).to_be_visible()

    label = some("Wegenapp")
    admin.get_by_role("link", name="Access for programs").click()
    admin.get_by_label("What for").fill(label)
    admin.get_by_label("Role").select_option("department")
    admin.get_by_label("Department or partner").select_option("Roads")
    admin.get_by_role("button", name="New token").click()
    token = admin.get_by_role("status").locator("code").inner_text()
    assert people.city.engine.send("GET", "/cases", token).status_code == 200
    admin.get_by_role("link", name="Access for programs").click()
    its = admin.get_by_role("row").filter(has_text=label)
    unfold(its, "Revoke").get_by_role("button", name="Revoke").click()
    told(admin, "The token was revoked.")
    assert people.city.engine.send("GET", "/cases", token).status_code == 401


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
