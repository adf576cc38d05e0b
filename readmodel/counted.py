"""The cases behind a figure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, select, text
from sqlalchemy.orm import Session

from domain.measures import Measure
from domain.words import DepartmentId
from readmodel.figures import FAILED, SELDOM, FigureRow
from readmodel.schema import CASES
from readmodel.sight import FEW

RARE = frozenset({m for m in Measure if f"'{m.value}'" in SELDOM})


@dataclass(frozen=True, slots=True)
class Counted:
    """Which facts a case must have one of, at least; None narrows nothing."""

    measures: tuple[Measure, ...]
    start: date | None = None
    """Local days of the city, both inclusive."""
    end: date | None = None
    word: str | None = None
    """The first of the detail: the reason, the cause, the outcome, or whether it was solved."""
    failed: bool = False
    """Only those that were judged and not well, as `Measure` says for each."""


def counting(
    session: Session, wanted: Counted, department: DepartmentId | None = None, few: int = FEW
) -> ColumnElement[bool]:
    """The cases that count, for this department if given.

    Few are gathered and then put in order; of many, the first in the list's own order are soon found one by one.
    """
    ids = counted_cases(wanted, department)
    if wanted.failed or not RARE.issuperset(wanted.measures):
        return CASES.c.case_id.in_(ids)
    some = ids.limit(few + 1).subquery()
    if session.connection().execute(select(func.count()).select_from(some)).scalar_one() <= few:
        return CASES.c.case_id.in_(ids)
    one = ids.where(FigureRow.case_id == CASES.c.case_id).correlate(CASES).exists()
    if wanted.end is None:
        return one
    later = datetime.combine(wanted.end + timedelta(days=2), time(), UTC)
    return and_(one, CASES.c.opened_at < later)


def counted_cases(wanted: Counted, department: DepartmentId | None = None) -> Select[str]:
    """Their ids, perhaps several times; those that count for this department, if given."""
    query = select(FigureRow.case_id).where(FigureRow.measure.in_([m.value for m in wanted.measures]))
    # The databases use a partial index only where its very condition stands in the question.
    if wanted.failed:
        query = query.where(text(FAILED))
    elif RARE.issuperset(wanted.measures):
        query = query.where(text(SELDOM))
    if wanted.start is not None:
        query = query.where(FigureRow.day >= wanted.start)
    if wanted.end is not None:
        query = query.where(FigureRow.day <= wanted.end)
    if wanted.word is not None:
        # A space follows the first word where there are more; "!" is the next character.
        query = query.where(
            (FigureRow.detail == wanted.word)
            | ((FigureRow.detail > f"{wanted.word} ") & (FigureRow.detail < f"{wanted.word}!"))
        )
    if department is None:
        return query.where(FigureRow.is_primary.is_(True))
    return query.where(FigureRow.department == department)
