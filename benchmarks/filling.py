"""Databases with many cases, made once and kept: SQLite from stories told again and again, PostgreSQL from SQLite."""

import sqlite3
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg import sql
from sqlalchemy import Engine, text

from aanjager.demo.texts import an_address
from aanjager.demo.year import tell_year
from aanjager.example import example_city
from benchmarks.copying import fill_postgresql, tables_of
from benchmarks.stories import Story, Telling, invented_words, recorded
from configuration.city_files import read_city
from configuration.places import Places
from domain.city import City
from domain.rulebook import Rulebook
from readmodel.counters import EVENTS
from readmodel.database import connect, writing
from readmodel.intake import keep_rules
from readmodel.migrate import migrate
from readmodel.settling import settle
from tests.postgres import Postgres

CLOSED_STORIES, OPEN_STORIES = 900, 300
OPEN_ONE_IN = 20
YEARS = timedelta(days=730)
VOCABULARY = 20_000
UNTIL = "benchmark-until"
"""The counter that tells when it is in a database, in seconds since 1970."""
AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class _Case:
    """A case to be told: when it was opened, after which story, how much later."""

    opened_at: datetime
    story: Story
    shift: timedelta


def filled_sqlite(folder: Path, cases: int) -> Path:
    """The file with that many cases, made if it is not there yet, and brought up to date."""
    file = folder / f"cases-{cases}.db"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        began, unfinished = time.perf_counter(), folder / f"cases-{cases}.part"
        _remove(unfinished)
        now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        migrate(f"sqlite:///{unfinished}")
        fill_sqlite(unfinished, read_city(example_city(), now.date()), now, cases)
        unfinished.rename(file)
        print(f"filled {file} in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    _bring_up_to_date(f"sqlite:///{file}")
    return file


def filled_postgresql(postgres: Postgres, file: Path, cases: int) -> str:
    """The URL of the database with the same cases as the file, made if it is not there yet."""
    name, unfinished = f"cases_{cases}", f"cases_{cases}_part"
    with postgres.connect() as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            began = time.perf_counter()
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(unfinished)))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
            migrate(postgres.url(unfinished))
            with postgres.connect(unfinished) as target:
                fill_postgresql(target, file)
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(unfinished), sql.Identifier(name)))
            print(f"filled {name} in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    _bring_up_to_date(postgres.url(name))
    return postgres.url(name)


def _bring_up_to_date(url: str) -> None:
    migrate(url)
    engine = connect(url)
    settle(engine)
    engine.dispose()


def filled_until(database: Engine) -> datetime:
    """The moment at which the cases of the database stand as they do."""
    with database.connect() as connection:
        seconds = connection.execute(
            text("SELECT value FROM counters WHERE name = :name"), {"name": UNTIL}
        ).scalar_one()
    return datetime.fromtimestamp(seconds, UTC)


def _remove(file: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        Path(f"{file}{ending}").unlink(missing_ok=True)


def fill_sqlite(file: Path, city: City, now: datetime, cases: int) -> None:
    """A migrated file gets that many cases of the past two years until `now`, one in twenty of them open.

    Its figures are still to be settled.
    """
    places = Places.read(example_city() / "neighbourhoods.geojson")
    stories, live, rules = _stories(city, places, now)
    engine = connect(f"sqlite:///{file}")
    with writing(engine) as session:
        for rulebook in rules:
            keep_rules(session, rulebook)
    engine.dispose()
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-500000"):
        connection.execute(f"PRAGMA {pragma}")
    later = _put_off(connection)
    connection.execute("BEGIN")
    _tell(connection, city, now, sorted(_cases(stories, live, now, cases), key=lambda c: c.opened_at), cases)
    for statement in later:
        connection.execute(statement)
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def _stories(city: City, places: Places, now: datetime) -> tuple[list[Story], list[Story], list[Rulebook]]:
    """Closed ones of the past year, and open ones; those that were merged point at others and are left out."""
    told = [t for t in tell_year(city, places, now, CLOSED_STORIES, OPEN_STORIES) if t.case.merged_into is None]
    rules = {t.setting.rules.version: t.setting.rules for t in told}
    stories = [(t.case.closed, Story(t, rows)) for t, rows in recorded(city, told)]
    return [s for closed, s in stories if closed], [s for closed, s in stories if not closed], list(rules.values())


def _cases(stories: list[Story], live: list[Story], now: datetime, cases: int) -> Iterator[_Case]:
    """Closed ones some whole weeks earlier or later than their story, to keep to working hours; open ones about now."""
    rng = Random(cases)
    week = timedelta(weeks=1)
    for i in range(cases):
        if i % OPEN_ONE_IN == 0:
            story = rng.choice(live)
            shift = timedelta(seconds=-rng.randrange(6 * 3600))
        else:
            story = rng.choice(stories)
            earliest, latest = (now - YEARS - story.opened_at) // week + 1, (now - story.ended_at) // week - 1
            shift = rng.randint(earliest, max(earliest, latest)) * week + timedelta(seconds=rng.randrange(3600))
        yield _Case(story.opened_at + shift, story, shift)


def _tell(connection: sqlite3.Connection, city: City, now: datetime, cases: list[_Case], number: int) -> None:
    rng, zone = Random(number), ZoneInfo(city.timezone)
    words = invented_words(Random(1), VOCABULARY)
    often = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    numbers: dict[int, int] = {}
    position = 1
    kept: dict[tuple[str, tuple[str, ...]], list[tuple[object, ...]]] = {}
    known = {table: _columns(connection, table) for table in tables_of(connection)}
    for n, case in enumerate(cases, 1):
        year = case.opened_at.astimezone(zone).year
        numbers[year] = numbers.get(year, 0) + 1
        extra = " ".join(rng.choices(words, cum_weights=often, k=3))
        rows = case.story.tell(
            Telling(
                _case_id(rng, case.opened_at),
                f"{year}-{numbers[year]:06d}",
                position,
                case.shift,
                f"{case.story.description} {extra}",
                an_address(rng, case.story.address),
            )
        )
        position += case.story.events
        for table, told in rows.items():
            kept.setdefault((table, case.story.columns[table]), []).extend(told)
        if n % AT_ONCE == 0 or n == len(cases):
            for (table, columns), many in kept.items():
                _insert(connection, known[table], table, columns, many)
            kept.clear()
    counters = {
        UNTIL: int(now.timestamp()),
        EVENTS: position - 1,
        **{f"cases-{year}": last for year, last in numbers.items()},
    }
    connection.executemany("INSERT OR REPLACE INTO counters (name, value) VALUES (?, ?)", counters.items())
    connection.execute("INSERT INTO figure_touches (day) SELECT DISTINCT day FROM figures")


def _insert(
    connection: sqlite3.Connection,
    known: set[str],
    table: str,
    columns: tuple[str, ...],
    rows: list[tuple[object, ...]],
) -> None:
    """Columns that the table does not have are left out."""
    if not known.issuperset(columns):
        there = [i for i, column in enumerate(columns) if column in known]
        rows = [tuple(row[i] for i in there) for row in rows]
        columns = tuple(columns[i] for i in there)
    names, marks = ", ".join(f'"{c}"' for c in columns), ", ".join("?" * len(columns))
    connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)


def _case_id(rng: Random, at: datetime) -> str:
    milliseconds, chance = int(at.timestamp() * 1000), rng.getrandbits(74)
    return str(UUID(int=milliseconds << 80 | 0x7 << 76 | chance >> 62 << 64 | 0b10 << 62 | chance & ((1 << 62) - 1)))


def _put_off(connection: sqlite3.Connection) -> list[str]:
    """Drops indexes and triggers for the time being; what brings them back, and what they would have kept."""
    found = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
    ).fetchall()
    for kind, name, _ in found:
        connection.execute(f'DROP {kind} "{name}"')
    indexes = connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5%'").fetchall()
    rebuilt = [f'INSERT INTO "{name}" ("{name}") VALUES (\'rebuild\')' for (name,) in indexes]
    return [*(statement for _, _, statement in found), *rebuilt]


def _columns(connection: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')}
