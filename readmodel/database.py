"""Connecting to the database, and the two kinds of transaction: one that writes and one that only reads."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS = 30
WRITES = "writes"

_turns: WeakKeyDictionary[Engine, Lock] = WeakKeyDictionary()


def connect(url: str, *, pool_size: int = 10) -> Engine:
    """An engine for SQLite (`sqlite:///FILE`) or PostgreSQL (`postgresql+psycopg://…`); connects at first use."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url, pool_size)
    return create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=pool_size,
        max_overflow=pool_size,
        connect_args={"options": "-c timezone=UTC", "connect_timeout": 5},
    )


def sessions(engine: Engine) -> sessionmaker[Session]:
    """Sessions that may write. On SQLite each waits for its turn when its transaction begins."""
    return sessionmaker(_writer(engine), expire_on_commit=False)


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """One transaction that writes: committed at the end, rolled back when anything is raised."""
    turn = _turns.get(engine)
    if turn is None:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session
        return
    with turn, Session(_writer(engine), expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """As `writing`, without a session: cheaper where only statements are executed."""
    with _turns.get(engine, nullcontext()), engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection = connection.execution_options(**{WRITES: True})
        with connection.begin():
            yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """One transaction that only reads; it never waits for writers on SQLite."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


def _writer(engine: Engine) -> Engine:
    return engine.execution_options(**{WRITES: True}) if engine.dialect.name == "sqlite" else engine


def _sqlite(url: str, pool_size: int) -> Engine:
    database = make_url(url).database
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS},
        pool_size=pool_size,
        max_overflow=pool_size * 4,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    _turns[engine] = Lock()
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver must not begin by itself
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    _write_ahead(cursor)
    for pragma in (
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "cache_size=-32768",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _write_ahead(cursor: DBAPICursor) -> None:
    """A new file is needed alone for a moment to become one with a log, and SQLite does not wait for that by itself."""
    deadline = monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if monotonic() > deadline:
                raise
            sleep(0.02)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
