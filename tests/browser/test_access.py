"""Pages are for everyone: axe finds nothing on any of them, in light or in dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.pages import PAGES, WCAG, Page, role_for
from tests.browser.serving import Served

CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""What may differ where the same page is dark."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.address)
def test_axe_finds_nothing(browser: Browser, genk: Served, page: Page) -> None:
    with genk.visitor(browser, role_for(page), color_scheme="light") as visitor:
        tab = visitor.new_page()
        answer = tab.goto(page.at(genk))
        assert answer is not None and answer.status == 200
        in_light = Axe().run(tab, options=WCAG)
        tab.emulate_media(color_scheme="dark")
        in_dark = Axe().run(tab, options=CONTRAST)
    assert not in_light.response["violations"], in_light.generate_report()
    assert not in_dark.response["violations"], in_dark.generate_report()
