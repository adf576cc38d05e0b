"""What those who watch over the work come for, in a real browser on the whole engine, with scripts and without."""

import csv
import io
from uuid import uuid4

from playwright.sync_api import expect

from tests.browser.people import People, row, sign_in, some, told, unfold


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
    new.goto("/inbox")
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
