"""Facts counted by the database, and summaries read back: both give a tally for each bucket and group."""

import json
from array import array
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Integer, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.buckets import Bucket
from domain.measures import Measure
from domain.tally import Count, Tally
from domain.words import DepartmentId, NeighbourhoodId
from readmodel.figures import FigureRow, FigureSummaryRow, FigureTouchRow

Tallies = dict[tuple[date, str], Tally]
"""By the first day of the bucket, and the group."""

HOLDINGS = (Measure.OPENED.value, Measure.RETURNED.value, Measure.LEFT.value, Measure.CLOSED.value)
_VALUES = (Measure.CLOSED.value, Measure.RESPONDED.value)


class GroupBy(StrEnum):
    """By what figures are grouped."""

    DEPARTMENT = "department"
    NEIGHBOURHOOD = "neighbourhood"
    SERVICE = "service"
    THEME = "theme"

    @property
    def column(self) -> InstrumentedAttribute[Any]:
        match self:
            case GroupBy.DEPARTMENT:
                return FigureRow.department
            case GroupBy.NEIGHBOURHOOD:
                return FigureRow.neighbourhood
            case GroupBy.SERVICE:
                return FigureRow.service
            case GroupBy.THEME:
                return FigureRow.theme


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose cases count; None: everyone's.

    With several departments, and another grouping than by department, a case of two of them counts for both.
    """

    departments: Sequence[DepartmentId] | None = None
    neighbourhoods: Sequence[NeighbourhoodId] | None = None

    def members(self, group_by: GroupBy) -> frozenset[str] | None:
        """The groups that this scope comes down to, where it says nothing else than which groups to show."""
        if group_by is GroupBy.DEPARTMENT and self.departments is not None and self.neighbourhoods is None:
            return frozenset(self.departments)
        if group_by is GroupBy.NEIGHBOURHOOD and self.neighbourhoods is not None and self.departments is None:
            return frozenset(self.neighbourhoods)
        return None

    @property
    def one_sided(self) -> bool:
        """Whether it names departments or neighbourhoods, but not both."""
        return (self.departments is None) != (self.neighbourhoods is None)

    def summarised(self, group_by: GroupBy) -> bool:
        """Whether the summaries tell it all."""
        everyone = self.departments is None and self.neighbourhoods is None
        return everyone or self.members(group_by) is not None


EVERYONE = Scope()


def conditions(group_by: GroupBy, scope: Scope) -> list[ColumnElement[bool]]:
    """Which facts count, once each."""
    found: list[ColumnElement[bool]] = []
    if group_by is GroupBy.DEPARTMENT:
        found.append(FigureRow.department.is_not(None))
    elif scope.departments is None:
        found.append(FigureRow.is_primary.is_(True))
    if scope.departments is not None:
        found.append(FigureRow.department.in_(scope.departments))
    if scope.neighbourhoods is not None:
        found.append(FigureRow.neighbourhood.in_(scope.neighbourhoods))
    return found


def from_facts(
    session: Session,
    start: date,
    end: date,
    bucket: Bucket,
    group_by: GroupBy,
    scope: Scope = EVERYONE,
    *,
    only: Collection[date] | None = None,
) -> Tallies:
    """The facts of the local days from `start` to `end`, both inclusive; or `only` of these among them."""
    within = [FigureRow.day.between(start, end), *conditions(group_by, scope)]
    if only is not None:
        within.append(FigureRow.day.in_(only))
    tallies: Tallies = defaultdict(Tally)
    for (day, member), tally in counted(session, (FigureRow.day, group_by.column), within).items():
        tallies[bucket.first(day), member].include(tally)
    return dict(tallies)


def counted(
    session: Session, keys: tuple[InstrumentedAttribute[Any], ...], within: Sequence[ColumnElement[bool]]
) -> dict[tuple[Any, ...], Tally]:
    """The facts that meet the conditions, by the values of these columns."""
    tallies: dict[tuple[Any, ...], Tally] = defaultdict(Tally)
    counts = select(
        *keys,
        FigureRow.measure,
        FigureRow.detail,
        func.count(),
        func.count(FigureRow.good),
        func.coalesce(func.sum(cast(FigureRow.good, Integer)), 0),
        func.count(FigureRow.value),
        func.coalesce(func.sum(FigureRow.value), 0.0),
    )
    for *key, measure, detail, facts, judged, good, valued, total in session.execute(
        counts.where(*within).group_by(*keys, FigureRow.measure, FigureRow.detail)
    ):
        details = {} if detail is None else {detail: facts}
        tallies[tuple(key)].add(Measure(measure), Count(facts, judged, good, valued, total, details))
    values = select(*keys, FigureRow.measure, FigureRow.value).where(
        *within, FigureRow.measure.in_(_VALUES), FigureRow.value.is_not(None)
    )
    for *key, measure, value in session.execute(values):
        tally = tallies[tuple(key)]
        (tally.days_to_close if measure == Measure.CLOSED.value else tally.hours_to_respond).append(value)
    return tallies


def from_days(
    session: Session,
    start: date,
    end: date,
    bucket: Bucket,
    group_by: GroupBy,
    members: frozenset[str] | None = None,
    *,
    without: Collection[date] = (),
) -> Tallies:
    """What the summaries of the local days from `start` to `end`, both inclusive, add up to, `without` these."""
    query = select(
        FigureSummaryRow.first_day,
        FigureSummaryRow.member,
        FigureSummaryRow.counts,
        FigureSummaryRow.days_to_close,
        FigureSummaryRow.hours_to_respond,
    ).where(
        *summaries(Bucket.DAY, group_by, members),
        FigureSummaryRow.first_day.between(start, end),
    )
    tallies: Tallies = defaultdict(Tally)
    for day, name, counts, days_to_close, hours_to_respond in session.execute(query):
        if day in without:
            continue
        tallies[bucket.first(day), name].include(unpacked(counts, days_to_close, hours_to_respond))
    return dict(tallies)


def packed(tally: Tally) -> dict[str, Any]:
    """A tally as the columns of a row; the inverse of `unpacked`."""
    return {
        "counts": json.dumps({measure.value: astuple(count) for measure, count in tally.counts.items()}),
        "days_to_close": array("d", tally.days_to_close).tobytes(),
        "hours_to_respond": array("d", tally.hours_to_respond).tobytes(),
    }


def unpacked(counts: str, days_to_close: bytes, hours_to_respond: bytes) -> Tally:
    return Tally(
        {Measure(measure): Count(*numbers) for measure, numbers in json.loads(counts).items()},
        list(array("d", days_to_close)),
        list(array("d", hours_to_respond)),
    )


def summaries(bucket: Bucket, group_by: GroupBy, members: frozenset[str] | None = None) -> list[ColumnElement[bool]]:
    """Which summaries tell of these groups; None: of all."""
    found = [FigureSummaryRow.bucket == bucket.value, FigureSummaryRow.group_by == group_by.value]
    return found if members is None else [*found, FigureSummaryRow.member.in_(members)]


def touched_days(session: Session, end: date, start: date = date.min) -> frozenset[date]:
    """The local days from `start` to `end`, both inclusive, whose summaries do not tell everything."""
    query = select(FigureTouchRow.day).where(FigureTouchRow.day.between(start, end)).distinct()
    return frozenset(session.scalars(query))


def together(*parts: Tallies) -> Tallies:
    """The same buckets and groups counted as one."""
    whole: Tallies = defaultdict(Tally)
    for part in parts:
        for key, tally in part.items():
            whole[key].include(tally)
    return dict(whole)
