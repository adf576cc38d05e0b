"""Figures of the cases of some departments or neighbourhoods only, kept as soon as a day, and then a month, is over."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from domain.buckets import Bucket
from domain.tally import Tally
from readmodel.figures import FigureKeptRow, FigureRow, FigureScopeRow, FigureSummaryRow
from readmodel.tallies import GroupBy, Scope, Tallies, conditions, counted, packed, summaries, touched_days, unpacked

_DAY = timedelta(days=1)
_SCOPES = (GroupBy.DEPARTMENT, GroupBy.NEIGHBOURHOOD)
_KEY = (FigureScopeRow.scope_by, FigureScopeRow.group_by, FigureScopeRow.scope, FigureScopeRow.member)
_COUNTS = (FigureScopeRow.counts, FigureScopeRow.days_to_close, FigureScopeRow.hours_to_respond)
_Told = Mapping[tuple[str, str, str, str], Tally]
"""By what the scope is formed, by what the group, the scope and the group."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a stretch of days, and the stretches in it of which nothing is, both ends inclusive."""

    months: frozenset[date]
    days: frozenset[date]
    rest: tuple[tuple[date, date], ...]

    @property
    def rows(self) -> ColumnElement[bool]:
        return or_(_of(Bucket.MONTH, self.months), _of(Bucket.DAY, self.days))


def tell_scopes(session: Session) -> bool:
    """Keeps the oldest day that is over and not kept yet, or a month that is over once all its days are.

    False if there is none. The newest day that has facts is never kept: it would have to be told anew with each fact.
    """
    newest = session.scalar(select(func.max(FigureRow.day)))
    if newest is None:
        return False
    this_month = Bucket.MONTH.first(newest)
    month = _oldest(session, Bucket.MONTH, date.min, this_month)
    start = this_month if month is None else month
    day = _oldest(session, Bucket.DAY, start, newest if month is None else Bucket.MONTH.last(month) + _DAY)
    if day is not None:
        _keep(session, Bucket.DAY, day, _told(session, day))
        return True
    if month is None:
        return False
    told = _of_days(session, month)
    forget_scopes(session, Bucket.DAY, month, Bucket.MONTH.last(month))
    _keep(session, Bucket.MONTH, month, told)
    return True


def _oldest(session: Session, bucket: Bucket, start: date, end: date) -> date | None:
    """Of those with facts that are not kept, from `start` to before `end`."""
    kept = select(FigureKeptRow.first_day).where(FigureKeptRow.bucket == bucket.value)
    first = FigureSummaryRow.first_day
    found = [
        session.scalar(
            select(func.min(first)).where(*summaries(bucket, group_by), first >= start, first < end, first.not_in(kept))
        )
        for group_by in (GroupBy.DEPARTMENT, GroupBy.SERVICE)  # Each fact counts in one of these at least.
    ]
    return min((day for day in found if day is not None), default=None)


def _told(session: Session, day: date) -> _Told:
    told = {}
    for scope_by in _SCOPES:
        for group_by in GroupBy:
            if group_by is scope_by:
                continue
            # As `conditions` has it: within a department all its facts count, elsewhere each case once.
            once = [] if scope_by is GroupBy.DEPARTMENT else conditions(group_by, Scope())
            known = [scope_by.column.is_not(None), group_by.column.is_not(None)]
            keys = (scope_by.column, group_by.column)
            for (scope, member), tally in counted(session, keys, [FigureRow.day == day, *once, *known]).items():
                told[scope_by.value, group_by.value, scope, member] = tally
    return told


def _of_days(session: Session, month: date) -> _Told:
    told: dict[tuple[str, str, str, str], Tally] = defaultdict(Tally)
    days = FigureScopeRow.first_day.between(month, Bucket.MONTH.last(month))
    for *key, counts, days_to_close, hours_to_respond in session.execute(
        select(*_KEY, *_COUNTS)
        .where(FigureScopeRow.bucket == Bucket.DAY.value, days)
        .order_by(FigureScopeRow.first_day)
    ):
        scope_by, group_by, scope, member = key
        told[scope_by, group_by, scope, member].include(unpacked(counts, days_to_close, hours_to_respond))
    return told


