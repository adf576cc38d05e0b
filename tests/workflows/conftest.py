"""Towns on real Temporal servers. When a test is over, all that its cases lived through is held against the rules."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.workflows import living
from tests.workflows.living import Town, at_work
from tests.workflows.server import Server, temporal


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    """One server for all tests of the workflows; every test has a namespace of its own there."""
    async with temporal(tmp_path_factory.mktemp("workflows")) as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def forgetful_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    """One that suggests continuing as new after forty events."""
    async with temporal(tmp_path_factory.mktemp("forgetful"), "limit.historyCount.suggestContinueAsNew=40") as running:
        yield running


@pytest_asyncio.fixture
async def idle_town(server: Server, tmp_path: Path) -> AsyncIterator[Town]:
    """A town whose cases wait for a worker that the test brings."""
    async with living.town(server, tmp_path) as town:
        yield town
        await town.was_lived_by_the_rules()


@pytest_asyncio.fixture
async def town(idle_town: Town) -> AsyncIterator[Town]:
    """A town at work."""
    async with at_work(idle_town.client, idle_town.activities()):
        yield idle_town


@pytest_asyncio.fixture
async def forgetful_town(forgetful_server: Server, tmp_path: Path) -> AsyncIterator[Town]:
    """A town at work whose cases continue as new all the time."""
    async with living.town(forgetful_server, tmp_path) as town, at_work(town.client, town.activities()):
        yield town
        await town.was_lived_by_the_rules()
