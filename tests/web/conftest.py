"""A town's web with an empty database for each test, with the engine in the same process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from readmodel.database import connect, writing
from readmodel.schema import METADATA
from tests.web.town import Town, town_on


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    data: Path = tmp_path_factory.mktemp("town")
    database = connect(f"sqlite:///{data / 'town.db'}")
    METADATA.create_all(database)
    with town_on(database, data) as town:
        yield town
    database.dispose()


@pytest.fixture
def town(built: Town) -> Town:
    with writing(built.context.database) as session:
        for table in reversed(METADATA.sorted_tables):
            session.execute(table.delete())
    built.forget()
    return built
