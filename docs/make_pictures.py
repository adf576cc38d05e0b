"""Makes the pictures of the documentation: every page of Genk with the demonstration's cases, in a real browser.

    make pictures

Needs a Chromium on the path. The pages are served from an installation of their own in a temporary folder.
"""

import io
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from PIL import Image
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab
from sqlalchemy import update

from aanjager.demo import fill_demo
from aanjager.installation import installation
from configuration.settings import read_settings
from domain.words import Role
from readmodel.database import writing
from readmodel.schema import CASES
from tests.browser.chromium import chromium
from tests.browser.pages import DEPARTMENTS, PAGES, Page
from tests.browser.serving import Served, served

PICTURES = Path(__file__).parent / "pictures"
NOW = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)
LIVE = 180
"""Cases under way: enough for each page to have some."""
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 780}
TALLEST, TALLEST_ON_PHONE = 1200, 1100
"""Pixels; what lies below is left out."""
TALLER = {"case-story": 1700, "figures": 2400, "figures-limits": 1900, "followed-phone": 1300, "report-map-phone": 1600}
ONLY = {"letter-resolved": "iframe", "letter-partner": "iframe"}
"""Of these only this part of the page, and of that the middle, as wide as a letter."""
LETTER = 640
QUALITY = 72


@dataclass(frozen=True)
class Shot:
    """A page as someone sees it."""

    name: str
    page: Page
    viewport: dict[str, int]
    scheme: Literal["light", "dark"] = "light"
    then: Callable[[Tab], None] | None = None
    """What they do there first."""

    @property
    def role(self) -> Role | None:
        return self.page.roles[0] if self.page.roles else None

    @property
    def tallest(self) -> int:
        return TALLER.get(self.name, TALLEST if self.viewport is DESKTOP else TALLEST_ON_PHONE)


def shots() -> Iterator[Shot]:
    """Each page on a desktop, and on a phone if it is used there; then what people do, changing cases last."""
    for page in PAGES:
        yield Shot(page.name, page, DESKTOP)
        if page.on_phone:
            yield Shot(f"{page.name}-phone", page, PHONE)
    yield Shot("inbox-dark", Page("/inbox", DEPARTMENTS), DESKTOP, "dark")
    yield Shot("report-map-phone", Page("/report"), PHONE, then=_open_the_map)
    yield Shot("inbox-more", Page("/inbox", DEPARTMENTS), DESKTOP, then=_unfold)
    yield Shot("inbox-together", Page("/inbox?tab=all", DEPARTMENTS), DESKTOP, then=_choose)
    yield Shot("inbox-done", Page("/inbox?tab=all", DEPARTMENTS), DESKTOP, then=_accept_together)


def main(wanted: Sequence[str]) -> None:
    """All pictures, or only those whose name begins with one of the words."""
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as data, chromium() as browser:
        here = installation(read_settings(data=Path(data), demonstration=True))
        fill_demo(here, NOW, live=LIVE)
        with writing(here.engine) as session:
            session.execute(update(CASES).values(workflow_started_at=CASES.c.accepted_at))
        with served(here, NOW) as city:
            for shot in shots():
                if not wanted or shot.name.startswith(tuple(wanted)):
                    _take(browser, city, shot)
        here.engine.dispose()


def _take(browser: Browser, city: Served, shot: Shot) -> None:
    options: dict[str, Any] = {"viewport": shot.viewport, "color_scheme": shot.scheme, "device_scale_factor": 1}
    with city.visitor(browser, shot.role, **options) as visitor:
        tab = visitor.new_page()
        address = shot.page.at(city)
        tab.goto(f"{address}{'&' if '?' in address else '?'}lang=en")
        if shot.then is not None:
            shot.then(tab)
        whole = tab.evaluate("document.documentElement.scrollHeight")
        tab.set_viewport_size({"width": shot.viewport["width"], "height": min(whole, shot.tallest)})
        tab.evaluate("scrollTo(0, 0)")
        taken = tab.locator(ONLY[shot.name]).screenshot() if shot.name in ONLY else tab.screenshot()
    path = PICTURES / f"{shot.name}.webp"
    image = Image.open(io.BytesIO(taken)).convert("RGB")
    if shot.name in ONLY:
        margin = (image.width - LETTER) // 2
        image = image.crop((margin, 0, image.width - margin, image.height))
    image.save(path, quality=QUALITY, method=6)
    print(f"{path.relative_to(PICTURES.parent.parent)}: {path.stat().st_size // 1000} kB")


def _open_the_map(tab: Tab) -> None:
    tab.locator("#what").fill("lamp")
    tab.locator("#found label").first.click()
    tab.locator("#on-map summary").click()
    tab.locator("#area-winterslag-1").click()


def _unfold(tab: Tab) -> None:
    tab.locator(".task").nth(1).locator("a.more").last.click()
    tab.locator(".task .here").wait_for()


def _choose(tab: Tab) -> None:
    for place in range(6):
        tab.locator("[data-pick]").nth(place).check()
    tab.locator("#bulk-open summary").click()


def _accept_together(tab: Tab) -> None:
    tab.locator("#pick-all").check()
    tab.locator("#bulk-open summary").click()
    tab.select_option("#bulk-command", "accept")
    tab.locator("#bulk button").last.click()
    tab.wait_for_url("**/inbox/bulk")


if __name__ == "__main__":
    main(sys.argv[1:])
