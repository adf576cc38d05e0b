"""Hot spots are kept once, however often they are found, and what was decided about them stands."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import Engine

from activities.hot_spots.reviewing import review_hot_spots
from domain.commands import Close, MergeInto
from domain.words import CaseId, NoteId, Outcome
from readmodel.database import reading, writing
from readmodel.structural.hot_spots import (
    Found,
    HotSpot,
    HotSpotState,
    dismiss,
    hot_spots_of,
    keep_found,
    last_review,
    reported_since,
)
from tests.readmodel.test_nearby import LAT, LON, reported
from tests.readmodel.town import CITY, DIRECTOR, DORP, HEIDE, LAMP, TREE, do, later

TODAY = date(2026, 6, 1)
SPOT = Found("space", HEIDE, LAT, LON, 150.0, date(2026, 5, 26), TODAY, 1.5, 0.002, (CaseId("c1"), CaseId("c2")))


def found(engine: Engine, *spots: Found, on: date = TODAY) -> list[HotSpot]:
    with writing(engine) as session:
        keep_found(session, spots, 100, on, noon(on))
    with reading(engine) as session:
        return hot_spots_of(session)


def noon(day: date) -> datetime:
    return later(24 * (day - date(2026, 3, 2)).days)


def a_week_later(spot: Found, north: float = 0.0) -> Found:
    week = timedelta(days=7)
    return replace(spot, first_day=spot.first_day + week, last_day=spot.last_day + week, lat=spot.lat + north)


def test_what_is_found_again_is_told_anew_and_not_doubled(engine: Engine) -> None:
    [first] = found(engine, SPOT)
    [same] = found(engine, SPOT)
    assert same == first
    longer = replace(a_week_later(SPOT, 0.001), first_day=SPOT.first_day, cases=(CaseId("c1"), CaseId("c3")))
    [again] = found(engine, longer, on=date(2026, 6, 8))
    assert (again.id, again.found, again.state) == (first.id, longer, HotSpotState.OPEN)
    assert (again.first_found_at, again.found_at) == (noon(TODAY), noon(date(2026, 6, 8)))
    elsewhere = replace(longer, lat=LAT + 0.01)
    assert len(found(engine, longer, elsewhere, on=date(2026, 6, 8))) == 2


def test_what_is_not_found_any_more_has_passed_and_may_come_back(engine: Engine) -> None:
    found(engine, SPOT)
    [gone] = found(engine, on=date(2026, 6, 2))
    assert gone.state is HotSpotState.PASSED
    [back] = found(engine, replace(SPOT, last_day=date(2026, 6, 3)), on=date(2026, 6, 3))
    assert (back.id, back.state) == (gone.id, HotSpotState.OPEN)
    with reading(engine) as session:
        assert (review := last_review(session)) is not None
        assert (review.at, review.reports) == (noon(date(2026, 6, 3)), 100)


def test_a_dismissed_one_stays_so_until_there_are_reports_after_it(engine: Engine) -> None:
    [spot] = found(engine, SPOT)
    with writing(engine) as session:
        assert dismiss(session, spot.id, "user:director", "A street party, once a year.", noon(TODAY))
        assert not dismiss(session, spot.id, "user:director", "Again.", noon(TODAY))
    [same] = found(engine, replace(a_week_later(SPOT), first_day=TODAY), on=date(2026, 6, 8))
    assert (same.state, same.why, same.found) == (HotSpotState.DISMISSED, "A street party, once a year.", SPOT)
    states = [one.state for one in found(engine, a_week_later(a_week_later(SPOT)), on=date(2026, 6, 15))]
    assert states == [HotSpotState.OPEN, HotSpotState.DISMISSED]


def test_a_review_sees_issues_with_a_place_that_were_not_reported_before(engine: Engine) -> None:
    kept, merged, closed = reported(engine), reported(engine), reported(engine, service=TREE)
    do(engine, merged, MergeInto(kept.case_id), DIRECTOR, later(1))
    do(engine, closed, Close(Outcome.DECLINED, NoteId("n1")), DIRECTOR, later(1))
    with reading(engine) as session:
        assert {one.case_id for one in reported_since(session, later(0))} == {kept.case_id, closed.case_id}
        assert reported_since(session, later(1)) == []


def test_the_review_of_a_city_finds_where_much_was_reported_of_late(engine: Engine) -> None:
    for week in range(41):
        for place in range(3):
            reported(engine, north=600 * place, east=-700 * place, service=LAMP, hours=168 * week)
    for hours in (20, 30, 50, 60, 70, 90):
        reported(engine, north=3000 + hours / 10, neighbourhood=DORP, service=LAMP, hours=168 * 40 + hours)
    assert review_hot_spots(engine, CITY, later(168 * 41)) == 1
    with reading(engine) as session:
        [spot] = hot_spots_of(session, DORP)
    assert (spot.found.theme, spot.state, len(spot.found.cases)) == ("theme-lamp", HotSpotState.OPEN, 6)
    assert spot.found.expected < 1 and spot.found.p <= 0.01
    assert review_hot_spots(engine, CITY, later(168 * 41)) == 1
    with reading(engine) as session:
        assert hot_spots_of(session) == [spot]
