"""A real browser before a city's pages: Genk with the demonstration's cases, served on loopback."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import pytest
from playwright.sync_api import Browser

from aanjager.demo import fill_demo
from aanjager.installation import installation
from configuration.settings import read_settings
from tests.browser.chromium import CHROMIUM, chromium
from tests.browser.people import Haast, People, haast
from tests.browser.serving import Served, served

NOW = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)
"""A Wednesday, half past eleven in Genk."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium; without one, tests that need it are skipped, or fail where it was said to be there.

    Closed after each module: while it is open its own event loop counts as running, and no other can.
    """
    if CHROMIUM is None and not os.environ.get("AANJAGER_BROWSER_TESTS"):
        pytest.skip("no Chromium on this machine: install it (Debian: apt install chromium)")
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of Genk with a short year of invented cases and all kinds of live ones; to be copied, not changed."""
    data: Path = tmp_path_factory.mktemp("filled") / "data"
    here = installation(read_settings(data=data))
    assert fill_demo(here, NOW, cases=150, live=60) is not None
    here.engine.dispose()
    return data


@pytest.fixture(scope="module")
def genk(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Genk's pages, over data of the module's own."""
    here = installation(read_settings(data=copytree(filled, tmp_path_factory.mktemp("genk") / "data")))
    with served(here, NOW) as city:
        yield city
    here.engine.dispose()


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Haast]:
    """A whole engine, as `aanjager up` starts it, for all tests in which people do things."""
    home: Path = tmp_path_factory.mktemp("haast")
    with haast(home) as running:
        yield running


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def people(city: Haast, browser: Browser, request: pytest.FixtureRequest) -> Iterator[People]:
    """Residents and staff. Fails where a page complained in the browser's console."""
    everyone = People(city, browser, request.param)
    try:
        yield everyone
    finally:
        everyone.close()
    assert everyone.complaints == []
