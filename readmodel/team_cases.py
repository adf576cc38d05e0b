"""The open cases of a neighbourhood as its team sees them, and who is in that team."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.words import DepartmentId, NeighbourhoodId, ServiceCode
from readmodel.cases import CaseItem, case_item, items
from readmodel.schema import CASES, USERS


def open_cases(
    session: Session, neighbourhood: NeighbourhoodId, withheld: Sequence[ServiceCode], limit: int
) -> list[CaseItem]:
    """Those that are promised soonest first."""
    there = (CASES.c.neighbourhood == neighbourhood, CASES.c.closed_at.is_(None), CASES.c.service.not_in(withheld))
    query = items().where(*there).order_by(CASES.c.due, CASES.c.case_id).limit(limit)
    return [case_item(row) for row in session.execute(query)]


def members_of(session: Session, team: Sequence[DepartmentId]) -> dict[DepartmentId, tuple[str, ...]]:
    """The names of the people with an account, by their department."""
    query = select(USERS.c.department, USERS.c.name).where(USERS.c.department.in_(team), USERS.c.disabled_at.is_(None))
    found: defaultdict[DepartmentId, list[str]] = defaultdict(list)
    for row in session.execute(query):
        found[DepartmentId(row.department)].append(row.name)
    return {department: tuple(sorted(names, key=str.casefold)) for department, names in found.items()}
