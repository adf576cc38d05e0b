from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect
from sqlalchemy.exc import StatementError

from readmodel.database import connect, writing
from readmodel.migrate import is_current, migrate
from readmodel.schema import METADATA, TOKENS
from readmodel.words import told_by_models
from tests.postgres import Postgres
from tests.readmodel.town import MORNING, open_case


def test_the_migrated_schema_is_that_of_the_models(migrated: Engine) -> None:
    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": told_by_models})
        assert compare_metadata(context, METADATA) == []


def test_partial_indexes_keep_their_condition(migrated: Engine) -> None:
    wanted = {
        i.name for t in METADATA.tables.values() for i in t.indexes if i.dialect_options["sqlite"]["where"] is not None
    }
    found = inspect(migrated)
    dialect = migrated.dialect.name
    partial = {
        index["name"]
        for table in found.get_table_names()
        for index in found.get_indexes(table)
        if index.get("dialect_options", {}).get(f"{dialect}_where") is not None
    }
    assert partial == wanted


def test_migrating_again_changes_nothing(migrated: Engine, database_url: str) -> None:
    number = open_case(migrated).number
    migrate(database_url)
    assert is_current(migrated)
    assert number


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_several_may_migrate_at_once(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if kind == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.fresh_database()
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('together') / 'new.db'}"
    with ThreadPoolExecutor(4) as several:
        list(several.map(migrate, [url] * 4))
    engine = connect(url)
    assert is_current(engine)
    engine.dispose()


def test_an_empty_database_is_not_current() -> None:
    engine = create_engine("sqlite://")
    assert not is_current(engine)
    engine.dispose()


def test_a_naive_time_is_refused(engine: Engine) -> None:
    naive = MORNING.replace(tzinfo=None)
    row = {"hash": "h", "id": "i", "label": "", "role": "warden", "neighbourhoods": [], "created_at": naive}
    with pytest.raises(StatementError, match="without a zone"), writing(engine) as session:
        session.execute(TOKENS.insert(), [row])
