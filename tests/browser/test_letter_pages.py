"""What letters lead to, and letters themselves, are for everyone too."""

from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from sqlalchemy import select

from domain.words import CaseId, Role
from readmodel.action_links import LINKS
from readmodel.correspondence.examples import EXAMPLES
from readmodel.database import reading
from readmodel.schema import FOLLOWERS
from tests.browser.finding import letter, partner_task
from tests.browser.pages import SMALLEST, WCAG
from tests.browser.serving import Served
from web.links import links_of


@dataclass(frozen=True)
class Place:
    address: str
    role: Role | None = None


def silence(genk: Served) -> str:
    with reading(genk.database) as session:
        follower = session.scalar(select(FOLLOWERS.c.id).order_by(FOLLOWERS.c.id).limit(1))
    assert follower is not None
    return links_of(genk.context).silence(follower)


def case_of_task(genk: Served) -> CaseId:
    with reading(genk.database) as session:
        return CaseId(session.scalar(select(LINKS.c.case_id).where(LINKS.c.seq == 10_000)) or "")


@pytest.fixture(scope="module")
def places(genk: Served) -> dict[str, Place]:
    return {
        "task": Place(partner_task(genk)),
        "silence": Place(silence(genk)),
        "letters": Place("/admin/letters", Role.ADMINISTRATOR),
        "letter": Place(f"/admin/letters/{letter(genk)}", Role.ADMINISTRATOR),
        "examples": Place("/admin/letters/examples/resolved", Role.ADMINISTRATOR),
        "links": Place(f"/cases/{case_of_task(genk)}/links", Role.ADMINISTRATOR),
    }


NAMES = ("task", "silence", "letters", "letter", "examples", "links")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["nl", "en", "fr"])
def test_axe_finds_nothing(browser: Browser, genk: Served, places: dict[str, Place], name: str, language: str) -> None:
    place = places[name]
    with genk.visitor(browser, place.role, color_scheme="dark" if language == "fr" else "light") as visitor:
        tab = visitor.new_page()
        answer = tab.goto(f"{place.address}?lang={language}")
        assert answer is not None and answer.status == 200
        tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = Axe().run(tab, options=WCAG)
    assert not found.response["violations"], found.generate_report()


@pytest.mark.parametrize("name", NAMES)
def test_nothing_scrolls_sideways_on_the_smallest_phone(
    browser: Browser, genk: Served, places: dict[str, Place], name: str
) -> None:
    with genk.visitor(browser, places[name].role, viewport=SMALLEST) as visitor:
        tab = visitor.new_page()
        tab.goto(places[name].address)
        tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert tab.evaluate("document.documentElement.scrollWidth") <= SMALLEST["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("example", EXAMPLES)
def test_letters_are_readable_by_day_and_by_night_on_any_screen(
    browser: Browser, genk: Served, example: str, scheme: str
) -> None:
    with genk.visitor(browser, Role.ADMINISTRATOR, color_scheme=scheme, viewport=SMALLEST, bypass_csp=True) as visitor:
        tab = visitor.new_page()
        html = visitor.request.get(f"/admin/letters/examples/{example}/html?written=nl").text()
        tab.set_content(html)
        assert tab.evaluate("document.documentElement.scrollWidth") <= SMALLEST["width"]
        found = Axe().run(tab, options=WCAG)
    assert not found.response["violations"], found.generate_report()


def test_a_partner_answers_with_the_keyboard_alone(browser: Browser, genk: Served) -> None:
    with genk.visitor(browser) as visitor:
        tab = visitor.new_page()
        tab.goto(f"{partner_task(genk)}?lang=nl")
        summary = tab.locator("summary").filter(has_text="Zeggen dat het klaar is")
        summary.focus()
        tab.keyboard.press("Enter")
        tab.keyboard.press("Tab")
        tab.keyboard.type("De lamp is vervangen")
        tab.keyboard.press("Tab")
        tab.keyboard.press("Tab")
        tab.keyboard.press("Enter")
        tab.wait_for_url("**said=resolve*")
        assert tab.get_by_role("status").first.inner_text().startswith("Bedankt.")
