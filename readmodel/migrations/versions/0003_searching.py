"""Finding cases by words, and those of a service in a neighbourhood."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from readmodel.base import PLAIN, UtcDateTime
from readmodel.words import words_row

revision = "0003"
down_revision = "0002"

AT_ONCE = 5000
SQLITE = (
    "CREATE VIRTUAL TABLE found_words USING fts5("
    "words, content='case_words', content_rowid='place', tokenize='ascii', "
    "detail='none', columnsize=0, prefix='2 3 4 5 6 7 8 9 10')",
    "INSERT INTO found_words (found_words) VALUES ('rebuild')",
    "CREATE TRIGGER case_words_added AFTER INSERT ON case_words BEGIN "
    "INSERT INTO found_words (rowid, words) VALUES (new.place, new.words); END",
    "CREATE TRIGGER case_words_removed AFTER DELETE ON case_words BEGIN "
    "INSERT INTO found_words (found_words, rowid, words) VALUES ('delete', old.place, old.words); END",
    "CREATE TRIGGER case_words_changed AFTER UPDATE ON case_words BEGIN "
    "INSERT INTO found_words (found_words, rowid, words) VALUES ('delete', old.place, old.words); "
    "INSERT INTO found_words (rowid, words) VALUES (new.place, new.words); END",
)
POSTGRESQL = (
    "ALTER TABLE case_words ADD COLUMN vector tsvector GENERATED ALWAYS AS "
    "(array_to_tsvector(string_to_array(words, ' ') || ('@' || (place >> 51)::text))) STORED",
    "CREATE INDEX ix_case_words_found ON case_words USING gin (vector) WITH (fastupdate = off)",
)
CASES = sa.table("cases", sa.column("case_id", PLAIN), sa.column("opened_at", UtcDateTime()))
REPORTS = sa.table("reports", sa.column("case_id", PLAIN), sa.column("description"), sa.column("address"))


def upgrade() -> None:
    there = ["neighbourhood", "service", "opened_at", "case_id"]
    op.create_index("ix_cases_neighbourhood_service", "cases", there)
    place = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    words = op.create_table(
        "case_words",
        sa.Column("place", place, autoincrement=False, nullable=False),
        sa.Column("case_id", PLAIN, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_case_words_case_id_cases")),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_case_words")),
        sa.UniqueConstraint("case_id", name=op.f("uq_case_words_case_id")),
    )
    for rows in _reports(op.get_bind()):
        op.bulk_insert(words, rows)
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def _reports(connection: sa.Connection) -> Iterator[list[dict[str, object]]]:
    columns = CASES.c.case_id, CASES.c.opened_at, REPORTS.c.description, REPORTS.c.address
    query = sa.select(*columns).join(REPORTS, REPORTS.c.case_id == CASES.c.case_id)
    query = query.order_by(CASES.c.case_id).limit(AT_ONCE)
    last = ""
    while some := connection.execute(query.where(CASES.c.case_id > last)).all():
        yield [words_row(*row) for row in some]
        last = some[-1].case_id
