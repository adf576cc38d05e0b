"""Reporting on a phone, with scripts and without: from the first page to the report's own, and back by its code."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy import select

from readmodel.database import reading
from readmodel.schema import CASES, FOLLOWERS
from tests.browser.pages import WCAG
from tests.browser.serving import Served

PHONE = ViewportSize(width=390, height=780)
SMALLEST = ViewportSize(width=320, height=640)
HERE = {"latitude": 50.9659, "longitude": 5.5006}


def token_of_a_resolved_case(genk: Served) -> str:
    query = select(FOLLOWERS.c.token).join(CASES, CASES.c.case_id == FOLLOWERS.c.case_id)
    with reading(genk.database) as session:
        return (
            session.execute(query.where(CASES.c.stage == "resolved", FOLLOWERS.c.role == "reporter")).scalars().first()
            or ""
        )


def looks_well(page: Page) -> None:
    """axe finds nothing, and nothing scrolls sideways on the smallest phone."""
    found = Axe().run(page, options=WCAG)
    assert not found.response["violations"], found.generate_report()
    page.set_viewport_size(SMALLEST)
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALLEST["width"], page.url
    page.set_viewport_size(PHONE)


def sent_photos(page: Page) -> list[int]:
    """The sizes of the photos that the form would send, in bytes."""
    sizes: list[int] = page.evaluate("[...document.getElementById('photos').files].map((file) => file.size)")
    return sizes


@pytest.mark.parametrize("language", ["nl", "en", "fr"])
def test_a_report_on_a_phone(
    browser: Browser, genk: Served, tmp_path_factory: pytest.TempPathFactory, language: str
) -> None:
    photo = tmp_path_factory.mktemp("phone") / "photo.jpg"
    Image.effect_noise((3200, 2400), 60).convert("RGB").save(photo, quality=95)
    with genk.visitor(browser, None, viewport=PHONE, geolocation=HERE, permissions=["geolocation"]) as visitor:
        page = visitor.new_page()
        page.goto(f"/?lang={language}")
        page.locator("a.button.big").click()
        page.locator("#what").fill("lamp")
        page.locator("#found label").first.click()
        page.locator("#position").click()
        expect(page.locator("#spot")).to_contain_text("Genk-Centrum")
        expect(page.locator("#neighbourhood")).to_have_value("genk-centrum")
        looks_well(page)
        page.locator("button.go").click()
        page.locator("#description").fill("It is dark here")
        page.locator("#photos").set_input_files([photo, photo])
        expect(page.locator("#previews img")).to_have_count(2)
        assert all(0 < size < photo.stat().st_size / 2 for size in sent_photos(page))
        page.locator("#previews button").first.click()
        expect(page.locator("#previews img")).to_have_count(1)
        looks_well(page)
        page.locator("#report button.go").click()
        expect(page.locator(".notice")).to_be_visible()
        expect(page.locator(".told .photos img")).to_have_count(1)
        looks_well(page)
        number, code = page.locator(".keep dd").first.inner_text(), page.locator(".keep dd.code").inner_text()
        page.goto("/")
        page.locator("#number").fill(number)
        page.locator("#code").fill(code.lower())
        page.locator("form.find button").click()
        expect(page.locator("main")).to_contain_text(number)


def test_a_report_without_scripts_and_a_neighbour_who_is_counted_in(browser: Browser, genk: Served) -> None:
    for address, neighbour in (("Heidestraat 7", False), ("", True)):
        with genk.visitor(browser, None, viewport=PHONE, java_script_enabled=False) as visitor:
            page = visitor.new_page()
            page.goto("/report?lang=en")
            page.locator("#what").fill("dog dirt")
            page.locator("[data-search]").click()
            page.locator("#found label").first.click()
            page.locator("#neighbourhood").select_option("oud-sledderlo")
            page.locator("#address").fill(address)
            page.locator("button.go").click()
            if neighbour:
                page.locator(".before button").first.click()
                expect(page.locator(".notice")).to_contain_text("You are counted in")
            else:
                page.locator("#description").fill("On the pavement")
                page.locator("#report button.go").click()
                expect(page.locator(".notice")).to_contain_text("We received your report")
                assert re.search(r"/follow/[\w-]+", page.url)


def test_a_spot_is_shown_by_two_taps_on_the_map(browser: Browser, genk: Served) -> None:
    with genk.visitor(browser, None, viewport=PHONE) as visitor:
        page = visitor.new_page()
        page.goto("/report?lang=en")
        page.locator("#on-map summary").click()
        page.locator("#area-oud-sledderlo").click()
        expect(page.locator("#neighbourhood")).to_have_value("oud-sledderlo")
        expect(page.locator("input[name=lat]")).to_have_value("")
        page.locator("#area-oud-sledderlo").click()
        lat, lon = (float(page.locator(f"input[name={name}]").input_value()) for name in ("lat", "lon"))
        assert genk.context.places.neighbourhood_at(lat, lon) == "oud-sledderlo"


def test_the_keyboard_alone_chooses_a_service(browser: Browser, genk: Served) -> None:
    with genk.visitor(browser, None, viewport=PHONE) as visitor:
        page = visitor.new_page()
        page.goto("/report?lang=en")
        page.locator("#what").focus()
        page.keyboard.type("poubelle")
        page.keyboard.press("Enter")
        expect(page.locator("input[name=service]:checked")).to_have_value("litter-bin")


def test_the_answer_from_a_letter_needs_one_more_tap(browser: Browser, genk: Served) -> None:
    with genk.visitor(browser, None, viewport=PHONE) as visitor:
        page = visitor.new_page()
        page.goto(f"/follow/{token_of_a_resolved_case(genk)}?lang=en&solved=yes#feedback")
        looks_well(page)
        expect(page.locator("button#feedback")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".notice")).to_contain_text("noted")
