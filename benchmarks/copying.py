"""A SQLite database copied into PostgreSQL, whatever its tables are."""

import sqlite3
from pathlib import Path
from typing import Any

from psycopg import Connection, sql


def fill_postgresql(target: Connection[tuple[Any, ...]], file: Path) -> None:
    """The same rows as in the SQLite file, into a database that is migrated and empty."""
    source = sqlite3.connect(file)
    target.execute("SET session_replication_role = replica")
    target.execute("SET maintenance_work_mem = '1GB'")
    indexes = target.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT IN "
        "(SELECT conname FROM pg_constraint)"
    ).fetchall()
    for name, _ in indexes:
        target.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    for table in tables_of(source):
        _copy(source, target, table)
    for _, statement in indexes:
        target.execute(statement)
    target.execute("VACUUM ANALYZE")
    source.close()


def _copy(source: sqlite3.Connection, target: Connection[tuple[Any, ...]], table: str) -> None:
    if table == "alembic_version":
        return
    columns = [row[1] for row in source.execute(f'PRAGMA table_info("{table}")')]
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    into = sql.Identifier(table)
    target.execute(sql.SQL("TRUNCATE {} CASCADE").format(into))
    quoted = ", ".join(f'"{c}"' for c in columns)
    with target.cursor().copy(sql.SQL("COPY {} ({}) FROM STDIN").format(into, names)) as copy:
        for row in source.execute(f'SELECT {quoted} FROM "{table}" ORDER BY rowid'):
            copy.write_row(row)
    if "id" in columns:
        target.execute(
            sql.SQL(
                "SELECT setval(s, coalesce((SELECT max(id::text::bigint) FROM {0}), 0) + 1, false)"
                " FROM (SELECT pg_get_serial_sequence({1}, 'id') AS s) AS found WHERE s IS NOT NULL"
            ).format(into, sql.Literal(table))
        )


def tables_of(connection: sqlite3.Connection) -> list[str]:
    """Without those that make up a full text index."""
    virtual = [n for (n,) in connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5%'")]
    names = [n for (n,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [n for n in names if not any(n == v or n.startswith(f"{v}_") for v in virtual) and n != "sqlite_sequence"]
