"""Pages are for everyone: axe finds nothing on any of them, in any language, in light or in dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.pages import PAGES, WCAG, Page, role_for
from tests.browser.serving import Served


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
