"""What leadership asks for: the same figures as a count by hand, for any stretch of days and whoever asks."""

from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select, text

from domain.buckets import Bucket
from domain.commands import Decline
from domain.measures import Measure, facts
from domain.words import AssignmentId, Cause, NoteId
from readmodel.cases import CaseFilter, list_cases
from readmodel.counted import Counted, counting
from readmodel.database import reading, writing
from readmodel.figures import FigureRow, FigureTouchRow
from readmodel.intake import keep_rules
from readmodel.leadership import View, course, side_by_side
from readmodel.origin import Origin
from readmodel.recording import open_record
from readmodel.schema import CASES
from readmodel.settling import settle, settle_month
from readmodel.tallies import GroupBy, Scope
from tests.readmodel.by_hand import ZONE, Told, by_hand, check, keep_story, moved, steps
from tests.readmodel.conftest import empty
from tests.readmodel.stories import stories
from tests.readmodel.town import CITY, DORP, GREEN, HEIDE, LAMP, MEMBER, MORNING, ROADS, do, open_case, rules_for

migration = import_module("readmodel.migrations.versions.0007_leadership")

VIEWS = [
    View(GroupBy.THEME),
    View(GroupBy.DEPARTMENT, members=frozenset({ROADS})),
    View(GroupBy.DEPARTMENT, Scope(departments=[GREEN])),
    View(GroupBy.NEIGHBOURHOOD, Scope(neighbourhoods=[HEIDE])),
    View(GroupBy.NEIGHBOURHOOD, Scope(neighbourhoods=[DORP])),
    View(GroupBy.NEIGHBOURHOOD, Scope(departments=[ROADS])),
    View(GroupBy.SERVICE, Scope(neighbourhoods=[HEIDE]), frozenset({LAMP})),
    View(GroupBy.SERVICE, Scope([ROADS], [HEIDE])),
]
days = st.integers(0, 150).map(lambda number: date(2026, 2, 1) + timedelta(days=number))
shifts = st.integers(-60, 100).map(lambda number: timedelta(days=number, hours=number % 24))


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.builds(moved, stories(), shifts), min_size=1, max_size=5), days, days, st.data())
def test_every_stretch_of_days_equals_a_count_by_hand(
    engine: Engine, told: list[Told], one: date, other: date, data: st.DataObject
) -> None:
    empty(engine)
    start, end = sorted((one, other))
    for story in told:
        keep_story(engine, story)
        for _ in range(data.draw(st.sampled_from((0, 1, 3, 6, 40)))):
            with writing(engine) as session:
                settle_month(session)
    for view in VIEWS:
        bucket = data.draw(st.sampled_from(Bucket))
        with reading(engine) as session:
            found = course(session, view, start, end, bucket)
            groups = side_by_side(session, view, start, end)
        check(found.whole, *by_hand(told, view, start, end))
        for place, (first, part) in enumerate(found.buckets):
            last = found.buckets[place + 1][0] - timedelta(days=1) if place + 1 < len(found.buckets) else end
            check(part, *by_hand(told, view, first, last))
        for name, part in groups.items():
            check(part, *by_hand(told, replace(view, members=frozenset({name})), start, end))
        assert sum(p.figures.opened for p in groups.values()) == found.whole.figures.opened


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories())
def test_the_cases_behind_a_figure_are_those_that_it_counts(engine: Engine, story: Told) -> None:
    empty(engine)
    recorded(engine, story)
    case_id = next(iter(steps(story)))[2].case_id
    for before, happened, after in steps(story):
        day = happened.at.astimezone(ZONE).date()
        for fact in facts(before, happened, after):
            word = fact.detail[0] if fact.detail else None
            wanted = Counted((fact.measure,), day, day, word, failed=fact.good is False)
            department = fact.department if not fact.primary else None
            with reading(engine) as session:
                page = list_cases(session, MORNING, CaseFilter(counted=wanted, department=department))
                other = replace(wanted, start=day + timedelta(days=4000), end=None)
                nothing = list_cases(session, MORNING, CaseFilter(counted=other))
            assert [item.case_id for item in page.items] == [case_id], fact
            assert not nothing.items


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories())
def test_facts_counted_anew_from_the_events_are_those_that_were_kept(engine: Engine, story: Told) -> None:
    empty(engine)
    recorded(engine, story)
    kept = facts_kept(engine)
    settle(engine)
    with writing(engine) as session:
        for table in ("figures", "figure_touches"):
            session.execute(text(f"DELETE FROM {table}"))
        migration.count_anew(session.connection())
        assert session.scalar(select(func.count()).select_from(FigureTouchRow))
    assert facts_kept(engine) == kept


def test_a_city_without_cases_has_figures_without_values(engine: Engine) -> None:
    with reading(engine) as session:
        found = course(session, View(GroupBy.THEME), date(2026, 1, 1), date(2026, 3, 31), Bucket.MONTH)
        assert side_by_side(session, View(GroupBy.SERVICE), date(2026, 1, 1), date(2026, 3, 31)) == {}
    assert [first.month for first, _ in found.buckets] == [1, 2, 3]
    assert found.whole.empty
    assert found.whole.figures.opened == 0
    assert found.whole.figures.median_days_to_close is None
    assert found.whole.response_rate is None
    assert sum(found.whole.lead_times) == 0


def test_many_cases_behind_a_figure_are_listed_like_few(engine: Engine) -> None:
    accepted = [open_case(engine) for _ in range(5)]
    for one in accepted[:4]:
        do(engine, one, Decline(AssignmentId("a1"), Cause.CAPACITY, NoteId("n1")), MEMBER, MORNING)
    day = MORNING.astimezone(ZONE).date()
    wanted = Counted((Measure.DECLINED, Measure.PAUSED), day, day, "capacity")
    for few in (2000, 3):
        with reading(engine) as session:
            found = session.scalars(select(CASES.c.case_id).where(counting(session, wanted, few=few)))
            assert set(found) == {one.case_id for one in accepted[:4]}


def facts_kept(engine: Engine) -> list[tuple[object, ...]]:
    columns = [column for column in FigureRow.__table__.c if column.name != "id"]
    with reading(engine) as session:
        return sorted((tuple(row) for row in session.execute(select(*columns))), key=str)


def recorded(engine: Engine, story: Told) -> None:
    with writing(engine) as session:
        for service in CITY.services:
            keep_rules(session, rules_for(service, HEIDE))
        open_record(session, CITY, Origin("Dark", MORNING), story)
