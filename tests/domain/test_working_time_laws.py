"""When terms end: the laws that hold for any calendar, and the naive count that every answer must equal."""

from datetime import datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.durations import Duration, Elapsed, WorkingDays, WorkingHours
from domain.working_time import Calendar, end_of, is_open, left, opening, start_of, worked_between
from tests.calendars import GRID, calendars, instants
from tests.naive_working_time import Walk

terms = (
    st.builds(Elapsed, st.integers(1, 20 * 86_400))
    | st.builds(WorkingHours, st.integers(1, 300_000))
    | st.builds(WorkingDays, st.integers(1, 30))
)
moments = st.builds(lambda at, extra: at + timedelta(microseconds=extra), instants(), st.integers(0, 10**12))


def around(calendar: Calendar, at: datetime) -> Walk:
    return Walk(calendar, at.date())


@settings(max_examples=100, deadline=None)
@given(calendars(), instants(), st.integers(1, 400))
def test_working_hours_end_and_start_where_a_naive_count_says(calendar: Calendar, at: datetime, steps: int) -> None:
    walk, term = around(calendar, at), WorkingHours(steps * GRID)
    try:
        end, start, next_opening = (
            walk.end_of_hours(at, term.seconds),
            walk.start_of_hours(at, term.seconds),
            walk.opening(at),
        )
    except (IndexError, ValueError):
        assume(False)
    assert end_of(calendar, at, term) == end
    assert start_of(calendar, at, term) == start
    assert opening(calendar, at) == next_opening
    assert is_open(calendar, at) == (next_opening == at)
    assert worked_between(calendar, start, end) == walk.worked(start, end)


@settings(max_examples=100, deadline=None)
@given(calendars(), instants(), st.integers(1, 5))
def test_working_days_end_and_start_where_a_naive_count_says(calendar: Calendar, at: datetime, days: int) -> None:
    walk = around(calendar, at)
    try:
        end, start = walk.end_of_days(at, days), walk.start_of_days(at, days)
    except (IndexError, ValueError):
        assume(False)
    assert end_of(calendar, at, WorkingDays(days)) == end
    assert start_of(calendar, at, WorkingDays(days)) == start


@settings(max_examples=200, deadline=None)
@given(calendars(), moments, moments, terms)
def test_who_starts_later_never_ends_earlier(calendar: Calendar, a: datetime, b: datetime, term: Duration) -> None:
    sooner, later = sorted((a, b))
    assert end_of(calendar, sooner, term) <= end_of(calendar, later, term)
    assert start_of(calendar, sooner, term) <= start_of(calendar, later, term)


@settings(max_examples=200, deadline=None)
@given(calendars(), moments, st.integers(0, 90_000), terms)
def test_starting_a_little_later_never_ends_earlier(
    calendar: Calendar, start: datetime, seconds: int, term: Duration
) -> None:
    assert end_of(calendar, start, term) <= end_of(calendar, start + timedelta(seconds=seconds), term)
    assert start_of(calendar, start, term) <= start_of(calendar, start + timedelta(seconds=seconds), term)


@given(calendars(), moments, terms)
def test_a_term_ends_after_it_starts_and_starts_before_it_ends(
    calendar: Calendar, at: datetime, term: Duration
) -> None:
    assert end_of(calendar, at, term) > at
    assert start_of(calendar, at, term) < at


@given(calendars(), moments, st.integers(1, 300_000))
def test_a_term_in_working_hours_has_exactly_that_much_work_in_it(
    calendar: Calendar, start: datetime, seconds: int
) -> None:
    end = end_of(calendar, start, WorkingHours(seconds))
    assert worked_between(calendar, start, end) == seconds
    assert worked_between(calendar, start, end - timedelta(seconds=1)) == seconds - 1


@given(calendars(), moments, st.integers(1, 300_000))
def test_the_start_of_what_ends_is_the_first_open_instant_from_its_start_on(
    calendar: Calendar, start: datetime, seconds: int
) -> None:
    whole = start.replace(microsecond=0)
    assert start_of(calendar, end_of(calendar, start, WorkingHours(seconds)), WorkingHours(seconds)) == opening(
        calendar, whole
    )


@given(calendars(), st.lists(moments, min_size=3, max_size=3))
def test_work_adds_up(calendar: Calendar, at: list[datetime]) -> None:
    a, b, c = sorted(at)
    assert worked_between(calendar, a, b) + worked_between(calendar, b, c) == worked_between(calendar, a, c)
    assert worked_between(calendar, c, a) == 0


@settings(max_examples=200, deadline=None)
@given(calendars(), moments, terms, st.integers(0, 10**6), moments)
def test_a_pause_gives_back_exactly_what_was_left(
    calendar: Calendar, start: datetime, term: Duration, running: int, resumed: datetime
) -> None:
    due = end_of(calendar, start, term)
    paused = min(start + timedelta(seconds=running), due)
    remaining = left(calendar, paused, due, term)
    again = end_of(calendar, resumed, remaining)
    assert left(calendar, resumed, again, term) == remaining


@given(calendars(), moments, terms, st.integers(0, 10**6))
def test_a_pause_of_no_time_leaves_the_end_where_it_was(
    calendar: Calendar, start: datetime, term: Duration, running: int
) -> None:
    whole = start.replace(microsecond=0)
    due = end_of(calendar, whole, term)
    paused = whole + timedelta(seconds=running)
    assume(paused < due)
    assert end_of(calendar, paused, left(calendar, paused, due, term)) == due
