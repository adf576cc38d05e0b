"""The figures of one neighbourhood, beside those of its own past and of its peers, for its profile."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.buckets import Bucket
from domain.comparing import Ratings, Share
from domain.measures import Measure
from domain.tally import quantile
from domain.words import DepartmentId, NeighbourhoodId
from readmodel.figures import FigureRow, FigureScopeRow
from readmodel.leadership import Part, View, side_by_side
from readmodel.scopes import kept_of, of_scope
from readmodel.tallies import GroupBy, Scope, conditions
from readmodel.throughput import ThroughputItem, throughput

Days = tuple[date, date]
"""The first and the last, both inclusive."""


@dataclass(frozen=True, slots=True)
class Month:
    """What was opened in it, and what was open when it ended."""

    first: date
    opened: int
    open_at_end: int


@dataclass(frozen=True, slots=True)
class Theme:
    """What was reported of a theme, here and among the peers."""

    id: str
    months: tuple[Month, ...]
    """Those of the period."""
    past_months: tuple[Month, ...]
    """The same a year before, as many."""
    now: int
    before: int
    """Opened in the days that the period is held against."""
    peers_now: int
    peers_before: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a department first answers, and how often in time."""

    median_hours: float | None
    in_time: Share


@dataclass(frozen=True, slots=True)
class Department:
    """One that answers here, and the same everywhere else in the city."""

    id: DepartmentId
    open: int
    """The open cases that it has here."""
    here: Pace
    elsewhere: Pace


@dataclass(frozen=True, slots=True)
class Recurring:
    """A kind of report that comes back month after month."""

    service: str
    opened: int
    months: int
    """In how many of the months it was reported."""
    reopened: int


@dataclass(frozen=True, slots=True)
class Profile:
    """The figures of a neighbourhood, of whichever reader: none of them is about a person."""

    days: Days
    past: Days
    since: date | None
    """The first day of which the city has figures."""
    now: Part
    before: Part
    peers: Part
    months: tuple[Month, ...]
    past_months: tuple[Month, ...]
    themes: tuple[Theme, ...]
    """Those of which something was opened or is open, the most frequent first."""
    departments: tuple[Department, ...]
    """Those that had something to answer or have something open, the most answers first."""
    recurring: tuple[Recurring, ...]
    """The most frequent first."""

    @property
    def past_known(self) -> bool:
        """Whether the city's figures reach back to the days that these are held against."""
        return self.since is not None and self.since <= Bucket.MONTH.last(self.past[0])


RECURS_IN = 6
"""In at least so many of the twelve months."""


def profile(
    session: Session, id: NeighbourhoodId, peers: Collection[NeighbourhoodId], days: Days, past: Days
) -> Profile:
    """Of the local days `days`, held against `past`. Only reads, and where it can what is summed up already."""
    here = Scope(neighbourhoods=[id])
    nearby = [*sorted(peers)]
    wanted = frozenset[str]({id, *peers})
    places = side_by_side(session, View(GroupBy.NEIGHBOURHOOD, members=wanted), *days)
    earlier = side_by_side(session, View(GroupBy.NEIGHBOURHOOD, here), *past)
    months = throughput(session, past[0], days[1], Bucket.MONTH, GroupBy.NEIGHBOURHOOD, None, [id])
    return Profile(
        days,
        past,
        session.scalar(select(func.min(FigureRow.day))),
        places.get(id, Part()),
        earlier.get(id, Part()),
        _together(places[peer] for peer in nearby if peer in places),
        *_halves(months, days, past),
        _themes(session, here, nearby, days, past),
        _departments(session, here, days),
        _recurring(session, here, days),
    )


def first_answers(part: Part) -> Share:
    return _share(part, Measure.RESPONDED)


def solved_in_time(part: Part) -> Share:
    return _share(part, Measure.RESOLVED)


def solved_first_time(part: Part) -> Share:
    return _share(part, Measure.CLOSED)


def ratings(part: Part) -> Ratings:
    return Ratings({int(rating): number for rating, number in part.ratings.items()})


def _share(part: Part, measure: Measure) -> Share:
    count = part.count(measure)
    return Share(count.good, count.judged)