def _keep(session: Session, bucket: Bucket, first: date, told: _Told) -> None:
    made = [
        {
            "bucket": bucket.value,
            "scope_by": scope_by,
            "group_by": group_by,
            "scope": scope,
            "first_day": first,
            "member": member,
            "open_change": tally.open_change,
            **packed(tally),
        }
        for (scope_by, group_by, scope, member), tally in told.items()
    ]
    if made:
        session.execute(insert(FigureScopeRow), made)
    session.execute(insert(FigureKeptRow), [{"bucket": bucket.value, "first_day": first}])


def forget_scopes(session: Session, bucket: Bucket, start: date, end: date) -> None:
    """What was kept of those that begin on these days, both inclusive, does not hold any more."""
    for table in (FigureScopeRow, FigureKeptRow):
        session.execute(delete(table).where(table.bucket == bucket.value, table.first_day.between(start, end)))


def kept_of(session: Session, start: date, end: date, scope: Scope, *, by_month: bool) -> Kept:
    """What tells of the days from `start` to `end`, both inclusive; months only if asked for, and only whole ones."""
    if not scope.one_sided:
        return Kept(frozenset(), frozenset(), ((start, end),))
    touched = touched_days(session, end, start)
    query = select(FigureKeptRow.bucket, FigureKeptRow.first_day).where(FigureKeptRow.first_day.between(start, end))
    months, days = set(), set()
    for bucket, first in session.execute(query):
        if bucket == Bucket.DAY.value:
            days.add(first)
        elif by_month and Bucket.MONTH.last(first) <= end:
            months.add(first)
    whole = frozenset(months - {Bucket.MONTH.first(day) for day in touched})
    told = frozenset(days) - touched
    stretches = [*((first, Bucket.MONTH.last(first)) for first in whole), *((day, day) for day in told)]
    return Kept(whole, told, tuple(gaps(stretches, start, end)))


def kept_rows(
    session: Session, kept: Kept, group_by: GroupBy, scope: Scope
) -> Iterator[Row[date, str, str, bytes, bytes]]:
    """First day, group, counts, days to close and hours to respond of what is kept, as `packed` has them."""
    if kept.months or kept.days:
        query = select(FigureScopeRow.first_day, FigureScopeRow.member, *_COUNTS)
        yield from session.execute(query.where(*of_scope(group_by, scope), kept.rows))


def from_kept(session: Session, kept: Kept, bucket: Bucket, group_by: GroupBy, scope: Scope) -> Tallies:
    """What is kept, in buckets."""
    tallies: Tallies = defaultdict(Tally)
    for first, member, counts, days_to_close, hours_to_respond in kept_rows(session, kept, group_by, scope):
        tallies[bucket.first(first), member].include(unpacked(counts, days_to_close, hours_to_respond))
    return dict(tallies)


def open_from_kept(session: Session, kept: Kept, group_by: GroupBy, scope: Scope) -> Counter[str]:
    """By how much the open cases of each group changed in what is kept."""
    if not (kept.months or kept.days):
        return Counter()
    query = select(FigureScopeRow.member, func.sum(FigureScopeRow.open_change)).where(
        *of_scope(group_by, scope), kept.rows
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


def _of(bucket: Bucket, firsts: Collection[date]) -> ColumnElement[bool]:
    return and_(FigureScopeRow.bucket == bucket.value, FigureScopeRow.first_day.in_(firsts))


def gaps(told: Iterable[tuple[date, date]], start: date, end: date) -> Iterator[tuple[date, date]]:
    """The stretches of days from `start` to `end` that lie outside these; both ends of each are inclusive."""
    for first, last in sorted(told):
        if start < first <= end:
            yield start, first - _DAY
        if last >= start:
            if last >= end:
                return
            start = last + _DAY
    if start <= end:
        yield start, end
