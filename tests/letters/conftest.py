"""An outbox of the tests' own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from readmodel.database import connect
from readmodel.migrate import migrate


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'letters.db'}"


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    migrate(database)
    engine = connect(database)
    yield engine
    engine.dispose()
