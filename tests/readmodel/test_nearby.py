"""What was reported nearby, on SQLite and on PostgreSQL."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, text

from domain.commands import Close
from domain.words import NeighbourhoodId, NoteId, Outcome, ServiceCode
from readmodel.database import reading, writing
from readmodel.erasure import erase
from readmodel.intake import Accepted
from readmodel.nearby import MOST, NEAR, Bearing, Nearby, around, within
from tests.readmodel.town import DIRECTOR, DORP, HEIDE, LAMP, TREE, a_report, do, later, open_case

LAT, LON = 50.96, 5.5
METRE = 1 / 111_320


def reported(
    engine: Engine,
    north: float = 0,
    east: float = 0,
    service: ServiceCode = LAMP,
    neighbourhood: NeighbourhoodId = HEIDE,
    hours: float = 0,
) -> Accepted:
    """A report so many metres away."""
    lon = LON + east * METRE / 0.6299
    report = replace(a_report(service, neighbourhood), lat=LAT + north * METRE, lon=lon)
    return open_case(engine, report, later(hours))


def near(engine: Engine, service: ServiceCode = LAMP, kindred: tuple[ServiceCode, ...] = ()) -> list[Nearby]:
    with reading(engine) as session:
        return around(session, LAT, LON, service, kindred)


def test_the_nearest_come_first_and_those_farther_than_is_near_stay_out(engine: Engine) -> None:
    far, close = reported(engine, north=140), reported(engine, east=-30)
    reported(engine, north=NEAR + 5)
    reported(engine, north=120, east=120)
    assert [one.case_id for one in near(engine)] == [close.case_id, far.case_id]
    assert [round(one.metres or 0) for one in near(engine)] == [30, 140]


@pytest.mark.parametrize(
    ("north", "east", "bearing"),
    [
        (50, 0, Bearing.NORTH),
        (0, 50, Bearing.EAST),
        (-50, 2, Bearing.SOUTH),
        (3, -50, Bearing.WEST),
        (40, 40, Bearing.NORTH_EAST),
        (-40, -40, Bearing.SOUTH_WEST),
        (-40, 40, Bearing.SOUTH_EAST),
        (40, -40, Bearing.NORTH_WEST),
    ],
)
def test_it_is_told_which_way_they_lie(engine: Engine, north: float, east: float, bearing: Bearing) -> None:
    reported(engine, north, east)
    assert [one.bearing for one in near(engine)] == [bearing]


def test_kindred_services_count_only_close_by(engine: Engine) -> None:
    close = reported(engine, north=40, service=TREE)
    reported(engine, north=100, service=TREE)
    assert near(engine) == []
    assert [one.case_id for one in near(engine, kindred=(TREE,))] == [close.case_id]


def test_closed_cases_and_erased_places_are_not_found(engine: Engine) -> None:
    closed, erased = reported(engine), reported(engine)
    do(engine, closed, Close(Outcome.EXPLAINED, NoteId("n1")), DIRECTOR, later(1))
    with writing(engine) as session:
        erase(session, erased.case_id)
    assert near(engine) == []


def test_no_more_than_a_few_are_told(engine: Engine) -> None:
    for metres in range(MOST + 2):
        reported(engine, north=metres)
    assert len(near(engine)) == MOST


def test_without_a_point_the_latest_of_the_neighbourhood_come_first(engine: Engine) -> None:
    old, new = reported(engine), reported(engine, north=5000, hours=3)
    reported(engine, service=TREE)
    reported(engine, neighbourhood=DORP)
    with reading(engine) as session:
        found = within(session, HEIDE, LAMP)
    assert [one.case_id for one in found] == [new.case_id, old.case_id]
    assert {(one.metres, one.bearing) for one in found} == {(None, None)}


def test_the_place_is_looked_up_before_the_service(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL chooses by what the tables hold")
    box = "lat BETWEEN 1 AND 2 AND lon BETWEEN 1 AND 2 AND coalesce(service, '') IN ('lamp')"
    with reading(engine) as session:
        plan = session.execute(text(f"EXPLAIN QUERY PLAN SELECT 1 FROM cases WHERE closed_at IS NULL AND {box}"))
        assert "ix_cases_open_spot" in str(plan.all())
