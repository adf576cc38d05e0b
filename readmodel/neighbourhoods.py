"""How neighbourhoods stand now: what is open in each, within someone's sight; and where a department works."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, FromClause, func, select, true
from sqlalchemy.orm import Session

from domain.words import DepartmentId, NeighbourhoodId, Stage
from readmodel.figures import FigureScopeRow
from readmodel.schema import ASSIGNMENTS, CASES, ESCALATIONS
from readmodel.sight import EVERYTHING, Sight, on_the_board
from readmodel.tallies import GroupBy


@dataclass(frozen=True, slots=True)
class Standing:
    """What asks for attention in a neighbourhood."""

    open: int = 0
    overdue: int = 0
    """As `readmodel.cases.CaseFilter` has it."""
    stuck: int = 0
    """Ladders that are being climbed, as the board lists them."""
    to_place: int = 0


def standing(
    session: Session, now: datetime, sight: Sight = EVERYTHING, neighbourhood: NeighbourhoodId | None = None
) -> dict[NeighbourhoodId, Standing]:
    """Of each neighbourhood with open cases, or of this one: those within sight."""
    is_open = CASES.c.closed_at.is_(None)
    late = (is_open, CASES.c.stage != Stage.RESOLVED.value, CASES.c.due < now)
    climbing = ASSIGNMENTS.c.case_ladders > 0
    placing = ASSIGNMENTS.c.case_to_place_since.is_not(None)

    def count(table: FromClause, asks: ColumnElement[bool], *conditions: ColumnElement[bool]) -> Counter[str]:
        there = table.c.neighbourhood
        query = select(there, func.count()).where(*conditions, *on_the_board(sight, table, asks)).group_by(there)
        if neighbourhood is not None:
            query = query.where(there == neighbourhood)
        return Counter({row[0]: row[1] for row in session.connection().execute(query)})

    open_cases = count(CASES, true(), is_open)
    overdue = count(CASES, true(), *late)
    stuck = count(ESCALATIONS, climbing, ESCALATIONS.c.stuck_since.is_not(None))
    to_place = count(CASES, placing, CASES.c.to_place_since.is_not(None))
    return {
        NeighbourhoodId(name): Standing(open_cases[name], overdue[name], stuck[name], to_place[name])
        for name in sorted(open_cases)
    }


def where_it_works(session: Session, department: DepartmentId, since: date) -> frozenset[NeighbourhoodId]:
    """Where it has something to do, or had a case on a day since then that its figures tell of."""
    tasks = select(ASSIGNMENTS.c.neighbourhood).where(
        ASSIGNMENTS.c.department == department, ASSIGNMENTS.c.due_at.is_not(None)
    )
    figures = select(FigureScopeRow.member).where(
        FigureScopeRow.scope_by == GroupBy.DEPARTMENT.value,
        FigureScopeRow.group_by == GroupBy.NEIGHBOURHOOD.value,
        FigureScopeRow.scope == department,
        FigureScopeRow.first_day >= since,
    )
    found = {*session.connection().execute(tasks.distinct()).scalars(), *session.scalars(figures.distinct())}
    return frozenset(NeighbourhoodId(name) for name in found if name is not None)
