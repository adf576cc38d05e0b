"""Setting money aside for whoever takes on an offer, and telling the manager where there is not enough."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.city import City
from readmodel.ledger import Wish, reserve
from readmodel.letters import Letter, LetterKind
from readmodel.rows import letter_columns
from readmodel.schema import EVENT_LOG, LETTERS

_INSERT: dict[str, Any] = {
    "sqlite": sqlite.insert(LETTERS).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(LETTERS).on_conflict_do_nothing(),
}


def set_aside(session: Session, city: City, wish: Wish, now: datetime) -> bool:
    """Whether the neighbourhood's budget has it set aside; the manager hears once for each offer that it had not."""
    neighbourhood = city.neighbourhoods.get(wish.neighbourhood)
    budget = neighbourhood.budget * 100 if neighbourhood is not None else 0
    granted = reserve(session, wish, budget, now)
    if not granted:
        _tell_the_manager(session, city, wish, now)
    return granted


def _tell_the_manager(session: Session, city: City, wish: Wish, now: datetime) -> None:
    connection = session.connection()
    made = select(EVENT_LOG.c.seq).where(EVENT_LOG.c.case_id == wish.case_id, EVENT_LOG.c.kind == "offer_made")
    seq = connection.execute(made.order_by(EVENT_LOG.c.seq.desc()).limit(1)).scalar_one_or_none()
    if seq is not None:
        letter = Letter(LetterKind.SHORT, f"manager:{wish.neighbourhood}", urgent=False)
        row = letter_columns(wish.case_id, seq, now, letter, city.languages[0])
        connection.execute(_INSERT[connection.dialect.name], row)
