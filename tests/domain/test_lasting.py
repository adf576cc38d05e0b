"""Waiting time against a naive count, hour by hour."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from domain.lasting import Stretch, days, days_between, joined, within
from domain.limit_figures import Lasted, add_up, course
from domain.limits import Limit
from domain.words import CaseId, Cause

START = datetime(2026, 3, 28, tzinfo=UTC)
HOURS = 60


def hour(number: int) -> datetime:
    return START + timedelta(hours=number)


hours = st.integers(0, HOURS)
stretches = st.lists(st.tuples(hours.map(hour), hours.map(hour)), max_size=8)


END = hour(HOURS)


def naive(found: Sequence[Stretch], start: datetime = START, end: datetime = END) -> float:
    """The hours of which somebody waited, one by one."""
    there = (hour(n) for n in range(HOURS))
    return sum(any(one <= h < other for one, other in found) for h in there if start <= h < end) / 24


@given(stretches)
def test_overlapping_time_counts_once(found: list[Stretch]) -> None:
    assert abs(days(found) - naive(found)) < 1e-9


@given(stretches, hours, hours)
def test_only_the_part_in_the_period_counts(found: list[Stretch], one: int, other: int) -> None:
    assert abs(days(within(found, hour(one), hour(other))) - naive(found, hour(one), hour(other))) < 1e-9


@given(stretches)
def test_what_is_joined_is_apart_and_in_order(found: list[Stretch]) -> None:
    apart = joined(found)
    assert all(one < other for one, other in apart)
    assert all(one[1] < other[0] for one, other in pairwise(apart))


@given(stretches, st.lists(hours, max_size=6, unique=True).map(sorted))
def test_parts_of_a_period_add_up_to_the_whole(found: list[Stretch], marks: list[int]) -> None:
    moments = [hour(n) for n in marks]
    parts = days_between(found, moments)
    assert len(parts) == max(len(marks) - 1, 0)
    for part, one, other in zip(parts, moments, moments[1:], strict=False):
        assert abs(part - naive(found, one, other)) < 1e-9


waits = st.lists(
    st.builds(
        Lasted,
        st.sampled_from([CaseId("c1"), CaseId("c2")]),
        st.sampled_from(Limit),
        st.none() | st.sampled_from([Cause.CAPACITY, Cause.NO_BUDGET]),
        hours.map(hour),
        st.none() | hours.map(hour),
    ),
    max_size=12,
)


@given(waits, hours, hours)
def test_each_case_counts_each_moment_once_for_a_cause(found: list[Lasted], one: int, other: int) -> None:
    start, end, now = hour(one), hour(other), hour(HOURS)
    told = add_up(found, start, end, now)
    for cause in {w.cause for w in found}:
        waited = {
            case: naive(
                [(w.began_at, w.ended_at or now) for w in found if (w.case_id, w.cause) == (case, cause)], start, end
            )
            for case in {w.case_id for w in found}
        }
        some = sorted(time for time in waited.values() if time)
        figures = told.get(cause)
        assert [round(time, 6) for time in some] == [round(time, 6) for time in (figures.days if figures else ())]
        began = sum(w.cause is cause and start <= w.began_at < end for w in found)
        assert began == (figures.declines + figures.pauses + figures.escalations if figures else 0)


@given(waits, st.lists(hours, min_size=2, max_size=6, unique=True).map(sorted))
def test_the_course_of_a_cause_adds_up_to_its_whole(found: list[Lasted], marks: list[int]) -> None:
    moments, now = [hour(n) for n in marks], hour(HOURS)
    told = course(found, moments, now)
    whole = add_up(found, moments[0], moments[-1], now)
    for cause, parts in told.items():
        waited = whole[cause].waiting_days if cause in whole else 0
        assert abs(sum(parts) - waited) < 1e-9


def test_what_still_lasts_counts_until_now_and_no_further() -> None:
    lasting = Lasted(CaseId("c1"), Limit.PAUSE, Cause.CAPACITY, hour(0), None)
    [(cause, figures)] = add_up([lasting], hour(0), hour(48), hour(36)).items()
    assert (cause, figures.pauses, figures.cases, figures.waiting_days) == (Cause.CAPACITY, 1, 1, 1.5)


def test_the_median_is_that_of_the_cases() -> None:
    times = [("c1", 0, 12), ("c1", 6, 24), ("c2", 0, 48)]
    lasted = [Lasted(CaseId(id), Limit.DECLINE, None, hour(one), hour(other)) for id, one, other in times]
    figures = add_up(lasted, hour(0), hour(48), hour(48))[None]
    assert (figures.declines, figures.cases, figures.waiting_days, figures.median_waiting_days) == (3, 2, 3, 1.5)
