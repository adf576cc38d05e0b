"""Cases that have all the words of a query, each at the beginning of a word of theirs; rare words or common ones.

The full text index gives the latest hits, and the list is made from those. Where too few of them meet the other
conditions of the list, the list is walked through instead: then these conditions let little through.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, cast, func, literal, literal_column, select, text
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlalchemy.orm import Session

from readmodel.base import PLAIN
from readmodel.paging import Order
from readmodel.schema import CASES
from readmodel.words import CASE_WORDS, FOUND, VECTOR, WITHIN_HOUR, WITHIN_PERIOD, place_from, words_of

MOST_WORDS = 10
HITS = 250, 20_000
"""How many hits are looked at, and up to how many if those do not fill a page but more of their kind would."""
_LAST = (1 << 63) - 1
_FTS5 = text(
    f"SELECT place, case_id FROM {FOUND} CROSS JOIN case_words ON place = {FOUND}.rowid "
    f"WHERE {FOUND} MATCH :match AND {FOUND}.rowid < :before ORDER BY {FOUND}.rowid DESC LIMIT :most"
)

_Hit = tuple[int, str]
"""A place and the case in it."""


@dataclass(frozen=True, slots=True)
class _Hits:
    case_ids: list[str]
    all: bool
    """There are no others, later or earlier than these."""


def query_words(q: str) -> tuple[str, ...]:
    """The words to look for, of all that someone may type; empty where there are none."""
    return words_of(q[:1000])[:MOST_WORDS]


def search(
    session: Session,
    query: Select[Any],
    order: Order,
    words: Sequence[str],
    most: int,
    latest_from: datetime | None,
    hits: tuple[int, int] = HITS,
) -> Sequence[Row[Any]]:
    """The first rows, at most `most`, of a query of cases in this order that have these words.

    `latest_from` is where the query begins if the order is by opening, the latest first; None for another order.
    """
    connection = session.connection()
    if not words:
        return []
    some, many = hits
    while True:
        found = _hits(connection, words, some if latest_from is not None else many, latest_from)
        if not found.all and latest_from is None:
            break
        rows = connection.execute(_among(connection, query, order, found.case_ids).limit(most)).all()
        if found.all or len(rows) >= most:
            return rows
        enough = 3 * most * len(found.case_ids) // (2 * len(rows) + 1)
        if some >= many or enough > many:
            break
        some = max(enough, some + 1)
    return connection.execute(query.where(_having(words)).order_by(*order.by()).limit(most)).all()


def _hits(connection: Connection, words: Sequence[str], most: int, latest_from: datetime | None) -> _Hits:
    """All hits if they are no more than `most`; else the latest of them that fill whole hours."""
    before = place_from(latest_from, 1) if latest_from is not None else None
    if connection.dialect.name == "sqlite":
        found = _latest_on_sqlite(connection, words, most + 1, before)
    else:
        found = _some_on_postgresql(connection, words, most + 1, before)
        if len(found) > most and latest_from is not None:
            found = _latest_on_postgresql(connection, words, most + 1, before)
    if len(found) <= most:
        return _Hits([case_id for _, case_id in found], True)
    last_hour = found[-1][0] >> WITHIN_HOUR
    return _Hits([case_id for place, case_id in found if place >> WITHIN_HOUR > last_hour], False)


def _latest_on_sqlite(connection: Connection, words: Sequence[str], most: int, before: int | None) -> list[_Hit]:
    """FTS5 keeps places in order, and reads no more of them than asked for."""
    match = " AND ".join(f'"{word}"*' if _begins(word) else f'"{word}"' for word in words)
    wanted = {"match": match, "before": before if before is not None else _LAST, "most": most}
    return [(row.place, row.case_id) for row in connection.execute(_FTS5, wanted)]


def _some_on_postgresql(connection: Connection, words: Sequence[str], most: int, before: int | None) -> list[_Hit]:
    query = _hits_of(_all_of(words), before).limit(most)
    return [(row.place, row.case_id) for row in connection.execute(query)]


def _latest_on_postgresql(connection: Connection, words: Sequence[str], most: int, before: int | None) -> list[_Hit]:
    """An inverted index knows no order: it is asked for a period, then for the two before, then for four, and so on."""
    ends = connection.execute(select(func.min(CASE_WORDS.c.place), func.max(CASE_WORDS.c.place))).one()
    first, last = ends[0] >> WITHIN_PERIOD, min(ends[1], before if before is not None else _LAST) >> WITHIN_PERIOD
    found: list[_Hit] = []
    periods = 1
    while last >= first and len(found) < most:
        some = range(last, max(first, last - periods + 1) - 1, -1)
        within = " | ".join(f"'@{period}'" for period in some)
        hits = _hits_of(f"{_all_of(words)} & ({within})", before).cte("hits").prefix_with("MATERIALIZED")
        latest = select(hits).order_by(hits.c.place.desc()).limit(most - len(found))
        found += [(row.place, row.case_id) for row in connection.execute(latest)]
        last, periods = some[-1] - 1, periods * 2
    return found


def _all_of(words: Sequence[str]) -> str:
    return " & ".join(f"'{word}':*" if _begins(word) else f"'{word}'" for word in words)


def _hits_of(words: str, before: int | None) -> Select[Any]:
    has = literal_column(VECTOR).op("@@")(cast(literal(words), TSQUERY))
    query = select(CASE_WORDS.c.place, CASE_WORDS.c.case_id).where(has)
    return query.where(CASE_WORDS.c.place < before) if before is not None else query


def _among(connection: Connection, query: Select[Any], order: Order, case_ids: list[str]) -> Select[Any]:
    """These cases in order. PostgreSQL must not think of walking through all cases in order until it meets these."""
    if connection.dialect.name == "sqlite":
        ids = select(func.json_each(json.dumps(case_ids)).table_valued("value").c.value)
        return query.where(CASES.c.case_id.in_(ids)).order_by(*order.by())
    these = query.where(CASES.c.case_id == func.any(literal(case_ids, ARRAY(PLAIN))))
    found = these.cte("found").prefix_with("MATERIALIZED")
    columns = tuple(found.c[str(column.key)] for column in order.columns)
    return select(found).order_by(*Order(order.name, columns, order.descending).by())


def _begins(word: str) -> bool:
    """A single letter or digit, such as a house number, stands for itself."""
    return len(word) > 1


def _having(words: Sequence[str]) -> ColumnElement[bool]:
    """Looked up case by case: no join, which a database might begin with all words there are."""
    words = [f" {word}" if _begins(word) else f" {word} " for word in words]
    text_of_case = literal(" ").concat(CASE_WORDS.c.words).concat(" ")
    all_of = and_(*(text_of_case.contains(word) for word in words))
    return select(all_of).where(CASE_WORDS.c.case_id == CASES.c.case_id).correlate(CASES).scalar_subquery()
