"""An empty read model for each test, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from readmodel.database import connect, writing
from readmodel.migrate import migrate
from readmodel.schema import METADATA


@pytest.fixture(scope="module")
def migrated(database_url: str) -> Iterator[Engine]:
    migrate(database_url)
    engine = connect(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(migrated: Engine) -> Engine:
    empty(migrated)
    return migrated


def empty(engine: Engine) -> None:
    with writing(engine) as session:
        for table in reversed(METADATA.sorted_tables):
            session.execute(table.delete())
