"""How neighbourhoods stand now: what is open in each, within someone's sight; and where a department works."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, FromClause, func, select, true
from sqlalchemy.orm import Session

from domain.words import CaseId, DepartmentId, NeighbourhoodId, ServiceCode, Stage
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


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case as a mark on the map, without anything that anyone wrote."""

    case_id: CaseId
    number: str
    service: ServiceCode
    theme: str
    lat: float | None
    lon: float | None
    opened_at: datetime
    escalated: bool
    overdue: bool


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


def open_there(
    session: Session, now: datetime, neighbourhood: NeighbourhoodId, sight: Sight = EVERYTHING, limit: int = 200
) -> tuple[OpenCase, ...]:
    """The open cases of one neighbourhood within sight, at most so many: those that are open longest."""
    query = (
        select(
            CASES.c.case_id,
            CASES.c.number,
            CASES.c.service,
            CASES.c.theme,
            CASES.c.lat,
            CASES.c.lon,
            CASES.c.opened_at,
            CASES.c.escalation_level,
            CASES.c.due,
            CASES.c.stage,
        )
        .where(CASES.c.closed_at.is_(None), CASES.c.neighbourhood == neighbourhood)
        .where(*on_the_board(sight, CASES, true()))
        .order_by(CASES.c.opened_at, CASES.c.case_id)
        .limit(limit)
    )
    return tuple(
        OpenCase(
            CaseId(row.case_id),
            row.number,
            ServiceCode(row.service),
            row.theme,
            row.lat,
            row.lon,
            row.opened_at,
            row.escalation_level > 0,
            row.due < now and row.stage != Stage.RESOLVED.value,
        )
        for row in session.connection().execute(query)
    )


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
