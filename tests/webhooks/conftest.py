"""A city of the tests' own, and a subscriber that listens to it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import Engine
from temporalio.client import Client

from readmodel.database import connect
from readmodel.migrate import migrate
from tests.webhooks.subscriber import Subscriber, listening
from workflows.conversion import domain_data_converter


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'webhooks.db'}"


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    migrate(database)
    engine = connect(database)
    yield engine
    engine.dispose()


@pytest_asyncio.fixture
async def client(temporal_address: str) -> Client:
    return await Client.connect(temporal_address, data_converter=domain_data_converter)


@pytest_asyncio.fixture
async def subscriber() -> AsyncIterator[Subscriber]:
    async with listening(Subscriber()) as subscriber:
        yield subscriber
