"""How many different people report, and how many of them had reported before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
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
    query = select(*_numbers()).where(*_within(start, end, scope))
    if work is not None:
        query = query.where(_column(work[0]) == work[1])
    if scope.departments is not None:
        theirs = select(AssignmentRow.case_id).where(AssignmentRow.department.in_(scope.departments))
        query = query.where(ReporterRow.case_id.in_(theirs))
    numbers: Sequence[int] = session.execute(query).one()
    return Reporters(*numbers)


def reporters_by_group(
    session: Session, start: datetime, end: datetime, group_by: GroupBy, scope: Scope = EVERYONE
) -> dict[str, Reporters]:
    """The same, side by side. A department counts the cases in which it has or had a task."""
    within = _within(start, end, scope)
    if group_by is GroupBy.DEPARTMENT:
        held = select(AssignmentRow.case_id, AssignmentRow.department).distinct().subquery()
        query = select(held.c.department, *_numbers()).join(held, held.c.case_id == ReporterRow.case_id)
        if scope.departments is not None:
            within.append(held.c.department.in_(scope.departments))
        rows = session.execute(query.where(*within).group_by(held.c.department))
    else:
        column = _column(group_by)
        if scope.departments is not None:
            theirs = select(AssignmentRow.case_id).where(AssignmentRow.department.in_(scope.departments))
            within.append(ReporterRow.case_id.in_(theirs))
        rows = session.execute(select(column, *_numbers()).where(*within).group_by(column))
    return {name: Reporters(*numbers) for name, *numbers in rows}


def _within(start: datetime, end: datetime, scope: Scope) -> list[ColumnElement[bool]]:
    found = [ReporterRow.opened_at >= start, ReporterRow.opened_at < end]
    if scope.neighbourhoods is not None:
        found.append(ReporterRow.neighbourhood.in_(scope.neighbourhoods))
    return found


def _column(group_by: GroupBy) -> InstrumentedAttribute[str]:
    return {
        GroupBy.NEIGHBOURHOOD: ReporterRow.neighbourhood,
        GroupBy.SERVICE: ReporterRow.service,
        GroupBy.THEME: ReporterRow.theme,
    }[group_by]


def _numbers() -> list[ColumnElement[int]]:
    """As `Reporters` has them."""
    again = case((ReporterRow.again.is_(True), ReporterRow.person))
    return [func.count(), func.count(ReporterRow.person.distinct()), func.count(again.distinct()), func.count(again)]
