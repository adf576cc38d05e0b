"""What a first visit is like on the smallest phone: quick to load, nothing sideways, nothing amiss."""

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error

from tests.browser.pages import PAGES, SMALLEST, Page, role_for
from tests.browser.serving import Served

LINE = 100_000
"""Bytes over the line, headers included."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.address)
def test_a_first_visit_is_light_fits_and_leaves_no_complaint(browser: Browser, genk: Served, page: Page) -> None:
    loaded: list[float] = []
    complaints: list[str] = []

    def note(complaint: ConsoleMessage | Error) -> None:
        complaints.append(complaint.text if isinstance(complaint, ConsoleMessage) else str(complaint))

    with genk.visitor(browser, role_for(page), viewport=SMALLEST) as visitor:
        tab = visitor.new_page()
        line = visitor.new_cdp_session(tab)
        line.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
        line.send("Network.enable")
        tab.on("console", note)
        tab.on("pageerror", note)
        tab.goto(page.at(genk))
        tab.wait_for_load_state("load")
        assert tab.evaluate("document.documentElement.scrollWidth") <= SMALLEST["width"]
    assert 0 < sum(loaded) < LINE
    assert complaints == []
