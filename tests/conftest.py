"""The real servers that tests run against; each is started by the first test that asks for it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from aanjager.temporal_server import temporal_server
from tests.postgres import Postgres, postgres_server

LONG = frozenset(
    {
        "test_access",
        "test_end_to_end",
        "test_import_boston",
        "test_keys_and_news",
        "test_main_tasks",
        "test_main_tasks_of_the_city",
        "test_reporting",
    }
)
"""Files that take longest: they begin first, so that no process is left alone with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.stem not in LONG)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with postgres_server() as running:
        yield running


@pytest.fixture(scope="module")
def postgres_url(postgres: Postgres) -> str:
    """An empty PostgreSQL database for the tests of one module."""
    return postgres.fresh_database()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty database for the tests of one module, once of each kind."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres_url")
        return url
    return f"sqlite:///{tmp_path_factory.mktemp('database') / 'aanjager.db'}"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def temporal_address(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """A real Temporal server for the whole run: take workflow ids and task queues of your own."""
    data: Path = tmp_path_factory.mktemp("temporal")
    async with temporal_server(data, ui=False) as server:
        yield server.address
