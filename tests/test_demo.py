"""The demonstration: made by the rules, marked, kept once."""

import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError

from aanjager.demo import Filled, fill_demo
from aanjager.demo.projects import tell_projects
from aanjager.demo.setting import Surroundings
from aanjager.demo.tackling import tackle
from aanjager.demo.year import tell_year
from aanjager.example import example_city
from aanjager.installation import Installation, installation
from configuration.city_files import read_city
from configuration.places import Places
from configuration.settings import read_settings
from domain.case import Case
from domain.rulebook import rulebook
from domain.time_rules import next_due
from domain.words import EscalationReason, Stage, Verdict
from readmodel.codec import case_from_json
from readmodel.database import reading, writing
from readmodel.eventlog import as_of, timeline
from readmodel.intake import accept, waiting
from readmodel.rows import case_row
from readmodel.schema import AGENDA_ITEMS, CASES, DECISIONS, EVENT_LOG, FOLLOWERS, LETTERS, MEETINGS, REPORTS
from readmodel.structural.hot_spots import metres_between
from tests.configuration.small_city import FILES, write_city
from tests.postgres import Postgres
from tests.readmodel.town import HEIDE, OTHER, a_report

NOW = datetime(2026, 6, 10, 14, 30, tzinfo=UTC)
MOMENTS = [NOW, datetime(2026, 1, 1, 0, 0, 5, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)]
LIVE = (Stage.ASSIGNED, Stage.IN_PROGRESS, Stage.WAITING, Stage.TRIAGE, Stage.RESOLVED)


def opened_at(folder: Path, city: Path | None = None, database_url: str | None = None) -> Installation:
    return installation(read_settings(city=city, data=folder, database_url=database_url))


def number_of_cases(engine: Engine) -> int:
    with reading(engine) as session:
        return session.execute(select(func.count()).select_from(CASES)).scalar_one()


def everything(engine: Engine) -> list[tuple[str, str, str]]:
    with reading(engine) as session:
        query = select(CASES.c.source_ref, CASES.c.number, CASES.c.state).order_by(CASES.c.source_ref)
        return [(row.source_ref, row.number, row.state) for row in session.execute(query)]


