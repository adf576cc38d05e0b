"""A town's web with an empty database for each test, with the engine in the same process."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from configuration.settings import Settings
from readmodel.database import connect, writing
from readmodel.schema import METADATA
from tests.web.town import CITY, PLACES, Clock, EngineInProcess, Town
from web.app import create_app
from web.context import WebContext

OFTEN = 100_000


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    data: Path = tmp_path_factory.mktemp("town")
    database = connect(f"sqlite:///{data / 'town.db'}")
    METADATA.create_all(database)
    clock = Clock()
    engine = EngineInProcess(database, clock)
    settings = Settings(data=data, public_url="https://town.example", public_rate=OFTEN)
    context = WebContext(database, CITY, PLACES, settings, engine, now=clock)
    with TestClient(
        create_app(context), "https://town.example", raise_server_exceptions=False, follow_redirects=False
    ) as client:
        yield Town(context, engine, clock, client)
    database.dispose()


@pytest.fixture
def town(built: Town) -> Town:
    with writing(built.context.database) as session:
        for table in reversed(METADATA.sorted_tables):
            session.execute(table.delete())
    built.forget()
    return built
