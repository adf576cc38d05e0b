"""The figures of any stretch of days, in the course of time and side by side: what leadership asks for."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, cast

import numpy as np
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.buckets import Bucket
from domain.measures import Measure
from domain.tally import NONE, Count, Figures, Tally, figures_of, quantile
from domain.waiting import distribution
from readmodel.figures import FigureRow, FigureSummaryRow
from readmodel.returning import Reporters
from readmodel.scopes import gaps, kept_of, kept_rows
from readmodel.tallies import (
    EVERYONE,
    GroupBy,
    Scope,
    conditions,
    counted,
    packed,
    summaries,
    touched_days,
)
from readmodel.throughput import open_before

_LONGER = {Bucket.DAY: (), Bucket.WEEK: (Bucket.WEEK,), Bucket.MONTH: (Bucket.MONTH, Bucket.WEEK)}
"""Of which summaries, apart from those of days, buckets are put together."""


@dataclass(frozen=True, slots=True)
class View:
    """Whose figures: the cases within a scope, in groups of a kind, perhaps only some of these groups."""

    group_by: GroupBy
    scope: Scope = EVERYONE
    members: frozenset[str] | None = None

    @property
    def wanted(self) -> frozenset[str] | None:
        """The groups to be shown; None: all."""
        within = self.scope.members(self.group_by)
        if within is None or self.members is None:
            return within if self.members is None else self.members
        return within & self.members


Raw = Mapping[str, Sequence[Any]]
"""Counts as rows keep them: by measure the numbers of a `Count`, its details last."""


@dataclass
class Part:
    """The facts of some days and groups, and the figures that follow from them."""

    open_at_start: int = 0
    reporters: Reporters = field(default_factory=Reporters)
    """Of periods as a whole only."""
    opened_in: Counter[date] = field(default_factory=Counter)
    """How many were opened in each month, by its first day; of parts that stand side by side only."""
    _sums: dict[str, list[Any]] = field(default_factory=dict)
    _days: list[bytes] = field(default_factory=list)
    _hours: list[bytes] = field(default_factory=list)

    def include(self, raw: Raw, days: bytes, hours: bytes) -> None:
        """Adds to it, before any of its figures was asked for."""
        for measure, (facts, judged, good, valued, total, *details) in raw.items():
            sums = self._sums.get(measure)
            if sums is None:
                self._sums[measure] = [facts, judged, good, valued, total, Counter(*details)]
                continue
            sums[0] += facts
            sums[1] += judged
            sums[2] += good
            sums[3] += valued
            sums[4] += total
            for detail, number in details[0].items() if details else ():
                sums[5][detail] += number
        self._days.append(days)
        self._hours.append(hours)

    def include_part(self, other: "Part") -> None:
        """As `include`, all facts of the other."""
        self.include(other._sums, b"".join(other._days), b"".join(other._hours))

    @cached_property
    def counts(self) -> dict[Measure, Count]:
        return {Measure(measure): Count(*sums) for measure, sums in self._sums.items()}

    def count(self, measure: Measure) -> Count:
        return self.counts.get(measure, NONE)

    @property
    def open_at_end(self) -> int:
        return self.open_at_start + Tally(self.counts).open_change

    @cached_property
    def days_to_close(self) -> Sequence[float]:
        """Ascending."""
        return _ascending(self._days)

    @cached_property
    def hours_to_respond(self) -> Sequence[float]:
        """Ascending."""
        return _ascending(self._hours)

    @cached_property
    def figures(self) -> Figures:
        """As of any bucket."""
        return figures_of(self.counts, self.days_to_close, self.hours_to_respond, self.open_at_end)

    def closed_within(self, share: float) -> float | None:
        """The days within which this share of the closed cases was closed."""
        return quantile(self.days_to_close, share)

    @property
    def lead_times(self) -> tuple[int, ...]:
        """The closed cases by the classes of `domain.waiting`."""
        return distribution(self.days_to_close)

    @property
    def ratings(self) -> dict[str, int]:
        """The feedback with a rating, by the rating."""
        return self.count(Measure.FEEDBACK).by_word(1)

    @property
    def response_rate(self) -> float | None:
        """Of those who were asked whether it was solved: the share that told so."""
        return self.count(Measure.ASKED).share

    @property
    def empty(self) -> bool:
        return not self._sums and not self.open_at_start


@dataclass(frozen=True, slots=True)
class Course:
    """A period as a whole, and its buckets in order: each by its first day that lies in the period."""

    whole: Part
    buckets: tuple[tuple[date, Part], ...]


def course(session: Session, view: View, start: date, end: date, bucket: Bucket) -> Course:
    """The local days from `start` to `end`, both inclusive, of all groups together. Only reads."""
    whole = Part()
    firsts = [max(first, start) for first in bucket.between(start, end)]
    parts = {bucket.first(first): Part() for first in firsts}
    for day, _, raw, days, hours in _pieces(session, view, start, end, bucket):
        parts[bucket.first(day)].include(raw, days, hours)
    for part in parts.values():
        whole.include_part(part)
    standing = open_before(session, start, view.group_by, view.scope)
    wanted = view.wanted
    open_cases = sum(number for name, number in standing.items() if wanted is None or name in wanted)
    whole.open_at_start = open_cases
    told = []
    for first in firsts:
        part = parts[bucket.first(first)]
        part.open_at_start = open_cases
        open_cases = part.open_at_end
        told.append((first, part))
    return Course(whole, tuple(told))


def whole(session: Session, view: View, start: date, end: date) -> Part:
    """The same without its course."""
    return course(session, view, start, end, Bucket.MONTH).whole


def side_by_side(session: Session, view: View, start: date, end: date) -> dict[str, Part]:
    """The period for each group that has open cases or facts in it. Only reads."""
    parts: dict[str, Part] = defaultdict(Part)
    for first, member, raw, days, hours in _pieces(session, view, start, end, Bucket.MONTH):
        parts[member].include(raw, days, hours)
        if Measure.OPENED.value in raw:
            parts[member].opened_in[Bucket.MONTH.first(first)] += raw[Measure.OPENED.value][0]
    wanted = view.wanted
    for member, number in open_before(session, start, view.group_by, view.scope).items():
        if wanted is None or member in wanted:
            parts[member].open_at_start = number
    return {member: parts[member] for member in sorted(parts) if not parts[member].empty}


Piece = tuple[date, str, Raw, bytes, bytes]
"""A day, or the first of a whole month; the group; the counts; days to close and hours to respond, packed."""


def _pieces(session: Session, view: View, start: date, end: date, bucket: Bucket) -> Iterator[Piece]:
    if view.scope.summarised(view.group_by):
        touched = touched_days(session, end, start)
        settled: list[tuple[date, date]] = []
        for longer in _LONGER[bucket]:
            some = list(_whole(longer, bucket, start, end, touched, settled))
            settled += some
            firsts = [first for first, _ in some]
            yield from _summed(session, view, longer, [FigureSummaryRow.first_day.in_(firsts)])
        for gap in gaps(settled, start, end):
            within = [FigureSummaryRow.first_day.between(*gap)]
            yield from (p for p in _summed(session, view, Bucket.DAY, within) if p[0] not in touched)
        if touched:
            yield from _fresh(session, view, [FigureRow.day.between(start, end), FigureRow.day.in_(touched)])
        return
    kept = kept_of(session, start, end, view.scope, by_month=bucket is Bucket.MONTH)
    for first, member, counts, days, hours in kept_rows(session, kept, view.group_by, view.scope):
        if view.wanted is None or member in view.wanted:
            yield first, member, json.loads(counts), days, hours
    for gap in kept.rest:
        yield from _fresh(session, view, [FigureRow.day.between(*gap)])


def _whole(
    longer: Bucket,
    bucket: Bucket,
    start: date,
    end: date,
    touched: Collection[date],
    told: Sequence[tuple[date, date]],
) -> Iterator[tuple[date, date]]:
    """The months or weeks that are settled, lie within one bucket, and not within what is told already."""
    unsettled = {longer.first(day) for day in touched}
    for first in longer.between(start, end):
        last = longer.last(first)
        inside = start <= first and last <= end and bucket.first(first) == bucket.first(last)
        if inside and first not in unsettled and not any(a <= first <= b for a, b in told):
            yield first, last


def _summed(session: Session, view: View, bucket: Bucket, within: Sequence[ColumnElement[bool]]) -> Iterator[Piece]:
    query = select(
        FigureSummaryRow.first_day,
        FigureSummaryRow.member,
        FigureSummaryRow.counts,
        FigureSummaryRow.days_to_close,
        FigureSummaryRow.hours_to_respond,
    ).where(*summaries(bucket, view.group_by, view.wanted), *within)
    for first, member, counts, days, hours in session.execute(query):
        yield first, member, json.loads(counts), days, hours


def _fresh(session: Session, view: View, within: Sequence[ColumnElement[bool]]) -> Iterator[Piece]:
    keys: tuple[InstrumentedAttribute[date], InstrumentedAttribute[str]] = (FigureRow.day, view.group_by.column)
    narrowed = [*within, *conditions(view.group_by, view.scope)]
    if view.wanted is not None:
        narrowed.append(view.group_by.column.in_(view.wanted))
    for (day, member), tally in counted(session, keys, narrowed).items():
        row = packed(tally)
        yield day, member, json.loads(row["counts"]), row["days_to_close"], row["hours_to_respond"]


def _ascending(packed_values: Iterable[bytes]) -> Sequence[float]:
    return cast(Sequence[float], np.sort(np.frombuffer(b"".join(packed_values))))
