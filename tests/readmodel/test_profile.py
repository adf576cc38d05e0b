"""The profile of a neighbourhood: every figure of it counted again from the events."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from domain.buckets import Bucket
from domain.comparing import Ratings, Share
from domain.events import CaseOpened
from domain.measures import Fact, Measure
from domain.opening import Opening, open_case
from domain.profile import Against, Sort
from domain.tally import quantile
from domain.words import Kind
from readmodel.database import reading
from readmodel.leadership import View
from readmodel.profile import Profile, first_answers, profile, ratings
from readmodel.settling import settle
from readmodel.standing_out import outstanding
from readmodel.tallies import GroupBy, Scope
from tests.readmodel.by_hand import Told, by_hand, check, keep_story, moved
from tests.readmodel.conftest import empty
from tests.readmodel.stories import CASE, stories
from tests.readmodel.town import CITY, DORP, GREEN, HEIDE, LAMP, MORNING, ROADS, rules_for

DAYS = (date(2025, 6, 1), date(2026, 5, 10))
PAST = (date(2024, 6, 1), date(2025, 5, 10))
HERE, THERE = Scope(neighbourhoods=[HEIDE]), Scope(neighbourhoods=[DORP])

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""It asks nothing of the database that other tests do not ask of both."""


def in_dorp(story: Told) -> Told:
    return [
        replace(one, event=replace(one.event, neighbourhood=DORP)) if isinstance(one.event, CaseOpened) else one
        for one in story
    ]


def read(engine: Engine) -> Profile:
    with reading(engine) as session:
        return profile(session, HEIDE, [DORP], DAYS, PAST)


def a_lamp() -> Told:
    """Reported on the morning of the town, and nothing happened since."""
    opening = Opening(CASE, "2026-000001", Kind.ISSUE, LAMP, HEIDE, False, (ROADS,))
    return open_case(rules_for(LAMP, HEIDE), opening, MORNING)


def number(told: Sequence[Told], view: View, days: tuple[date, date], measure: Measure) -> int:
    return sum(fact.measure is measure for fact in by_hand(told, view, *days)[0])


def of(facts: list[Fact], measure: Measure) -> list[Fact]:
    return [fact for fact in facts if fact.measure is measure]


def one(group_by: GroupBy, scope: Scope, member: str) -> View:
    return View(group_by, scope, frozenset({member}))


lives = st.builds(moved, stories(), st.sampled_from([-500, -300, -90, -40, -3, 0]).map(lambda d: timedelta(days=d)))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(lives, max_size=4), st.lists(lives, max_size=3), st.booleans())
def test_every_figure_of_a_profile_equals_a_count_by_hand(
    engine: Engine, here: list[Told], there: list[Told], settled: bool
) -> None:
    empty(engine)
    told = [*here, *map(in_dorp, there)]
    for story in told:
        keep_story(engine, story)
    if settled:
        settle(engine)
    found = read(engine)
    check(found.now, *by_hand(told, View(GroupBy.NEIGHBOURHOOD, HERE), *DAYS))
    check(found.before, *by_hand(told, View(GroupBy.NEIGHBOURHOOD, HERE), *PAST))
    check(found.peers, *by_hand(told, View(GroupBy.NEIGHBOURHOOD, THERE), *DAYS))
    check_months(found, told)
    check_themes(found, told)
    check_departments(found, told)
    assert all(one.months >= 6 and one.opened >= one.months for one in found.recurring)
    outstanding(found)


def check_months(found: Profile, told: Sequence[Told]) -> None:
    assert len(found.months) == len(found.past_months) == 12
    view = View(GroupBy.NEIGHBOURHOOD, HERE)
    for month in (*found.months, *found.past_months):
        facts, standing = by_hand(told, view, month.first, Bucket.MONTH.last(month.first))
        opened, closed = len(of(facts, Measure.OPENED)), len(of(facts, Measure.CLOSED))
        assert (month.opened, month.open_at_end) == (opened, standing + opened - closed)


def check_themes(found: Profile, told: Sequence[Told]) -> None:
    seen = {theme.id: theme for theme in found.themes}
    for id in {service.theme for service in CITY.services.values()}:
        counts = tuple(
            number(told, one(GroupBy.THEME, scope, id), days, Measure.OPENED)
            for scope in (HERE, THERE)
            for days in (DAYS, PAST)
        )
        theme = seen.get(id)
        if theme is not None:
            assert (theme.now, theme.before, theme.peers_now, theme.peers_before) == counts
            assert sum(month.opened for month in theme.months) == theme.now
        else:
            assert counts[:2] == (0, 0)


def check_departments(found: Profile, told: Sequence[Told]) -> None:
    seen = {department.id: department for department in found.departments}
    for id in (ROADS, GREEN):
        here, standing = by_hand(told, one(GroupBy.DEPARTMENT, HERE, id), *DAYS)
        elsewhere, _ = by_hand(told, one(GroupBy.DEPARTMENT, THERE, id), *DAYS)
        if id not in seen:
            assert not of(here, Measure.RESPONDED)
            continue
        for pace, facts in ((seen[id].here, here), (seen[id].elsewhere, elsewhere)):
            answers = of(facts, Measure.RESPONDED)
            hours = sorted(fact.value for fact in answers if fact.value is not None)
            assert pace.in_time == Share(sum(fact.good is True for fact in answers), len(answers))
            assert pace.median_hours == (pytest.approx(quantile(hours, 0.5)) if hours else None)
        change = Counter(fact.measure for fact in here)
        arrived = change[Measure.OPENED] + change[Measure.RETURNED]
        assert seen[id].open == standing + arrived - change[Measure.LEFT] - change[Measure.CLOSED]


def test_a_neighbourhood_where_nothing_ever_happened_has_a_profile_too(engine: Engine) -> None:
    found = read(engine)
    assert (found.now.empty, found.since, found.past_known) == (True, None, False)
    assert (found.themes, found.departments, found.recurring) == ((), (), ())
    assert outstanding(found) == ()
    assert (first_answers(found.now), ratings(found.now)) == (Share(0, 0), Ratings({}))


def test_the_past_is_known_where_the_figures_reach_back_to_it(engine: Engine) -> None:
    story = a_lamp()
    keep_story(engine, moved(story, timedelta(days=-640)))
    keep_story(engine, story)
    assert read(engine).past_known
    empty(engine)
    keep_story(engine, moved(story, timedelta(days=-300)))
    assert not read(engine).past_known


def test_what_is_reported_half_of_the_months_keeps_coming_back_and_more_of_it_stands_out(engine: Engine) -> None:
    story = a_lamp()
    for month in range(6):
        for _ in range(8):
            keep_story(engine, moved(story, timedelta(days=-31 * month)))
    for day in (*range(12), 240):
        keep_story(engine, moved(story, timedelta(days=-400 - day)))
    settle(engine)
    found = read(engine)
    assert [(one.service, one.opened, one.months) for one in found.recurring] == [(LAMP, 48, 6)]
    assert (Sort.THEME, Against.PAST, "theme-lamp", 48, 12) in {
        (told.sort, told.against, told.subject, told.here, told.there) for told in outstanding(found)
    }