def _together(parts: Iterable[Part]) -> Part:
    whole = Part()
    for part in parts:
        whole.include_part(part)
        whole.open_at_start += part.open_at_start
    return whole


def _halves(items: Iterable[ThroughputItem], days: Days, past: Days) -> tuple[tuple[Month, ...], tuple[Month, ...]]:
    """The months of the days, and as many of the past, whether or not anything happened in them."""
    told = {item.bucket: Month(item.bucket, item.figures.opened, item.figures.open_at_end) for item in items}
    now, before = (
        tuple(told.get(first, Month(first, 0, 0)) for first in Bucket.MONTH.between(*stretch))
        for stretch in (days, past)
    )
    return now, before


def _themes(
    session: Session, here: Scope, peers: Sequence[NeighbourhoodId], days: Days, past: Days
) -> tuple[Theme, ...]:
    courses: dict[str, list[ThroughputItem]] = {}
    for item in throughput(session, past[0], days[1], Bucket.MONTH, GroupBy.THEME, None, here.neighbourhoods):
        courses.setdefault(item.group, []).append(item)
    scopes = (here, Scope(neighbourhoods=peers))
    counted = [_opened(session, scope, stretch) for scope in scopes for stretch in (days, past)]
    now, before, *_ = counted
    found = []
    for id, course in courses.items():
        months, past_months = _halves(course, days, past)
        if now[id] or before[id] or months[-1].open_at_end:
            found.append(Theme(id, months, past_months, *(numbers[id] for numbers in counted)))
    return tuple(sorted(found, key=lambda theme: (-theme.now, theme.id)))


def _opened(session: Session, scope: Scope, days: Days) -> Counter[str]:
    """How many were opened of each theme; of what is kept only the counts are read."""
    opened, kept = Counter[str](), kept_of(session, *days, scope, by_month=True)
    if kept.months or kept.days:
        told = select(FigureScopeRow.member, FigureScopeRow.counts).where(*of_scope(GroupBy.THEME, scope), kept.rows)
        for theme, counts in session.execute(told):
            facts, *_ = json.loads(counts).get(Measure.OPENED.value, (0,))
            opened[theme] += facts
    fresh = [FigureRow.measure == Measure.OPENED.value, *conditions(GroupBy.THEME, scope)]
    for gap in kept.rest:
        facts = select(FigureRow.theme, func.count()).where(FigureRow.day.between(*gap), *fresh)
        for theme, number in session.execute(facts.group_by(FigureRow.theme)):
            opened[theme] += number
    return opened


def _departments(session: Session, here: Scope, days: Days) -> tuple[Department, ...]:
    local = side_by_side(session, View(GroupBy.DEPARTMENT, here), *days)
    everywhere = side_by_side(session, View(GroupBy.DEPARTMENT, members=frozenset(local)), *days)
    found = []
    for id, part in local.items():
        hours, in_time = part.hours_to_respond, first_answers(part)
        city = everywhere.get(id, part)
        rest = _without(city.hours_to_respond, hours)
        elsewhere = Pace(quantile(rest, 0.5), first_answers(city).without(in_time))
        if in_time.of or part.open_at_end:
            here_pace = Pace(quantile(hours, 0.5), in_time)
            found.append(Department(DepartmentId(id), part.open_at_end, here_pace, elsewhere))
    return tuple(sorted(found, key=lambda one: (-one.here.in_time.of, -one.open, one.id)))


def _without(every: Sequence[float], some: Sequence[float]) -> Sequence[float]:
    """Both ascending; each of `some` is among `every` as often at least."""
    places = np.searchsorted(every, some) + np.arange(len(some)) - np.searchsorted(some, some)
    return cast(Sequence[float], np.delete(np.asarray(every), places))


def _recurring(session: Session, here: Scope, days: Days) -> tuple[Recurring, ...]:
    found = []
    for service, part in side_by_side(session, View(GroupBy.SERVICE, here), *days).items():
        months = sum(number > 0 for number in part.opened_in.values())
        if months >= RECURS_IN:
            found.append(Recurring(service, part.figures.opened, months, part.figures.reopened))
    return tuple(sorted(found, key=lambda one: (-one.opened, one.service)))
