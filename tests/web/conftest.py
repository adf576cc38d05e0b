"""A town's web for each test, on an empty SQLite database, with the engine in the same process."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from configuration.settings import Settings
from readmodel.database import connect
from readmodel.schema import METADATA
from tests.web.town import CITY, PLACES, Clock, EngineInProcess, Town
from web.app import create_app
from web.context import WebContext
from web.rate import Rate


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    database = connect(f"sqlite:///{tmp_path / 'town.db'}")
    METADATA.create_all(database)
    clock = Clock()
    engine = EngineInProcess(database, clock)
    settings = Settings(data=tmp_path, public_url="https://town.example")
    context = WebContext(database, CITY, PLACES, settings, engine, now=clock, public_rate=Rate(1000))
    with TestClient(create_app(context), raise_server_exceptions=False, follow_redirects=False) as client:
        yield Town(context, engine, clock, client)
    database.dispose()
