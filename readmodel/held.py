"""What held cases back in a period, and which cases those are.

Two stretches of the limits are read: those that ended since the period began (`ix_limits_ended`), and the few that
last (`ix_limits_lasting`). What ended before costs nothing: the recent past, which people ask for, costs what happened
in it. Of 200,000 limits in ten years, three months (5,000) are read and added up in a tenth of a second, a year in a
third.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select, union_all
from sqlalchemy.orm import Session

from domain.limit_figures import Lasted
from domain.limits import Limit
from domain.words import Cause, DepartmentId
from readmodel.schema import CASES, LIMITS
from readmodel.sight import FEW
from readmodel.tallies import GroupBy, Scope

UNNAMED = "unnamed"
"""The word for a cause that is not named, where None says that any will do."""
_LIMITS = {limit.value: limit for limit in Limit}
_CAUSES: dict[str | None, Cause | None] = {None: None, **{cause.value: cause for cause in Cause}}
"""Looking them up is several times as fast as making them, and a period has many."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Whose limits: within a scope, and perhaps of one service or theme."""

    scope: Scope
    service: str | None = None
    theme: str | None = None


@dataclass(frozen=True, slots=True)
class Waited:
    """One wait, and what it is grouped by."""

    lasted: Lasted
    department: str | None
    """None where no department owned the case."""
    neighbourhood: str
    service: str
    theme: str

    def group(self, group_by: GroupBy) -> str | None:
        match group_by:
            case GroupBy.DEPARTMENT:
                return self.department
            case GroupBy.NEIGHBOURHOOD:
                return self.neighbourhood
            case GroupBy.SERVICE:
                return self.service
            case GroupBy.THEME:
                return self.theme


def waited(session: Session, start: datetime, end: datetime, narrowed: Narrowed) -> list[Waited]:
    """Every wait that began or lasted from `start` until `end`."""
    columns = [LIMITS.c[name] for name in ("case_id", "what", "cause", "began_at", "ended_at", *GroupBy)]
    whose = list(_of(narrowed))
    both = (select(*columns).where(stretch, *whose) for stretch in _touching(start, end))
    return [
        Waited(Lasted(case_id, _LIMITS[what], _CAUSES[cause], began_at, ended_at), *of)
        for case_id, what, cause, began_at, ended_at, *of in session.execute(union_all(*both))
    ]


def grouped(waits: Iterable[Waited], group_by: GroupBy) -> dict[str, list[Lasted]]:
    """By what they are grouped by; what no department owned is left out by department."""
    found: dict[str, list[Lasted]] = {}
    for wait in waits:
        group = wait.group(group_by)
        if group is not None:
            found.setdefault(group, []).append(wait.lasted)
    return found


@dataclass(frozen=True, slots=True)
class Held:
    """Which limits a case must have met one of, at least; None narrows nothing."""

    cause: str | None
    """One of `Cause`, or `UNNAMED`."""
    what: Limit | None = None
    """Then it must have begun in the period; else it is enough that it lasted in it for a while."""
    start: datetime | None = None
    end: datetime | None = None
    """The first moment after."""


def holding(
    session: Session, wanted: Held, department: DepartmentId | None = None, few: int = FEW
) -> ColumnElement[bool]:
    """The cases that were held back so, in the task of this department if given.

    Few are gathered and then put in order; of many, the first in the list's own order are soon found one by one.
    """
    ids = held_cases(wanted, department)
    some = ids.limit(few + 1).subquery()
    if session.connection().execute(select(func.count()).select_from(some)).scalar_one() <= few:
        return CASES.c.case_id.in_(ids)
    return ids.where(LIMITS.c.case_id == CASES.c.case_id).correlate(CASES).exists()


def held_cases(wanted: Held, department: DepartmentId | None = None) -> Select[str]:
    """Their ids, perhaps several times."""
    query = select(LIMITS.c.case_id)
    if wanted.cause is not None:
        unnamed = wanted.cause == UNNAMED
        query = query.where(LIMITS.c.cause.is_(None) if unnamed else LIMITS.c.cause == wanted.cause)
    if department is not None:
        query = query.where(LIMITS.c.department == department)
    if wanted.what is not None:
        query = query.where(LIMITS.c.what == wanted.what.value)
        query = query.where(LIMITS.c.began_at >= wanted.start) if wanted.start is not None else query
    if wanted.start is not None:
        query = query.where(or_(LIMITS.c.ended_at >= wanted.start, LIMITS.c.ended_at.is_(None)))
    return query.where(LIMITS.c.began_at < wanted.end) if wanted.end is not None else query


def _touching(start: datetime, end: datetime) -> Sequence[ColumnElement[bool]]:
    began = LIMITS.c.began_at < end
    return (LIMITS.c.ended_at >= start) & began, LIMITS.c.ended_at.is_(None) & began


def _of(narrowed: Narrowed) -> Iterator[ColumnElement[bool]]:
    scope = narrowed.scope
    if scope.departments is not None:
        yield LIMITS.c.department.in_(scope.departments)
    if scope.neighbourhoods is not None:
        yield LIMITS.c.neighbourhood.in_(scope.neighbourhoods)
    if narrowed.service is not None:
        yield LIMITS.c.service == narrowed.service
    if narrowed.theme is not None:
        yield LIMITS.c.theme == narrowed.theme
