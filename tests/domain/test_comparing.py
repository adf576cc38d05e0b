"""How far figures lie apart, told in what chance would do."""

from statistics import mean, variance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.comparing import Ratings, Share, between_counts, between_ratings, between_shares

shares = st.integers(0, 200).flatmap(lambda of: st.builds(Share, st.integers(0, of), st.just(of)))
ratings = st.builds(Ratings, st.dictionaries(st.integers(1, 5), st.integers(0, 50)))


def test_a_share_without_facts_has_no_value() -> None:
    assert Share(0, 0).value is None
    assert Share(3, 4).value == 0.75
    assert Share(3, 4).without(Share(1, 2)) == Share(2, 2)


def test_two_shares_are_as_far_apart_as_the_textbook_says() -> None:
    assert between_shares(Share(60, 100), Share(40, 100)) == pytest.approx(2.828, abs=0.001)


def test_counts_are_as_far_apart_as_their_roots() -> None:
    assert between_counts(100, 64) == pytest.approx(2.828, abs=0.001)
    assert between_counts(128, 64, growth=2.0) == pytest.approx(0)


@given(shares, shares)
def test_shares_are_as_far_apart_from_either_side(one: Share, other: Share) -> None:
    assert between_shares(one, other) == pytest.approx(-between_shares(other, one))


@given(ratings)
def test_ratings_have_the_mean_and_the_variance_of_all_that_was_given(told: Ratings) -> None:
    given = [rating for rating, number in told.numbers.items() for _ in range(number)]
    assert told.count == len(given)
    assert told.mean == (pytest.approx(mean(given)) if given else None)
    assert told.variance == pytest.approx(variance(given) if len(given) > 1 else 0)


@given(ratings, ratings)
def test_ratings_are_apart_in_the_direction_of_their_means(one: Ratings, other: Ratings) -> None:
    apart = between_ratings(one, other)
    if apart:
        assert one.mean is not None
        assert other.mean is not None
        assert (apart > 0) == (one.mean > other.mean)
