"""The figures of the city by bucket and group, from the summaries where they hold and from the facts elsewhere."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from itertools import islice

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.buckets import Bucket
from domain.measures import Measure
from domain.refusal import Refused
from domain.tally import Figures, figures, open_change
from domain.words import DepartmentId, NeighbourhoodId
from readmodel.figures import FigureRow, FigureSummaryRow
from readmodel.scopes import from_kept, kept_of, open_from_kept
from readmodel.tallies import (
    HOLDINGS,
    GroupBy,
    Scope,
    Tallies,
    conditions,
    from_days,
    from_facts,
    summaries,
    together,
    touched_days,
)

MOST_BUCKETS = 1500
_DAY = timedelta(days=1)

Found = dict[tuple[date, str], tuple[Figures, int]]
"""By bucket and group: the figures apart from `open_at_end`, and by how much the number of open cases changes."""


@dataclass(frozen=True, slots=True)
class ThroughputItem:
    """The figures of one group in the bucket that begins on this day, in the city's time zone."""

    bucket: date
    group: str
    figures: Figures

    def as_json(self) -> dict[str, object]:
        """One flat object, as the API shows it."""
        return {"bucket": self.bucket.isoformat(), "group": self.group, **asdict(self.figures)}


def throughput(
    session: Session,
    start: date,
    end: date,
    bucket: Bucket,
    group_by: GroupBy,
    departments: Sequence[DepartmentId] | None = None,
    neighbourhoods: Sequence[NeighbourhoodId] | None = None,
) -> list[ThroughputItem]:
    """Whole buckets, all that have a day from `start` to `end` (both inclusive, local days of the city), in order.

    Within a bucket the groups follow by name: all that ever had a case until the end, whether or not anything
    happened in the bucket. `departments` and `neighbourhoods` narrow down whose cases count. Only reads.
    Raises Refused for more than `MOST_BUCKETS` buckets.
    """
    firsts = list(islice(bucket.between(start, end), MOST_BUCKETS + 1))
    if len(firsts) > MOST_BUCKETS:
        raise Refused(f"That is more than {MOST_BUCKETS} {bucket}s: ask for fewer.", "invalid", "from")
    if not firsts:
        return []
    scope = Scope(departments, neighbourhoods)
    last = bucket.last(firsts[-1])
    if scope.summarised(group_by):
        found = _summarised(session, firsts, last, bucket, group_by, scope)
    else:
        found = _scoped(session, firsts, last, bucket, group_by, scope)
    return list(_items(firsts, found, open_before(session, firsts[0], group_by, scope)))


def open_before(session: Session, first: date, group_by: GroupBy, scope: Scope) -> Counter[str]:
    """How many cases of each group were open when that day began."""
    if scope.summarised(group_by):
        return _open_before(session, first, group_by, scope)
    return _open_before_scoped(session, first, group_by, scope)


def _items(firsts: Sequence[date], found: Found, open_cases: Counter[str]) -> Iterator[ThroughputItem]:
    groups = sorted({*open_cases, *(group for _, group in found)})
    nothing = (Figures(), 0)
    for first in firsts:
        for group in groups:
            told, change = found.get((first, group), nothing)
            open_cases[group] += change
            yield ThroughputItem(first, group, replace(told, open_at_end=open_cases[group]))


def _summarised(
    session: Session, firsts: Sequence[date], last: date, bucket: Bucket, group_by: GroupBy, scope: Scope
) -> Found:
    members = scope.members(group_by)
    touched = touched_days(session, last, firsts[0])
    unsettled = {bucket.first(day) for day in touched}
    settled = session.execute(
        select(
            FigureSummaryRow.first_day,
            FigureSummaryRow.member,
            FigureSummaryRow.figures,
            FigureSummaryRow.open_change,
        ).where(*summaries(bucket, group_by, members), FigureSummaryRow.first_day.between(firsts[0], firsts[-1]))
    )
    found: Found = {
        (first, member): (Figures(**json.loads(told)), change)
        for first, member, told, change in settled
        if first not in unsettled
    }
    if touched:
        fresh = from_facts(session, firsts[0], last, bucket, group_by, scope, only=touched)
        rest = [
            from_days(session, first, bucket.last(first), bucket, group_by, members, without=touched)
            for first in unsettled
            if bucket is not Bucket.DAY
        ]
        found |= _counted(together(fresh, *rest))
    return found


def _counted(tallies: Tallies) -> Found:
    return {key: (figures(tally), tally.open_change) for key, tally in tallies.items()}


def _open_before(session: Session, first: date, group_by: GroupBy, scope: Scope) -> Counter[str]:
    """From whole months, then days, then facts."""
    if first == date.min:
        return Counter()
    members, month, end = scope.members(group_by), Bucket.MONTH.first(first), first - _DAY
    touched = touched_days(session, end)
    unsettled = {Bucket.MONTH.first(day) for day in touched}
    open_cases = Counter[str]()
    if touched:
        open_cases = _holdings(session, date.min, end, group_by, scope, only=touched)
    months = select(FigureSummaryRow.first_day, FigureSummaryRow.member, FigureSummaryRow.open_change).where(
        *summaries(Bucket.MONTH, group_by, members), FigureSummaryRow.first_day < month
    )
    for month_day, member, change in session.execute(months):
        if month_day not in unsettled:
            open_cases[member] += change
    for start in {*unsettled, month}:
        days = select(FigureSummaryRow.first_day, FigureSummaryRow.member, FigureSummaryRow.open_change).where(
            *summaries(Bucket.DAY, group_by, members),
            FigureSummaryRow.first_day >= start,
            FigureSummaryRow.first_day <= Bucket.MONTH.last(start),
            FigureSummaryRow.first_day < first,
        )
        for day, member, change in session.execute(days):
            if day not in touched:
                open_cases[member] += change
    return open_cases


def _scoped(
    session: Session, firsts: Sequence[date], last: date, bucket: Bucket, group_by: GroupBy, scope: Scope
) -> Found:
    kept = kept_of(session, firsts[0], last, scope, by_month=bucket is Bucket.MONTH)
    parts = [from_facts(session, *gap, bucket, group_by, scope) for gap in kept.rest]
    return _counted(together(from_kept(session, kept, bucket, group_by, scope), *parts))


def _open_before_scoped(session: Session, first: date, group_by: GroupBy, scope: Scope) -> Counter[str]:
    if first == date.min:
        return Counter()
    end = first - _DAY
    kept = kept_of(session, date.min, end, scope, by_month=True)
    open_cases = open_from_kept(session, kept, group_by, scope)
    for gap in kept.rest:
        for member, change in _holdings(session, *gap, group_by, scope).items():
            open_cases[member] += change
    return open_cases


def _holdings(
    session: Session, start: date, end: date, group_by: GroupBy, scope: Scope, *, only: Collection[date] | None = None
) -> Counter[str]:
    """By how much the open cases of each group changed, from the facts of these days, both inclusive."""
    member = group_by.column
    query = select(member, FigureRow.measure, func.count()).where(
        FigureRow.day.between(start, end), FigureRow.measure.in_(HOLDINGS), *conditions(group_by, scope)
    )
    if only is not None:
        query = query.where(FigureRow.day.in_(only))
    open_cases: Counter[str] = Counter()
    for name, measure, number in session.execute(query.group_by(member, FigureRow.measure)):
        open_cases[name] += open_change([(Measure(measure), number)])
    return open_cases
