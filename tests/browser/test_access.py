"""Pages are for everyone: axe finds nothing, and nothing scrolls sideways on the smallest phone."""

from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Error

from domain.words import Role
from tests.browser.pages import PAGES, Page
from tests.browser.serving import Served

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
SMALLEST = {"width": 320, "height": 640}


def role_for(page: Page) -> Role | None:
    return page.roles[0] if page.roles else None


def in_language(address: str, language: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}lang={language}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.address)
@pytest.mark.parametrize("language", ["nl", "en", "fr"])
def test_axe_finds_nothing(browser: Browser, genk: Served, page: Page, language: str) -> None:
    with genk.visitor(browser, role_for(page), color_scheme="dark" if language == "fr" else "light") as visitor:
        tab = visitor.new_page()
        answer = tab.goto(in_language(page.at(genk), language))
        assert answer is not None and answer.status == 200
        assert tab.get_attribute("html", "lang") == language
        found = Axe().run(tab, options=WCAG)
    assert not found.response["violations"], found.generate_report()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.address)
def test_nothing_scrolls_sideways_on_the_smallest_phone(browser: Browser, genk: Served, page: Page) -> None:
    with genk.visitor(browser, role_for(page), viewport=SMALLEST) as visitor:
        tab = visitor.new_page()
        tab.goto(page.at(genk))
        assert tab.evaluate("document.documentElement.scrollWidth") <= SMALLEST["width"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.address)
def test_a_first_visit_loads_less_than_100_kb(browser: Browser, genk: Served, page: Page) -> None:
    """As it comes over the line, headers included."""
    with genk.visitor(browser, role_for(page)) as visitor:
        tab = visitor.new_page()
        line = visitor.new_cdp_session(tab)
        loaded: list[float] = []
        line.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
        line.send("Network.enable")
        tab.goto(page.at(genk))
        tab.wait_for_load_state("load")
    assert 0 < sum(loaded) < 100_000


def test_no_page_complains_in_the_browser_s_console(browser: Browser, genk: Served) -> None:
    complaints: list[str] = []
    for page in PAGES:
        with genk.visitor(browser, role_for(page)) as visitor:
            tab = visitor.new_page()
            tab.on("console", partial(_note, complaints, page))
            tab.on("pageerror", partial(_note, complaints, page))
            tab.goto(page.at(genk))
    assert complaints == []


def _note(complaints: list[str], page: Page, complaint: ConsoleMessage | Error) -> None:
    text = complaint.text if isinstance(complaint, ConsoleMessage) else str(complaint)
    complaints.append(f"{page.address}: {text}")
