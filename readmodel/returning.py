"""How many different people report, and how many of them had reported before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Subquery, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from readmodel.reporter_table import ReporterRow
from readmodel.tables import AssignmentRow
from readmodel.tallies import EVERYONE, GroupBy, Scope


@dataclass(frozen=True, slots=True)
class Reporters:
    """Of some reports with an address or a number."""

    reports: int = 0
    people: int = 0
    """Different ones."""
    returning: int = 0
    """Those of them who had reported before, whenever that was."""
    again: int = 0
    """The reports of someone who had reported before."""

    @property
    def share(self) -> float | None:
        """Of the reports: by someone who had reported before; None where there is none."""
        return self.again / self.reports if self.reports else None


def reporters_between(
    session: Session, start: datetime, end: datetime, scope: Scope = EVERYONE, work: tuple[GroupBy, str] | None = None
) -> Reporters:
    """Of the cases opened from `start` up to `end`, exclusive; perhaps of one service or theme only."""
    within = _within(start, end, scope)
    if work is not None:
        within.append(_column(work[0]) == work[1])
    people = select(*_PERSON).where(*within, *_theirs(scope)).group_by(ReporterRow.person).subquery()
    numbers: Sequence[int] = session.execute(select(*_numbers(people))).one()
    return Reporters(*numbers)


def reporters_by_group(
    session: Session, start: datetime, end: datetime, group_by: GroupBy, scope: Scope = EVERYONE
) -> dict[str, Reporters]:
    """The same, side by side. A department counts the cases in which it has or had a task."""
    within = _within(start, end, scope)
    if group_by is GroupBy.DEPARTMENT:
        held = select(AssignmentRow.case_id, AssignmentRow.department).distinct().subquery()
        query = select(held.c.department.label("member"), *_PERSON).join(held, held.c.case_id == ReporterRow.case_id)
        if scope.departments is not None:
            within.append(held.c.department.in_(scope.departments))
        each = query.where(*within).group_by(held.c.department, ReporterRow.person).subquery()
    else:
        column = _column(group_by)
        query = select(column.label("member"), *_PERSON).where(*within, *_theirs(scope))
        each = query.group_by(column, ReporterRow.person).subquery()
    rows = session.execute(select(each.c.member, *_numbers(each)).group_by(each.c.member))
    return {name: Reporters(*numbers) for name, *numbers in rows}


_PERSON = func.count().label("reports"), func.count(case((ReporterRow.again.is_(True), 1))).label("again")
"""Of one person: their reports, and those of them before which they had reported already."""


def _numbers(people: Subquery) -> list[ColumnElement[int]]:
    """As `Reporters` has them, of such people."""
    reports, again = people.c.reports, people.c.again
    returning = func.count(case((again > 0, 1)))
    return [func.coalesce(func.sum(reports), 0), func.count(), returning, func.coalesce(func.sum(again), 0)]


def _within(start: datetime, end: datetime, scope: Scope) -> list[ColumnElement[bool]]:
    found = [ReporterRow.opened_at >= start, ReporterRow.opened_at < end]
    if scope.neighbourhoods is not None:
        found.append(ReporterRow.neighbourhood.in_(scope.neighbourhoods))
    return found


def _theirs(scope: Scope) -> list[ColumnElement[bool]]:
    """Cases in which one of the departments has or had a task."""
    if scope.departments is None:
        return []
    tasks = select(AssignmentRow.case_id).where(AssignmentRow.department.in_(scope.departments))
    return [ReporterRow.case_id.in_(tasks)]


def _column(group_by: GroupBy) -> InstrumentedAttribute[str]:
    return {
        GroupBy.NEIGHBOURHOOD: ReporterRow.neighbourhood,
        GroupBy.SERVICE: ReporterRow.service,
        GroupBy.THEME: ReporterRow.theme,
    }[group_by]
