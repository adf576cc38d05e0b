"""Figures of the cases of some departments or some neighbourhoods only, kept by month as soon as a month is over."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from datetime import date, timedelta

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.orm import Session

from domain.buckets import Bucket
from domain.tally import Tally
from readmodel.figures import FigureMonthRow, FigureRow, FigureScopeRow, FigureSummaryRow
from readmodel.tallies import GroupBy, Scope, Tallies, conditions, counted, packed, summaries, touched_days, unpacked

_DAY = timedelta(days=1)
_SCOPES = (GroupBy.DEPARTMENT, GroupBy.NEIGHBOURHOOD)


def tell_scopes(session: Session) -> bool:
    """Keeps the oldest month that is over and not kept yet; False if there is none.

    The newest month that has facts is never kept: it would have to be told anew with each fact.
    """
    newest = session.scalar(select(func.max(FigureRow.day)))
    if newest is None:
        return False
    first = session.scalar(
        select(func.min(FigureSummaryRow.first_day)).where(
            *summaries(Bucket.MONTH, GroupBy.SERVICE),
            FigureSummaryRow.first_day < Bucket.MONTH.first(newest),
            FigureSummaryRow.first_day.not_in(select(FigureMonthRow.first_day)),
        )
    )
    if first is None:
        return False
    within = FigureRow.day.between(first, Bucket.MONTH.last(first))
    made = []
    for scope_by in _SCOPES:
        for group_by in GroupBy:
            if group_by is scope_by:
                continue
            # As `conditions` has it: within a department all its facts count, elsewhere each case once.
            once = [] if scope_by is GroupBy.DEPARTMENT else conditions(group_by, Scope())
            known = [scope_by.column.is_not(None), group_by.column.is_not(None)]
            for (scope, member), tally in counted(
                session, (scope_by.column, group_by.column), [within, *once, *known]
            ).items():
                made.append(
                    {
                        "scope_by": scope_by.value,
                        "group_by": group_by.value,
                        "scope": scope,
                        "first_day": first,
                        "member": member,
                        "open_change": tally.open_change,
                        **packed(tally),
                    }
                )
    if made:
        session.execute(insert(FigureScopeRow), made)
    session.execute(insert(FigureMonthRow), [{"first_day": first}])
    return True


def forget_scopes(session: Session, month: date) -> None:
    """The month got other facts: what was kept of it does not hold any more."""
    if session.get(FigureMonthRow, month) is not None:
        session.execute(delete(FigureScopeRow).where(FigureScopeRow.first_day == month))
        session.execute(delete(FigureMonthRow).where(FigureMonthRow.first_day == month))


def kept_months(session: Session, end: date) -> frozenset[date]:
    """The months up to that of `end` of which the scopes are kept and tell everything."""
    kept = session.scalars(select(FigureMonthRow.first_day).where(FigureMonthRow.first_day <= end))
    touched = {Bucket.MONTH.first(day) for day in touched_days(session, Bucket.MONTH.last(end))}
    return frozenset(kept) - touched


def from_months(session: Session, months: Collection[date], group_by: GroupBy, scope: Scope) -> Tallies:
    """The kept months, in buckets of a month."""
    tallies: Tallies = defaultdict(Tally)
    query = select(
        FigureScopeRow.first_day,
        FigureScopeRow.member,
        FigureScopeRow.counts,
        FigureScopeRow.days_to_close,
        FigureScopeRow.hours_to_respond,
    ).where(*of_scope(group_by, scope), FigureScopeRow.first_day.in_(months))
    for first, member, counts, days_to_close, hours_to_respond in session.execute(query):
        tallies[first, member].include(unpacked(counts, days_to_close, hours_to_respond))
    return dict(tallies)


def open_from_months(session: Session, months: Collection[date], group_by: GroupBy, scope: Scope) -> Counter[str]:
    """By how much the open cases of each group changed in these kept months together."""
    query = select(FigureScopeRow.member, func.sum(FigureScopeRow.open_change)).where(
        *of_scope(group_by, scope), FigureScopeRow.first_day.in_(months)
    )
    return Counter({member: int(change) for member, change in session.execute(query.group_by(FigureScopeRow.member))})


def of_scope(group_by: GroupBy, scope: Scope) -> list[ColumnElement[bool]]:
    """Which kept rows tell of the groups of a one-sided scope."""
    scope_by = GroupBy.DEPARTMENT if scope.departments is not None else GroupBy.NEIGHBOURHOOD
    wanted = scope.departments if scope.departments is not None else scope.neighbourhoods
    return [
        FigureScopeRow.scope_by == scope_by.value,
        FigureScopeRow.group_by == group_by.value,
        FigureScopeRow.scope.in_(wanted or ()),
    ]


def gaps(months: Collection[date], start: date, end: date) -> Iterator[tuple[date, date]]:
    """The stretches of days from `start` to `end`, both inclusive, that lie outside these months."""
    for first in sorted(months):
        last = Bucket.MONTH.last(first)
        if start < first <= end:
            yield start, first - _DAY
        if last >= start:
            if last >= end:
                return
            start = last + _DAY
    if start <= end:
        yield start, end
