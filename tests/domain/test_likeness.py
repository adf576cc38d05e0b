"""Which reports are about the same: place, service and time lead, words add."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.likeness import PERHAPS, PROBABLY, Kin, Pair, likeness

pairs = st.builds(
    Pair, st.sampled_from(Kin), st.none() | st.floats(0, 2000), st.floats(0, 400), st.none() | st.floats(0, 1)
)


@pytest.mark.parametrize(
    "pair",
    [
        Pair(Kin.SAME, 5, 0.1, 0.0),
        Pair(Kin.SAME, 20, 3, 0.52),
        Pair(Kin.SAME, 40, 1, 0.9),
        Pair(Kin.KINDRED, 0, 1, 0.95),
    ],
    ids=["next to it", "a hole and a pit", "the same words at the corner", "the same words, a kindred service"],
)
def test_what_is_close_and_of_one_sort_is_probably_the_same(pair: Pair) -> None:
    assert likeness(pair) >= PROBABLY


@pytest.mark.parametrize(
    "pair",
    [
        Pair(Kin.SAME, 80, 2, 0.3),
        Pair(Kin.SAME, 10, 90, None),
        Pair(Kin.KINDRED, 20, 1, 0.4),
        Pair(Kin.SAME, None, 2, 0.5),
    ],
    ids=["down the street", "last season", "a kindred service", "somewhere in the neighbourhood"],
)
def test_what_may_be_the_same_is_worth_a_look(pair: Pair) -> None:
    assert PERHAPS <= likeness(pair) < PROBABLY


@pytest.mark.parametrize(
    "pair",
    [
        Pair(Kin.SAME, 400, 0, 1.0),
        Pair(Kin.SAME, 10, 300, 0.3),
        Pair(Kin.OTHER, 0, 0, 1.0),
        Pair(Kin.KINDRED, 100, 1, 0.3),
    ],
    ids=["the same words elsewhere", "last year", "another service", "a kindred service down the street"],
)
def test_what_is_far_or_long_ago_or_of_another_sort_is_not(pair: Pair) -> None:
    assert likeness(pair) < PERHAPS


@given(pairs, st.floats(0, 1))
def test_more_words_in_common_never_make_it_less_likely(pair: Pair, more: float) -> None:
    with_more = Pair(pair.kin, pair.metres, pair.days, max(more, pair.text or 0))
    assert 0 <= likeness(pair) <= likeness(with_more) <= 1


@given(pairs, st.floats(0, 1000))
def test_farther_is_never_likelier(pair: Pair, more: float) -> None:
    assert likeness(Pair(pair.kin, (pair.metres or 0) + more, pair.days, pair.text)) <= likeness(
        Pair(pair.kin, pair.metres or 0, pair.days, pair.text)
    )
