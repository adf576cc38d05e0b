"""Figures of the city: the same whether they come from facts, from summaries, or from some of each."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from domain.buckets import Bucket
from domain.case import Case
from domain.events import Happened
from domain.evolve import evolve, opened
from domain.measures import Measure, facts
from domain.opening import Opening, open_case
from domain.refusal import Refused
from domain.tally import Count, Tally, figures
from domain.words import DepartmentId, Kind, NeighbourhoodId
from readmodel.database import reading, writing
from readmodel.figures import FigureKeptRow, FigureTouchRow, keep
from readmodel.settling import settle, settle_month
from readmodel.tallies import GroupBy
from readmodel.throughput import MOST_BUCKETS, ThroughputItem, throughput
from tests.readmodel.conftest import empty
from tests.readmodel.stories import CASE, stories
from tests.readmodel.town import CITY, DORP, GREEN, HEIDE, LAMP, MORNING, ROADS, rules_for

Told = Sequence[Happened]
START, END = date(2026, 2, 1), date(2026, 6, 30)


def record(engine: Engine, story: Told) -> None:
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


def ask(
    engine: Engine,
    bucket: Bucket,
    group_by: GroupBy,
    departments: Sequence[DepartmentId] | None = None,
    neighbourhoods: Sequence[NeighbourhoodId] | None = None,
) -> list[ThroughputItem]:
    with reading(engine) as session:
        return throughput(session, START, END, bucket, group_by, departments, neighbourhoods)


def everything(engine: Engine) -> list[list[ThroughputItem]]:
    return [
        ask(engine, bucket, group_by, departments, neighbourhoods)
        for bucket in Bucket
        for group_by in GroupBy
        for departments, neighbourhoods in ((None, None), ([ROADS], None), (None, [HEIDE, DORP]), ([GREEN], [HEIDE]))
    ]


def check(engine: Engine, told: Sequence[Told], bucket: Bucket) -> None:
    for group_by in GroupBy:
        whole = by_hand(told, bucket, group_by)
        same(ask(engine, bucket, group_by), whole)
        same(ask(engine, bucket, group_by, None, [HEIDE, DORP]), whole)
        if group_by is not GroupBy.DEPARTMENT:
            same(ask(engine, bucket, group_by, [ROADS]), by_hand(told, bucket, group_by, ROADS))


def by_hand(
    told: Sequence[Told], bucket: Bucket, group_by: GroupBy, department: DepartmentId | None = None
) -> list[ThroughputItem]:
    """The same figures, counted one fact at a time; of all cases, or of those of one department."""
    tallies: dict[tuple[date, str], Tally] = {}
    for before, happened, after in chain.from_iterable(map(steps, told)):
        day = happened.at.astimezone(ZoneInfo(CITY.timezone)).date()
        for fact in facts(before, happened, after):
            counts = fact.primary if department is None else fact.department == department
            group = {
                GroupBy.DEPARTMENT: fact.department,
                GroupBy.NEIGHBOURHOOD: after.neighbourhood if counts else None,
                GroupBy.SERVICE: after.service if counts else None,
                GroupBy.THEME: CITY.services[after.service].theme if counts else None,
            }[group_by]
            if group is None or day > bucket.last(END):
                continue
            tally = tallies.setdefault((bucket.first(day), group), Tally())
            judged, good, valued = fact.good is not None, fact.good is True, fact.value is not None
            tally.add(fact.measure, Count(1, judged, good, valued, fact.value or 0.0))
            if fact.value is not None and fact.measure is Measure.CLOSED:
                tally.days_to_close.append(fact.value)
            if fact.value is not None and fact.measure is Measure.RESPONDED:
                tally.hours_to_respond.append(fact.value)
    groups = sorted({group for _, group in tallies})
    start = bucket.first(START)
    balance = {g: sum(t.open_change for (f, name), t in tallies.items() if name == g and f < start) for g in groups}
    items = []
    for first in bucket.between(START, END):
        for group in groups:
            figures_there = figures(tallies.get((first, group), Tally()), balance[group])
            balance[group] = figures_there.open_at_end
            items.append(ThroughputItem(first, group, figures_there))
    return items


def same(one: Sequence[ThroughputItem], other: Sequence[ThroughputItem]) -> None:
    assert [item.as_json() for item in one] == [pytest.approx(item.as_json()) for item in other]


shifts = st.integers(-60, 100).map(lambda days: timedelta(days=days, hours=days % 24))


@settings(max_examples=7, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.builds(moved, stories(), shifts), min_size=1, max_size=5), st.data())
def test_figures_equal_a_count_by_hand_before_during_and_after_settling(
    engine: Engine, told: list[Told], data: st.DataObject
) -> None:
    empty(engine)
    for number, story in enumerate(told):
        record(engine, story)
        for _ in range(data.draw(st.sampled_from((0, 1, 3, 6, 40)))):
            with writing(engine) as session:
                settle_month(session)
        check(engine, told[: number + 1], data.draw(st.sampled_from(Bucket)))
    settle(engine)
    for bucket in Bucket:
        check(engine, told, bucket)


def test_days_are_kept_until_their_month_is_over_and_told_anew_when_touched(engine: Engine) -> None:
    empty(engine)
    march, later = a_story(), timedelta(days=2)
    record(engine, march)
    record(engine, moved(march, later))
    settle(engine)
    days = {row.first_day for row in kept(engine, Bucket.DAY)}
    assert days and not kept(engine, Bucket.MONTH)
    record(engine, march)
    check(engine, [march, march, moved(march, later)], Bucket.MONTH)
    settle(engine)
    check(engine, [march, march, moved(march, later)], Bucket.MONTH)
    assert {row.first_day for row in kept(engine, Bucket.DAY)} == days
    record(engine, moved(march, timedelta(days=60)))
    settle(engine)
    assert {row.first_day for row in kept(engine, Bucket.MONTH)} == {Bucket.MONTH.first(day) for day in days}
    assert not days & {row.first_day for row in kept(engine, Bucket.DAY)}


def kept(engine: Engine, bucket: Bucket) -> Sequence[FigureKeptRow]:
    with reading(engine) as session:
        return session.scalars(select(FigureKeptRow).where(FigureKeptRow.bucket == bucket.value)).all()


def test_settling_leaves_nothing_to_settle_and_may_be_repeated(engine: Engine) -> None:
    record(engine, a_story())
    settle(engine)
    before = everything(engine)
    settle(engine)
    assert everything(engine) == before
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(FigureTouchRow)) == 0


def test_a_narrower_sight_shows_the_same_figures_of_fewer_groups(engine: Engine) -> None:
    record(engine, a_story())
    settle(engine)
    whole = ask(engine, Bucket.MONTH, GroupBy.DEPARTMENT)
    assert ask(engine, Bucket.MONTH, GroupBy.DEPARTMENT, [ROADS]) == [i for i in whole if i.group == ROADS]
    assert ask(engine, Bucket.MONTH, GroupBy.NEIGHBOURHOOD, None, [DORP]) == []
    services = ask(engine, Bucket.MONTH, GroupBy.SERVICE)
    assert ask(engine, Bucket.MONTH, GroupBy.SERVICE, None, [HEIDE]) == services
    assert ask(engine, Bucket.MONTH, GroupBy.SERVICE, [GREEN], None) == []


def test_an_empty_bucket_has_zeros_for_every_group_there_is(engine: Engine) -> None:
    record(engine, a_story())
    items = ask(engine, Bucket.MONTH, GroupBy.NEIGHBOURHOOD)
    assert [(i.bucket.month, i.group, i.figures.opened, i.figures.open_at_end) for i in items] == [
        (2, HEIDE, 0, 0),
        (3, HEIDE, 1, 1),
        (4, HEIDE, 0, 1),
        (5, HEIDE, 0, 1),
        (6, HEIDE, 0, 1),
    ]


def test_midnight_is_that_of_the_city(engine: Engine) -> None:
    late_on_the_31st = datetime(2026, 3, 31, 21, 59, tzinfo=MORNING.tzinfo) - MORNING
    record(engine, moved(a_story(), late_on_the_31st))
    record(engine, moved(a_story(), late_on_the_31st + timedelta(minutes=1)))
    opened_by_month = {i.bucket.month: i.figures.opened for i in ask(engine, Bucket.MONTH, GroupBy.THEME)}
    assert (opened_by_month[3], opened_by_month[4]) == (1, 1)


def test_too_many_buckets_are_refused(engine: Engine) -> None:
    with reading(engine) as session, pytest.raises(Refused):
        throughput(session, date.min, date.max, Bucket.DAY, GroupBy.SERVICE)
    with reading(engine) as session:
        end = date.min + timedelta(days=MOST_BUCKETS - 1)
        assert throughput(session, date.min, end, Bucket.DAY, GroupBy.SERVICE) == []


def a_story() -> Told:
    opening = Opening(CASE, "2026-000001", Kind.ISSUE, LAMP, HEIDE, False, (ROADS,))
    return open_case(rules_for(LAMP, HEIDE), opening, MORNING)
