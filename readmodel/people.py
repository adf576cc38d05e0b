"""The names of those who act on cases, by the ids that events remember."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from readmodel.schema import TOKENS, USERS


def names_of(session: Session, ids: Iterable[str]) -> Mapping[str, str]:
    """Of users their name, of programs the label of their token; what is unknown or has no label is left out."""
    wanted = set(ids)
    if not wanted:
        return {}
    people = select(USERS.c.id, USERS.c.name).where(USERS.c.id.in_(wanted))
    programs = select(TOKENS.c.id, TOKENS.c.label).where(TOKENS.c.id.in_(wanted), TOKENS.c.label != "")
    return {row[0]: row[1] for query in (people, programs) for row in session.connection().execute(query)}
