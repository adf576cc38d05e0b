"""Figures from counts, and the buckets they are counted in."""

from datetime import date
from itertools import pairwise
from statistics import median, quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.buckets import Bucket
from domain.measures import Measure
from domain.tally import Count, Figures, Tally, figures, quantile

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def test_nothing_happened_is_zero_and_no_share() -> None:
    assert figures(Tally(), open_before=3) == Figures(open_at_end=3)


def test_shares_leave_out_what_was_not_judged() -> None:
    tally = Tally()
    tally.add(Measure.RESOLVED, Count(facts=5, judged=4, good=3))
    assert figures(tally).resolved_in_time == 0.75


@given(st.lists(st.floats(0, 1e6), min_size=2))
def test_quantiles_are_those_of_the_standard_library(values: list[float]) -> None:
    ascending = sorted(values)
    assert quantile(ascending, 0.5) == pytest.approx(median(values))
    assert quantile(ascending, 0.9) == pytest.approx(quantiles(values, n=10, method="inclusive")[-1])


def test_one_value_is_its_own_quantile() -> None:
    assert quantile([4.0], 0.9) == 4.0
    assert quantile([], 0.9) is None


@given(days, st.sampled_from(Bucket))
def test_a_day_is_in_its_bucket_and_all_its_days_agree(day: date, bucket: Bucket) -> None:
    first, last = bucket.first(day), bucket.last(day)
    assert first <= day <= last
    assert bucket.first(first) == bucket.first(last) == first
    assert bucket.last(first) == bucket.last(last) == last


@given(days, st.integers(0, 400), st.sampled_from(Bucket))
def test_buckets_cover_a_period_without_gaps(start: date, length: int, bucket: Bucket) -> None:
    end = date.fromordinal(start.toordinal() + length)
    firsts = list(bucket.between(start, end))
    assert firsts[0] == bucket.first(start)
    assert firsts[-1] == bucket.first(end)
    for one, next_one in pairwise(firsts):
        assert bucket.last(one).toordinal() + 1 == next_one.toordinal()


def test_the_first_and_the_last_day_that_there_are_have_buckets_too() -> None:
    for bucket in Bucket:
        assert list(bucket.between(date.max, date.max)) == [bucket.first(date.max)]
        assert list(bucket.between(date.min, date.min)) == [date.min]
