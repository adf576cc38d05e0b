"""On the smallest phone: a first visit is quick to load, fits and has nothing amiss; and work is taken on there."""

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, expect

from tests.browser.finding import open_offer
from tests.browser.pages import PAGES, SMALLEST, Page, role_for
from tests.browser.people import PHOTO
from tests.browser.serving import Served

LINE = 100_000
"""Bytes over the line, headers included."""


LANGUAGES = ("fr", "en", "nl")
"""In turn; French words are the longest."""


def each_in_a_language() -> list[tuple[Page, str]]:
    return [(page, LANGUAGES[place % len(LANGUAGES)]) for place, page in enumerate(PAGES)]


def in_language(address: str, language: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}lang={language}"


@pytest.mark.parametrize(("page", "language"), each_in_a_language(), ids=lambda value: getattr(value, "address", value))
def test_a_first_visit_is_light_fits_and_leaves_no_complaint(
    browser: Browser, genk: Served, page: Page, language: str
) -> None:
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
        tab.goto(in_language(page.at(genk), language))
        tab.wait_for_load_state("load")
        assert tab.get_attribute("html", "lang") == language
        assert tab.evaluate("document.documentElement.scrollWidth") <= SMALLEST["width"]
    assert 0 < sum(loaded) < LINE
    assert complaints == []


def test_someone_takes_on_what_is_offered_and_accounts_for_it_on_a_phone(browser: Browser, genk: Served) -> None:
    """Also without scripts: nothing of it needs any."""
    with genk.visitor(browser, viewport=SMALLEST, java_script_enabled=False, has_touch=True) as visitor:
        tab = visitor.new_page()
        tab.goto(f"{open_offer(genk)}?lang=en")
        tab.get_by_label("Your name").fill("An Peeters")
        tab.get_by_label("E-mail address").fill("an@example.org")
        tab.get_by_role("button", name="I take this on").tap()
        expect(tab.get_by_text("It is yours.")).to_be_visible()
        tab.get_by_label("What did you do?").fill("Planted it with six neighbours")
        tab.get_by_label("What did it cost?").fill("12,50")
        tab.get_by_label("Photo of the result").set_input_files([PHOTO])
        tab.get_by_role("button", name="Send it in").tap()
        expect(tab.get_by_text("You told that it is done, for €12.50.")).to_be_visible()
        expect(tab.get_by_role("img", name="Photo 1 of 1")).to_be_visible()