@pytest.fixture(scope="module")
def genk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Genk, with a short history and all its live cases."""
    here = opened_at(tmp_path_factory.mktemp("genk"))
    assert fill_demo(here, NOW, cases=120, live=60) == Filled(185, 63)
    yield here
    here.engine.dispose()


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Installation]:
    here = opened_at(tmp_path / "data", write_city(tmp_path / "city"))
    yield here
    here.engine.dispose()


def live_cases(here: Installation) -> list[Case]:
    with reading(here.engine) as session:
        states = session.execute(select(CASES.c.state).where(CASES.c.closed_at.is_(None))).scalars()
        return [case_from_json(state) for state in states]


def test_an_installation_is_filled_once(genk: Installation) -> None:
    assert fill_demo(genk, NOW + timedelta(days=1), cases=120, live=60) is None
    assert number_of_cases(genk.engine) == 185


def test_an_installation_with_a_case_is_left_alone(village: Installation) -> None:
    report = a_report(OTHER, HEIDE)
    service = village.city.services[report.service]
    with writing(village.engine) as session:
        accept(
            session,
            village.city,
            lambda _, place: rulebook(village.city, service, village.city.neighbourhoods[place]),
            report,
            NOW,
        )
    assert fill_demo(village, NOW) is None
    assert number_of_cases(village.engine) == 1


def test_every_stage_occurs_several_times_among_the_live_cases(genk: Installation) -> None:
    stages = Counter(case.stage for case in live_cases(genk))
    assert set(stages) == set(LIVE)
    assert min(stages.values()) >= 5


def test_every_department_has_live_cases_in_every_stage(genk: Installation) -> None:
    met = {(a.department, case.stage) for case in live_cases(genk) for a in case.assignments}
    assert [(d, s) for d in genk.city.departments for s in LIVE if (d, s) not in met] == []


def test_every_reason_to_escalate_is_open_somewhere_acknowledged_and_not(genk: Installation) -> None:
    raised = [e for case in live_cases(genk) for e in case.open_escalations()]
    assert {(e.reason, e.acknowledged_at is not None) for e in raised} == {
        (reason, acknowledged) for reason in EscalationReason for acknowledged in (True, False)
    }
    assert {e.level for e in raised} == {1, 2, 3}


def test_some_live_cases_ask_for_nobodys_attention(genk: Installation) -> None:
    calm = {case.stage for case in live_cases(genk) if not case.open_escalations()}
    assert calm == set(LIVE)


def test_live_cases_wait_for_their_workflow_with_nothing_overdue_for_the_engine(genk: Installation) -> None:
    with reading(genk.engine) as session:
        found = waiting(session, 200)
    assert len(found) == 63
    assert all((next_due(w.rules, w.case, NOW) or NOW) >= NOW for w in found)


def test_every_row_is_what_its_events_make_of_it(genk: Installation) -> None:
    with reading(genk.engine) as session:
        for row in session.execute(select(CASES)).mappings():
            story = timeline(session, row["case_id"])
            folded = as_of(story, len(story))
            assert case_from_json(row["state"]) == folded
            derived = {**case_row(folded), "state": row["state"]}
            assert {name: row[name] for name in derived} == derived
            assert [h.seq for h in story] == list(range(1, folded.version + 1))
            assert all(a.at <= b.at <= NOW for a, b in pairwise(story))


def test_everything_is_marked_as_invented(genk: Installation) -> None:
    with reading(genk.engine) as session:
        assert session.execute(select(CASES.c.source).distinct()).scalars().all() == ["demo"]
        assert all("[demo]" in text for text in session.execute(select(REPORTS.c.description)).scalars())
        addresses = session.execute(select(FOLLOWERS.c.email).where(FOLLOWERS.c.email.is_not(None))).scalars().all()
        assert addresses
        assert all(address.endswith("@voorbeeld.example") and address.isascii() for address in addresses)
        assert set(session.execute(select(FOLLOWERS.c.language).distinct()).scalars()) == {"nl", "en", "fr"}


def test_its_letters_are_kept_and_never_mailed(genk: Installation) -> None:
    with reading(genk.engine) as session:
        assert session.execute(select(LETTERS.c.status).distinct()).scalars().all() == ["kept"]


def test_a_team_has_met_and_its_next_meeting_waits_for_the_engine(genk: Installation) -> None:
    with reading(genk.engine) as session:
        held, ahead = session.execute(select(MEETINGS).order_by(MEETINGS.c.starts_at)).all()
        decisions = session.execute(select(DECISIONS)).all()
        recorded = session.execute(select(EVENT_LOG.c.case_id).where(EVENT_LOG.c.kind == "decision_recorded")).scalars()
        assert sorted(recorded) == sorted(d.case_id for d in decisions)
        titles = {row.item for row in session.execute(select(AGENDA_ITEMS))}
    assert (held.state, ahead.state, ahead.told) == ("held", "planned", 0)
    assert held.starts_at < NOW < ahead.starts_at
    assert decisions and {d.item for d in decisions} <= titles


def test_points_lie_in_their_neighbourhoods(genk: Installation) -> None:
    with reading(genk.engine) as session:
        placed = session.execute(
            select(CASES.c.lat, CASES.c.lon, CASES.c.neighbourhood).where(CASES.c.lat.is_not(None))
        ).all()
    assert all(genk.places.neighbourhood_at(row.lat, row.lon) == row.neighbourhood for row in placed)
    assert len({(row.lat, row.lon) for row in placed}) > 150


def test_numbers_follow_the_opening_without_gaps_in_each_year(genk: Installation) -> None:
    with reading(genk.engine) as session:
        numbers = session.execute(select(CASES.c.number).order_by(CASES.c.opened_at, CASES.c.case_id)).scalars().all()
    years = Counter(number[:4] for number in numbers)
    assert set(years) == {"2025", "2026"}
    assert list(numbers) == [f"{year}-{n:06d}" for year in sorted(years) for n in range(1, years[year] + 1)]


def test_history_shows_every_turn_that_a_case_can_take(genk: Installation) -> None:
    with reading(genk.engine) as session:
        kinds = set(session.execute(select(EVENT_LOG.c.kind).distinct()).scalars())
    assert {
        "department_reminded", "assignment_declined", "assignment_transferred", "assignment_paused", "resident_asked",
        "resident_answered", "placement_settled", "case_reopened", "case_supported", "comment_added", "feedback_given",
    } <= kinds  # fmt: skip


@pytest.mark.parametrize("now", MOMENTS)
def test_the_same_city_and_moment_give_the_same_year(now: datetime) -> None:
    city = read_city(example_city(), now.date())
    places = Places.read(example_city() / "neighbourhoods.geojson")

    def told() -> list[object]:
        return [(t.setting.description, t.setting.point, t.story.events) for t in tell_year(city, places, now, 15, 8)]

    once = told()
    assert len(once) == 23
    assert told() == once


def test_projects_show_a_round_advice_that_is_late_and_every_point_answered() -> None:
    city, places = read_city(example_city(), NOW.date()), Places.read(example_city() / "neighbourhoods.geojson")
    told = [(t.case, t.story.notes) for t in tell_projects(city, places, NOW)]
    assert told == [(t.case, t.story.notes) for t in tell_projects(city, places, NOW)]
    cases = [case for case, _ in told]
    projects = [case.project for case in cases if case.project is not None]
    answered, late, asking = projects
    assert [case.closed for case in cases] == [True, False, False]
    assert answered.points and {point.verdict for point in answered.points} == set(Verdict)
    assert cases[1].open_escalations() and late.awaited
    assert asking.participation is not None and asking.participation.open and asking.participation.reactions


def test_a_hot_spot_is_tackled_and_a_place_was_so_that_it_recurs_less(genk: Installation) -> None:
    year = tell_year(genk.city, genk.places, NOW, 700, 4)
    told = tackle(genk.city, genk.places, year, NOW)
    assert told.taken_up is not None
    again = tackle(genk.city, genk.places, year, NOW)
    assert [one.story.events for one in told.told] == [one.story.events for one in again.told]
    running, ended = (one.case for one in told.told)
    assert running.structure is not None and running.structure.hot_spot == told.taken_up[0]
    assert [task.resolved_at is not None for task in running.assignments] == [True, False], "as its review says"
    assert len(running.structure.reviews) == 1 and not running.closed
    assert ended.closed and ended.structure is not None and len(ended.structure.issues) > 3
    place, span = Surroundings(genk.city, genk.places, NOW).tackled, timedelta(days=150)
    about = [
        told.case.opened_at
        for told in year
        if told.setting.service == place.service
        if told.setting.point and metres_between(*told.setting.point, *place.point) < 150
    ]
    assert ended.closed_at is not None
    before = sum(ended.opened_at - span < at < ended.opened_at for at in about)
    since = sum(ended.closed_at < at < ended.closed_at + span for at in about)
    assert since < before / 2


@pytest.mark.parametrize("terms", ["as they are", "in seconds", "around the clock"])
def test_any_city_can_be_shown(tmp_path: Path, terms: str) -> None:
    policies = FILES["policies.toml"]
    if terms == "in seconds":
        policies = re.sub(r'"\d+ [a-z ]+"', '"3 seconds"', policies)
    if terms == "around the clock":
        policies = policies.replace(" working", "")
    directory = write_city(tmp_path / "city", {**FILES, "policies.toml": policies})
    city = read_city(directory, NOW.date())
    told = tell_year(city, Places.read(directory / "neighbourhoods.geojson"), NOW, 40, 20)
    assert Counter(t.case.closed for t in told) == {True: 40, False: 20}
    assert {t.case.stage for t in told if not t.case.closed} == set(LIVE)


def test_an_interrupted_filling_is_completed_as_if_nothing_had_happened(village: Installation, tmp_path: Path) -> None:
    full_disk = text(
        "CREATE TRIGGER full_disk BEFORE INSERT ON cases WHEN (SELECT count(*) FROM cases) >= 230 "
        "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    )
    with writing(village.engine) as session:
        session.execute(full_disk)
    with pytest.raises(DBAPIError):
        fill_demo(village, NOW, cases=240, live=10)
    assert number_of_cases(village.engine) == 200
    with writing(village.engine) as session:
        session.execute(text("DROP TRIGGER full_disk"))
    assert fill_demo(village, NOW + timedelta(hours=3), cases=240, live=10) == Filled(255, 13)

    elsewhere = opened_at(tmp_path / "elsewhere", tmp_path / "city")
    fill_demo(elsewhere, NOW, cases=240, live=10)
    assert everything(village.engine) == everything(elsewhere.engine)
    elsewhere.engine.dispose()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_two_processes_fill_it_once_between_them(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = None
    if database == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.fresh_database()
    city = write_city(tmp_path / "city")
    both = [opened_at(tmp_path / "data", city, url) for _ in range(2)]
    with ThreadPoolExecutor(2) as threads:
        filled = list(threads.map(lambda here: fill_demo(here, NOW, cases=240, live=10), both))
    assert Filled(255, 13) in filled
    assert [ref for ref, _, _ in everything(both[0].engine)] == [f"demo-{n:05d}" for n in range(1, 256)]
    for here in both:
        here.engine.dispose()
