"""The words by which cases are found: those of their reports, without capitals and accents, and their index.

Both databases index the same words, which are split here and nowhere else: SQLite in a virtual table that triggers
keep in step, PostgreSQL in an index on the table itself. Neither needs an extension.
"""

import re
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, cast
from unicodedata import combining, normalize

from sqlalchemy import BigInteger, Connection, ForeignKey, Integer, Table, Text, event, update
from sqlalchemy.orm import Mapped, mapped_column

from readmodel.base import Base
from readmodel.tables import CaseRow

if TYPE_CHECKING:
    from alembic.runtime.environment import NameFilterParentNames, NameFilterType

LONGEST, MOST = 40, 2000
"""Letters of a word, and words of a case, that count."""
WITHIN_HOUR = 42
"""Bits of a place that tell cases of the same hour apart."""
WITHIN_PERIOD = WITHIN_HOUR + 9
"""Bits of a place within some three weeks, by which PostgreSQL finds the latest among many."""
_HOURS = (1 << 21) - 1
_WORD = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


class CaseWordsRow(Base):
    """A case among those that can be found."""

    __tablename__ = "case_words"

    place: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    """In order of opening, to the hour; see `place_of`."""
    case_id: Mapped[str] = mapped_column(ForeignKey(CaseRow.case_id), unique=True)
    words: Mapped[str] = mapped_column(Text)
    """Each once, with a space between."""


CASE_WORDS = cast(Table, CaseWordsRow.__table__)
FOUND = "found_words"
"""The virtual table of SQLite, with tables of its own behind it."""
FOUND_INDEX = "ix_case_words_found"
VECTOR = "vector"
"""The column that PostgreSQL makes of the words and the period, for its index."""

_INDEXES = {
    "sqlite": (
        f"CREATE VIRTUAL TABLE {FOUND} USING fts5("
        "words, content='case_words', content_rowid='place', tokenize='ascii', "
        "detail='none', columnsize=0, prefix='2 3 4 5 6 7 8 9 10')",
        f"CREATE TRIGGER case_words_added AFTER INSERT ON case_words BEGIN "
        f"INSERT INTO {FOUND} (rowid, words) VALUES (new.place, new.words); END",
        f"CREATE TRIGGER case_words_removed AFTER DELETE ON case_words BEGIN "
        f"INSERT INTO {FOUND} ({FOUND}, rowid, words) VALUES ('delete', old.place, old.words); END",
        f"CREATE TRIGGER case_words_changed AFTER UPDATE ON case_words BEGIN "
        f"INSERT INTO {FOUND} ({FOUND}, rowid, words) VALUES ('delete', old.place, old.words); "
        f"INSERT INTO {FOUND} (rowid, words) VALUES (new.place, new.words); END",
    ),
    "postgresql": (
        f"ALTER TABLE case_words ADD COLUMN {VECTOR} tsvector GENERATED ALWAYS AS "
        f"(array_to_tsvector(string_to_array(words, ' ') || ('@' || (place >> {WITHIN_PERIOD})::text))) STORED",
        f"CREATE INDEX {FOUND_INDEX} ON case_words USING gin ({VECTOR}) WITH (fastupdate = off)",
    ),
}


def _make_index(_: object, connection: Connection, **__: object) -> None:
    for statement in _INDEXES[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def _drop_index(_: object, connection: Connection, **__: object) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {FOUND}")


event.listen(CASE_WORDS, "after_create", _make_index)
event.listen(CASE_WORDS, "before_drop", _drop_index)


def told_by_models(name: str | None, kind: "NameFilterType", parents: "NameFilterParentNames") -> bool:
    """For Alembic's `include_name`: the full text index is no part of the models."""
    if name is None:
        return True
    vector = kind == "column" and name == VECTOR and parents.get("table_name") == CASE_WORDS.name
    return not vector and not name.startswith(f"{FOUND}_") and name not in (FOUND, FOUND_INDEX)


def words_of(*texts: str | None) -> tuple[str, ...]:
    """The words of these texts, each once: letters and digits, without capitals and accents."""
    plain = " ".join(text for text in texts if text)
    if not plain.isascii():
        plain = normalize("NFKD", normalize("NFKD", plain).casefold()).translate(_LETTERS)
        plain = "".join(letter for letter in plain if not combining(letter))
    found = dict.fromkeys(word[:LONGEST] for word in _WORD.findall(plain.lower()))
    return tuple(found)[:MOST]


def place_of(case_id: str, opened_at: datetime) -> int:
    """The hour of opening, and then an order of its own, hardly ever the same for two cases."""
    among = int.from_bytes(blake2b(case_id.encode(), digest_size=6).digest()) >> (48 - WITHIN_HOUR)
    return place_from(opened_at) | among


def place_from(moment: datetime, hours: int = 0) -> int:
    """The first place of the hour of this moment, or of one so many hours later."""
    hour = int(moment.timestamp()) // 3600 + hours
    return min(max(0, hour), _HOURS) << WITHIN_HOUR


def forget_words(connection: Connection, case_id: str) -> None:
    """The case is found by its number only, and the index holds nothing of its words any more.

    On SQLite that is what `optimize` is for: the index does not drop a word but notes that it is gone.
    """
    gone = update(CASE_WORDS).where(CASE_WORDS.c.case_id == case_id, CASE_WORDS.c.words != "").values(words="")
    if connection.execute(gone).rowcount and connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"INSERT INTO {FOUND} ({FOUND}) VALUES ('optimize')")


def words_row(case_id: str, opened_at: datetime, *texts: str | None) -> dict[str, object]:
    return {"place": place_of(case_id, opened_at), "case_id": case_id, "words": " ".join(words_of(*texts))}
