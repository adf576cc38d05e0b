"""What someone may know of: the cases of their departments, of their neighbourhoods, or all."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, FromClause, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from domain.words import DepartmentId, NeighbourhoodId, ServiceCode
from readmodel.parties import Party
from readmodel.schema import ASSIGNMENTS, CASE_PARTIES


@dataclass(frozen=True, slots=True)
class Sight:
    """None restricts nothing, an empty tuple shows nothing; with both given, a case must satisfy both."""

    departments: tuple[DepartmentId, ...] | None = None
    """Cases in which one of these has or had a task."""
    neighbourhoods: tuple[NeighbourhoodId, ...] | None = None
    teams: tuple[NeighbourhoodId, ...] = ()
    """Of a single case that lies here one may know besides, unless its service is withheld; lists leave it out."""
    withheld: tuple[ServiceCode, ...] = ()


EVERYTHING = Sight()
FEW = 2000


def within(session: Session, sight: Sight, table: FromClause) -> list[ColumnElement[bool]]:
    """Conditions on a table that has `case_id` and `neighbourhood`."""
    conditions: list[ColumnElement[bool]] = []
    if sight.neighbourhoods is not None:
        conditions.append(table.c.neighbourhood.in_(sight.neighbourhoods))
    if sight.departments is not None:
        conditions.append(concerning(session, sight.departments, table))
    return conditions


def reaching(session: Session, sight: Sight, table: FromClause) -> list[ColumnElement[bool]]:
    """As `within`, and what they have a say in besides: for single cases, and for what happens; lists are narrower."""
    conditions: list[ColumnElement[bool]] = []
    if sight.neighbourhoods is not None:
        theirs = _takes_part(Party.NEIGHBOURHOOD, sight.neighbourhoods, table)
        conditions.append(or_(table.c.neighbourhood.in_(sight.neighbourhoods), theirs))
    if sight.departments is not None:
        theirs = _takes_part(Party.DEPARTMENT, sight.departments, table)
        conditions.append(or_(concerning(session, sight.departments, table), theirs))
    return conditions


def _takes_part(kind: Party, parties: Sequence[str], table: FromClause) -> ColumnElement[bool]:
    of_kind = (CASE_PARTIES.c.kind == kind.value, CASE_PARTIES.c.party.in_(parties))
    return exists().where(CASE_PARTIES.c.case_id == table.c.case_id, *of_kind).correlate(table)


def reached(session: Session, sight: Sight, table: FromClause) -> list[ColumnElement[bool]]:
    """As `reaching`, for a single case: the neighbourhood teams' besides. The table has a `service`, too."""
    conditions = reaching(session, sight, table)
    if not conditions or not sight.teams:
        return conditions
    theirs = or_(table.c.neighbourhood.in_(sight.teams), _takes_part(Party.NEIGHBOURHOOD, sight.teams, table))
    return [or_(and_(*conditions), and_(theirs, table.c.service.not_in(sight.withheld)))]


def on_the_board(sight: Sight, table: FromClause, asks: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    """As `within`, for the cases of which the last tasks of departments say so; see `AssignmentRow.case_ladders`."""
    conditions: list[ColumnElement[bool]] = []
    if sight.neighbourhoods is not None:
        conditions.append(table.c.neighbourhood.in_(sight.neighbourhoods))
    if sight.departments is not None:
        theirs = of_departments(sight.departments, asks)
        conditions.append(table.c.case_id.in_(select(ASSIGNMENTS.c.case_id).where(*theirs)))
    return conditions


def of_departments(departments: Sequence[DepartmentId], *asks: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    """The last tasks of these departments in open cases, perhaps only those that ask for attention in some way."""
    return [ASSIGNMENTS.c.department.in_(departments), ASSIGNMENTS.c.case_ladders.is_not(None), *asks]


def concerning(
    session: Session, departments: Sequence[DepartmentId], table: FromClause, *, carried: bool = False
) -> ColumnElement[bool]:
    """The cases in which one of these departments has or had a task, or still carries one.

    Where there are few of them the list is gathered from their tasks; walking through the whole city in search of them
    would take longer the fewer there are.
    """
    theirs = [ASSIGNMENTS.c.department.in_(departments)]
    if carried:
        theirs.append(ASSIGNMENTS.c.carried.is_(True))
    some = select(ASSIGNMENTS.c.case_id).where(ASSIGNMENTS.c.department.in_(departments)).limit(FEW + 1).subquery()
    found = session.connection().execute(select(func.count()).select_from(some)).scalar_one()
    if found <= FEW:
        return table.c.case_id.in_(select(ASSIGNMENTS.c.case_id).where(*theirs))
    return exists().where(ASSIGNMENTS.c.case_id == table.c.case_id, *theirs).correlate(table)
