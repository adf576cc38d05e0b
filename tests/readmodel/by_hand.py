"""The figures counted by hand, from the events themselves."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from domain.case import Case
from domain.events import Happened
from domain.evolve import evolve, opened
from domain.measures import Fact, Measure, facts
from domain.tally import quantile
from readmodel.database import writing
from readmodel.figures import keep
from readmodel.leadership import Part, View
from readmodel.tallies import GroupBy
from tests.readmodel.town import CITY

Told = Sequence[Happened]
ZONE = ZoneInfo(CITY.timezone)


def keep_story(engine: Engine, story: Told) -> None:
    with writing(engine) as session:
        for before, happened, after in steps(story):
            keep(session, CITY, CITY.services[after.service].theme, before, happened, after)


def steps(story: Told) -> Iterator[tuple[Case | None, Happened, Case]]:
    before: Case | None = None
    for happened in story:
        after = opened(happened) if before is None else evolve(before, happened)
        yield before, happened, after
        before = after


def moved(story: Told, by: timedelta) -> Told:
    return [replace(happened, at=happened.at + by) for happened in story]


def of_group(fact: Fact, case: Case, view: View) -> str | None:
    """The group in which the view counts the fact, if it does."""
    within = view.scope
    if within.neighbourhoods is not None and case.neighbourhood not in within.neighbourhoods:
        return None
    if within.departments is not None and fact.department not in within.departments:
        return None
    if view.group_by is not GroupBy.DEPARTMENT and within.departments is None and not fact.primary:
        return None
    group = {
        GroupBy.DEPARTMENT: fact.department,
        GroupBy.NEIGHBOURHOOD: case.neighbourhood,
        GroupBy.SERVICE: case.service,
        GroupBy.THEME: CITY.services[case.service].theme,
    }[view.group_by]
    return group if view.members is None or group in view.members else None


def by_hand(told: Sequence[Told], view: View, start: date, end: date) -> tuple[list[Fact], int]:
    """The facts of these days, and how many cases were open before."""
    within: list[Fact] = []
    standing = 0
    signs = {Measure.OPENED: 1, Measure.RETURNED: 1, Measure.LEFT: -1, Measure.CLOSED: -1}
    for before, happened, after in chain.from_iterable(map(steps, told)):
        for fact in facts(before, happened, after):
            day = (fact.at or happened.at).astimezone(ZONE).date()
            if of_group(fact, after, view) is None or day > end:
                continue
            if day >= start:
                within.append(fact)
            else:
                standing += signs.get(fact.measure, 0)
    return within, standing


def check(part: Part, found: list[Fact], standing: int) -> None:
    for measure in Measure:
        mine, count = [f for f in found if f.measure is measure], part.count(measure)
        assert (count.facts, count.good) == (len(mine), sum(f.good is True for f in mine)), measure
        for place in range(2):
            words = Counter(f.detail[place] for f in mine if len(f.detail) > place)
            assert count.by_word(place) == dict(words), (measure, place)
    days = sorted(f.value for f in found if f.measure is Measure.CLOSED and f.value is not None)
    assert part.figures.median_days_to_close == (None if not days else pytest.approx(quantile(days, 0.5)))
    assert sum(part.lead_times) == len(days) == part.figures.closed
    assert part.open_at_start == standing
    assert part.open_at_end == part.figures.open_at_end
