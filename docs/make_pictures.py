"""Makes the pictures of the documentation: every page of Genk with the demonstration's cases, in a real browser.

    make pictures

Needs a Chromium on the path. The pages are served from an installation of their own in a temporary folder.
"""

import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from PIL import Image
from playwright.sync_api import Browser

from aanjager.demo import fill_demo
from aanjager.installation import installation
from configuration.settings import read_settings
from domain.words import Role
from tests.browser.chromium import chromium
from tests.browser.pages import PAGES, Page
from tests.browser.serving import Served, served

PICTURES = Path(__file__).parent / "pictures"
NOW = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 780}
TALLEST = 2400
"""Pixels; what lies below is left out."""
QUALITY = 80


@dataclass(frozen=True)
class Shot:
    """A page as someone sees it."""

    name: str
    page: Page
    role: Role | None
    viewport: dict[str, int]
    scheme: Literal["light", "dark"] = "light"


def shots() -> Iterator[Shot]:
    """Each page on a desktop as its first role sees it; on a phone what is used there."""
    for page in PAGES:
        yield Shot(page.name, page, page.roles[0] if page.roles else None, DESKTOP)
        if page.on_phone:
            yield Shot(f"{page.name}-phone", page, page.roles[0] if page.roles else None, PHONE)


def main(wanted: Sequence[str]) -> None:
    """All pictures, or only those whose name begins with one of the words."""
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as data, chromium() as browser:
        here = installation(read_settings(data=Path(data)))
        fill_demo(here, NOW)
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
        taken = tab.screenshot(full_page=True)
    image = Image.open(io.BytesIO(taken)).convert("RGB")
    path = PICTURES / f"{shot.name}.webp"
    image.crop((0, 0, image.width, min(image.height, TALLEST))).save(path, quality=QUALITY, method=6)
    print(f"{path.relative_to(PICTURES.parent.parent)}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
