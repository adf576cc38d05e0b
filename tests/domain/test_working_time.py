"""When terms end: the examples that people argue about."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.durations import Duration, Elapsed, WorkingDays, WorkingHours, parse
from domain.working_time import Calendar, always, end_of, is_open, left, opening, start_of, worked_between
from tests.calendars import BRUSSELS, hours, local, town_hall, week

HOUR = 3_600
SHORT_FRIDAY = Calendar(BRUSSELS, week("08:00-17:00", friday="08:00-12:00"))
ROUND_THE_CLOCK = always(BRUSSELS)


@pytest.mark.parametrize(
    ("start", "term", "end"),
    [
        # A term within a day, over lunch, over the night and over the weekend
        ("2026-06-02 09:00", "2 working hours", "2026-06-02 11:00"),
        ("2026-06-02 11:00", "2 working hours", "2026-06-02 14:00"),
        ("2026-06-02 16:00", "2 working hours", "2026-06-03 09:00"),
        ("2026-06-05 16:00", "2 working hours", "2026-06-08 09:00"),
        # A term that is full ends at closing time, not when the doors open again
        ("2026-06-02 08:00", "8 working hours", "2026-06-02 17:00"),
        ("2026-06-02 10:00", "2 working hours", "2026-06-02 12:00"),
        ("2026-06-02 08:00", "1 working day", "2026-06-02 17:00"),
        ("2026-06-02 08:00", "2 working days", "2026-06-03 17:00"),
        # Started outside opening hours: as if at the next opening
        ("2026-06-02 03:00", "1 working hour", "2026-06-02 09:00"),
        ("2026-06-02 12:30", "1 working hour", "2026-06-02 14:00"),
        ("2026-06-06 11:00", "1 working day", "2026-06-08 17:00"),
        ("2026-06-02 17:00", "1 working day", "2026-06-03 17:00"),
        ("2026-06-02 12:30", "1 working day", "2026-06-03 12:00"),
        # Started in the course of a day: the same time, so many working days on
        ("2026-06-02 10:00", "2 working days", "2026-06-04 10:00"),
        ("2026-06-04 16:30", "2 working days", "2026-06-08 16:30"),
        # Day and night
        ("2026-06-06 23:30", "24 hours", "2026-06-07 23:30"),
        # Over the changes of clocks: a day on the wall is 24 hours, a working day is a working day
        ("2026-03-28 12:00", "24 hours", "2026-03-29 13:00"),
        ("2026-10-24 12:00", "24 hours", "2026-10-25 11:00"),
        ("2026-03-27 10:00", "1 working day", "2026-03-30 10:00"),
        ("2026-10-23 16:00", "2 working hours", "2026-10-26 09:00"),
        # Over New Year
        ("2026-12-31 16:00", "2 working hours", "2027-01-01 09:00"),
    ],
)
def test_a_term_at_the_town_hall_ends(start: str, term: str, end: str) -> None:
    assert end_of(town_hall(), local(start), parse(term)) == local(end)


@pytest.mark.parametrize(
    ("term", "end"),
    [("2 working hours", "2026-12-28 09:00"), ("1 working day", "2026-12-28 16:00"), ("24 hours", "2026-12-24 16:00")],
)
def test_holidays_and_the_citys_own_closing_days_count_only_for_terms_day_and_night(term: str, end: str) -> None:
    christmas = town_hall(date(2026, 12, 24), date(2026, 12, 25))
    assert end_of(christmas, local("2026-12-23 16:00"), parse(term)) == local(end)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-06-05 08:00", 1, "2026-06-05 12:00"),
        ("2026-06-04 08:00", 2, "2026-06-05 12:00"),
        ("2026-06-04 10:00", 1, "2026-06-05 10:00"),
        ("2026-06-04 16:00", 1, "2026-06-05 12:00"),
        ("2026-06-04 16:00", 2, "2026-06-08 16:00"),
        ("2026-06-05 11:00", 1, "2026-06-08 11:00"),
    ],
)
def test_a_short_friday_counts_as_one_day(start: str, days: int, end: str) -> None:
    assert end_of(SHORT_FRIDAY, local(start), WorkingDays(days)) == local(end)


def test_a_term_whose_local_time_lies_before_the_opening_of_its_last_day_ends_when_the_day_before_it_closes() -> None:
    late_friday = Calendar(BRUSSELS, week("08:00-17:00", friday="13:00-18:00"))
    assert end_of(late_friday, local("2026-06-04 09:00"), WorkingDays(1)) == local("2026-06-04 17:00")


def test_who_works_round_the_clock_counts_midnight_to_midnight() -> None:
    assert end_of(ROUND_THE_CLOCK, local("2026-06-06 00:00"), WorkingDays(1)) == local("2026-06-07 00:00")
    assert end_of(ROUND_THE_CLOCK, local("2026-06-06 22:15"), WorkingDays(2)) == local("2026-06-08 22:15")
    assert end_of(ROUND_THE_CLOCK, local("2026-06-06 22:15"), WorkingHours(4 * HOUR)) == local("2026-06-07 02:15")


def test_a_night_shift_goes_on_past_midnight() -> None:
    night = Calendar(BRUSSELS, (hours("00:00-06:00", "22:00-24:00"),) * 7)
    assert end_of(night, local("2026-06-06 23:00"), WorkingHours(3 * HOUR)) == local("2026-06-07 02:00")
    assert end_of(night, local("2026-06-07 05:00"), WorkingHours(2 * HOUR)) == local("2026-06-07 23:00")


@pytest.mark.parametrize(("day", "length"), [("2026-03-29", 23), ("2026-06-06", 24), ("2026-10-25", 25)])
def test_a_day_round_the_clock_is_as_long_as_the_change_of_clocks_makes_it(day: str, length: int) -> None:
    midnight = local(f"{day} 00:00")
    close = end_of(ROUND_THE_CLOCK, midnight, WorkingDays(1))
    assert close - midnight == timedelta(hours=length)
    assert worked_between(ROUND_THE_CLOCK, midnight, close) == length * HOUR


@pytest.mark.parametrize(
    ("timezone", "year"),
    [
        ("America/Havana", 2026),  # midnight is skipped in spring and comes twice in autumn
        ("America/St_Johns", 1990),  # clocks change at one minute past midnight, back into the day before
        ("Pacific/Apia", 2011),  # a whole date is skipped
        ("Africa/Casablanca", 2026),  # a month without summer time within the summer
    ],
)
def test_who_works_round_the_clock_works_every_second_of_the_year(timezone: str, year: int) -> None:
    since, until = datetime(year, 1, 2, tzinfo=UTC), datetime(year, 12, 31, tzinfo=UTC)
    assert worked_between(always(timezone), since, until) == (until - since) // timedelta(seconds=1)


def test_a_date_that_a_zone_skips_is_no_working_day() -> None:
    start = local("2011-12-29 00:00", "Pacific/Apia")
    assert end_of(always("Pacific/Apia"), start, WorkingDays(2)) == local("2012-01-01 00:00", "Pacific/Apia")


@pytest.mark.parametrize(
    ("interval", "opens", "closes"),
    [
        ("01:00-02:30", "2026-03-29 01:00", "2026-03-29 03:00"),
        ("02:30-04:00", "2026-03-29 03:00", "2026-03-29 04:00"),
        ("02:15-02:45", "2026-03-30 02:15", "2026-03-30 02:45"),
    ],
)
def test_in_spring_a_time_that_clocks_skip_is_the_instant_of_the_change(interval: str, opens: str, closes: str) -> None:
    early = Calendar(BRUSSELS, (hours(interval),) * 7)
    start = opening(early, local("2026-03-29 00:00"))
    assert (start, end_of(early, start, WorkingDays(1))) == (local(opens), local(closes))


@pytest.mark.parametrize(
    ("intervals", "worked"),
    [
        (("00:00-02:00",), 2),
        (("00:00-02:30",), 3.5),
        (("02:30-04:00",), 2.5),
        (("02:00-03:00",), 2),
        (("02:15-02:45",), 1.5),
        (("03:00-04:00",), 1),
        (("01:00-02:15", "02:30-04:00"), 4),
    ],
)
def test_in_autumn_hours_open_the_first_time_they_are_shown_and_close_the_last(
    intervals: tuple[str, ...], worked: float
) -> None:
    early = Calendar(BRUSSELS, (hours(*intervals),) * 7)
    assert worked_between(early, local("2026-10-25 00:00"), local("2026-10-26 00:00")) == worked * HOUR


def test_opening_hours_include_the_opening_second_and_not_the_closing_one() -> None:
    hall = town_hall()
    assert is_open(hall, local("2026-06-02 08:00"))
    assert not is_open(hall, local("2026-06-02 08:00") - timedelta(microseconds=1))
    assert is_open(hall, local("2026-06-02 12:00") - timedelta(microseconds=1))
    assert not is_open(hall, local("2026-06-02 12:00"))
    assert not is_open(hall, local("2026-06-06 10:00"))


def test_the_next_opening_is_now_for_whoever_is_open() -> None:
    hall = town_hall(date(2026, 6, 8))
    now = local("2026-06-02 10:00") + timedelta(microseconds=7)
    assert opening(hall, now) == now
    assert opening(hall, local("2026-06-02 12:00")) == local("2026-06-02 13:00")
    assert opening(hall, local("2026-06-05 17:00")) == local("2026-06-09 08:00")


@pytest.mark.parametrize(
    ("end", "term", "start"),
    [
        ("2026-06-02 16:00", "2 working hours", "2026-06-02 14:00"),
        ("2026-06-02 10:00", "4 working hours", "2026-06-01 15:00"),
        ("2026-06-02 17:00", "8 working hours", "2026-06-02 08:00"),
        ("2026-06-08 09:00", "2 working hours", "2026-06-05 16:00"),
        ("2026-06-07 12:00", "1 working hour", "2026-06-05 16:00"),
        ("2026-06-02 17:00", "1 working day", "2026-06-02 08:00"),
        ("2026-06-08 08:00", "2 working days", "2026-06-04 08:00"),
        ("2026-06-08 10:00", "2 working days", "2026-06-04 10:00"),
        ("2026-06-03 12:00", "1 working day", "2026-06-02 13:00"),
        ("2026-01-02 09:00", "4 working days", "2025-12-29 09:00"),
        ("2026-06-07 12:00", "24 hours", "2026-06-06 12:00"),
    ],
)
def test_a_term_that_ends_then_started(end: str, term: str, start: str) -> None:
    assert start_of(town_hall(), local(end), parse(term)) == local(start)


def test_a_paused_term_goes_on_with_what_was_left() -> None:
    hall = town_hall()
    due = end_of(hall, local("2026-06-01 10:00"), WorkingDays(3))
    remaining = left(hall, local("2026-06-03 15:00"), due, WorkingDays(3))
    assert remaining == WorkingHours(4 * HOUR)
    assert end_of(hall, local("2026-06-19 16:00"), remaining) == local("2026-06-22 11:00")


def test_nothing_is_left_of_a_term_that_has_passed() -> None:
    due, now = local("2026-06-01 10:00"), local("2026-06-02 10:00")
    assert left(town_hall(), now, due, Elapsed(60)) == Elapsed(0)
    assert left(town_hall(), now, due, WorkingDays(1)) == WorkingHours(0)
    assert end_of(town_hall(), now, WorkingHours(0)) == now


def test_a_fraction_of_a_second_stays_in_elapsed_time_and_is_dropped_from_working_time() -> None:
    start = local("2026-06-02 10:00") + timedelta(microseconds=250_000)
    assert end_of(town_hall(), start, Elapsed(60)) == start + timedelta(minutes=1)
    assert end_of(town_hall(), start, WorkingHours(60)) == local("2026-06-02 10:01")


@pytest.mark.parametrize("term", [WorkingHours(1), WorkingDays(1)])
def test_a_calendar_that_never_opens_is_refused_rather_than_searched_for_ever(term: Duration) -> None:
    never = Calendar(BRUSSELS, ((),) * 7)
    with pytest.raises(ValueError, match="no opening hours on any day"):
        end_of(never, local("2026-06-02 10:00"), term)


def test_a_term_that_would_take_centuries_is_refused() -> None:
    an_hour_a_week = Calendar(BRUSSELS, (hours("08:00-09:00"), (), (), (), (), (), ()))
    with pytest.raises(ValueError, match="1970 to 2199"):
        end_of(an_hour_a_week, local("2026-06-02 10:00"), WorkingHours(20_000 * HOUR))
    with pytest.raises(ValueError, match="1970 to 2199"):
        start_of(an_hour_a_week, local("2026-06-02 10:00"), WorkingHours(20_000 * HOUR))


@pytest.mark.parametrize("year", [1, 1969, 2200, 9999])
def test_an_instant_beyond_the_known_years_is_refused(year: int) -> None:
    with pytest.raises(ValueError, match="1970 to 2199"):
        is_open(town_hall(), datetime(year, 6, 30, 12, tzinfo=UTC))


def test_equal_calendars_give_equal_answers_whatever_was_asked_before() -> None:
    once, again = town_hall(date(2026, 6, 3)), town_hall(date(2026, 6, 3))
    before = end_of(once, local("2026-06-02 16:00"), WorkingDays(1))
    end_of(again, local("2031-06-02 16:00"), WorkingDays(400))
    start_of(again, local("2019-06-02 16:00"), WorkingDays(400))
    assert end_of(again, local("2026-06-02 16:00"), WorkingDays(1)) == before == local("2026-06-04 16:00")
