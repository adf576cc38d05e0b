"""The keyboard does every task alone, and open pages tell the news by themselves, on the whole engine."""

import pytest
from playwright.sync_api import expect

from tests.browser.people import PASSWORD, PATIENCE, People, press_to, row, told

with_scripts = pytest.mark.parametrize("people", [True], indirect=True, ids=["with scripts"])


def test_a_department_accepts_a_task_with_the_keyboard_alone(people: People) -> None:
    number = people.city.report("De lamp is stuk")["number"]
    tab = people.stranger()
    tab.goto("/inbox")
    press_to(tab, tab.get_by_label("E-mail address"))
    tab.keyboard.type(people.city.email("roads"))
    press_to(tab, tab.get_by_label("Password"))
    tab.keyboard.type(PASSWORD)
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("button", name="Sign out")).to_be_visible()

    press_to(tab, row(tab, number).get_by_role("link", name=f"More {number}"))
    tab.keyboard.press("Enter")
    accept = tab.get_by_role("main").locator("summary", has_text="Accept")
    press_to(tab, accept)
    tab.keyboard.press("Space")
    press_to(tab, tab.get_by_label("Remark").first)
    tab.keyboard.type("We komen morgen")
    press_to(tab, tab.get_by_role("button", name="Accept the task"))
    tab.keyboard.press("Enter")
    told(tab, "Accepted.")
    expect(tab).to_have_url(people.city.address + "/inbox?said=accept." + number)


def test_a_resident_reports_with_the_keyboard_alone(people: People) -> None:
    tab = people.stranger()
    tab.goto("/")
    press_to(tab, tab.get_by_role("link", name="Report something").first)
    tab.keyboard.press("Enter")
    press_to(tab, tab.get_by_label("Describe it in a word or two"))
    tab.keyboard.type("lamp")
    tab.keyboard.press("Enter")
    choice = tab.get_by_role("radio", name="Street light")
    press_to(tab, choice)
    tab.keyboard.press("Space")
    expect(choice).to_be_checked()
    press_to(tab, tab.get_by_label("Neighbourhood", exact=True))
    tab.keyboard.type("We")
    expect(tab.get_by_label("Neighbourhood", exact=True)).to_have_value("west")
    press_to(tab, tab.get_by_role("button", name="Next"))
    tab.keyboard.press("Enter")
    press_to(tab, tab.get_by_label("Tell us what is wrong"))
    tab.keyboard.type("De lamp is uit")
    press_to(tab, tab.get_by_role("button", name="Send my report"))
    tab.keyboard.press("Enter")
    told(tab, "We received your report.")


@with_scripts
def test_an_open_inbox_shows_a_new_report_by_itself(people: People) -> None:
    tab = people.signed_in("roads")
    tab.wait_for_load_state()
    loads: list[str] = []
    tab.on("domcontentloaded", lambda page: loads.append(page.url))
    number = people.city.report("De lamp is stuk")["number"]
    expect(row(tab, number)).to_be_visible(timeout=PATIENCE)
    assert loads == []


@with_scripts
def test_news_leaves_alone_what_someone_is_typing(people: People) -> None:
    number = people.city.report("De lamp is stuk")["number"]
    tab = people.signed_in("roads")
    row(tab, number).get_by_role("link", name=f"More {number}").click()
    row(tab, number).locator("summary", has_text="Remark").click()
    remark = row(tab, number).get_by_label("Your remark")
    remark.press_sequentially("Eerst kijken of ")
    newer = people.city.report("Nog een lamp is stuk")["number"]
    told(tab, "Something changed.")
    expect(remark).to_be_focused()
    remark.press_sequentially("de paal er nog staat")
    expect(remark).to_have_value("Eerst kijken of de paal er nog staat")
    expect(row(tab, newer)).not_to_be_visible()
    row(tab, number).get_by_role("button", name="Keep the remark").click()
    told(tab, "The remark is kept.")
    expect(row(tab, newer)).to_be_visible()
