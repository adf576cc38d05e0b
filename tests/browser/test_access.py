"""Pages are for everyone: axe finds nothing on any of them, in light or in dark, in whatever language."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.pages import PAGES, WCAG, Page, role_for
from tests.browser.serving import Served

LIGHT = [(page, "nl", "light") for page in PAGES]
DARK = [(page, ("fr", "en")[place % 2], "dark") for place, page in enumerate(PAGES)]
"""The same styles, and the other languages in turn: each page twice takes minutes as it is."""


def in_language(address: str, language: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}lang={language}"


@pytest.mark.parametrize(
    ("page", "language", "scheme"), LIGHT + DARK, ids=lambda value: getattr(value, "address", value)
)
def test_axe_finds_nothing(browser: Browser, genk: Served, page: Page, language: str, scheme: str) -> None:
    with genk.visitor(browser, role_for(page), color_scheme=scheme) as visitor:
        tab = visitor.new_page()
        answer = tab.goto(in_language(page.at(genk), language))
        assert answer is not None and answer.status == 200
        assert tab.get_attribute("html", "lang") == language
        found = Axe().run(tab, options=WCAG)
    assert not found.response["violations"], found.generate_report()
