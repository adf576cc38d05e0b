"""Several cases at once as the rules see them, each with the rules that it travels with."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.case import Case
from domain.rulebook import Rulebook
from domain.words import CaseId
from readmodel.codec import case_from_json
from readmodel.rulebooks import rules_of
from readmodel.schema import CASES


def states_of(session: Session, case_ids: Collection[CaseId]) -> Mapping[CaseId, tuple[Case, Rulebook]]:
    """Those that exist; that one may know of them is for the reader to see to."""
    if not case_ids:
        return {}
    connection = session.connection()
    query = select(CASES.c.case_id, CASES.c.state, CASES.c.rules).where(CASES.c.case_id.in_(case_ids))
    rows = connection.execute(query).all()
    rules = rules_of(connection, {row.rules for row in rows})
    return {CaseId(row.case_id): (case_from_json(row.state), rules[row.rules]) for row in rows}
