"""Bringing the database's schema up to date, and writing the next step when the tables have changed.

`python -m readmodel.migrate "what changes"` writes that step, against an empty database.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event, inspect, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from readmodel.database import WRITES, connect

LOCK = 0x41414E4A41414745
"""Of PostgreSQL's advisory locks, the one that whoever migrates holds."""


def migrate(url: str) -> None:
    """All or nothing; safe to repeat, and safe when several processes do it at once: the others wait."""
    with _alone(url) as connection:
        command.upgrade(_config(connection), "head")


def is_current(engine: Engine) -> bool:
    """Whether the schema is the one that this program was written for."""
    head = ScriptDirectory.from_config(_config(None)).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head


def write_step(message: str) -> None:
    """Writes the step that leads from the last one to the tables as they are now."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder, 'empty.db')}"
        migrate(url)
        with _alone(url) as connection:
            steps = len(list(ScriptDirectory.from_config(_config(None)).walk_revisions()))
            command.revision(_config(connection), message, autogenerate=True, rev_id=f"{steps + 1:04d}")


@contextmanager
def _alone(url: str) -> Iterator[Connection]:
    """A transaction that no other migration runs beside; on SQLite without the checks that forbid rebuilding tables."""
    engine = connect(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _allow_rebuilding)
    try:
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            yield connection
            if engine.dialect.name == "sqlite" and inspect(connection).get_table_names():
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                if broken is not None:
                    raise RuntimeError(f"the migration left rows that point nowhere: {tuple(broken)}")
    finally:
        engine.dispose()


def _allow_rebuilding(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.close()


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", "readmodel:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


if __name__ == "__main__":
    write_step(sys.argv[1])
