"""What stands out in a neighbourhood, and what is chance."""

from dataclasses import replace

import pytest

from domain.city import City
from domain.comparing import Ratings, Share
from domain.profile import Against, Finding, Mood, Sort, of_counts, of_ratings, of_shares, peers_of, standing_out
from domain.words import NeighbourhoodId, Tier
from tests.readmodel.town import CITY, DORP, HEIDE

PLACES = tuple(NeighbourhoodId(name) for name in ("a", "b", "c", "d"))


def found(sort: Sort, apart: float) -> Finding:
    return Finding(sort, Against.PAST, None, 1, 1, 10, apart)


def test_a_theme_that_was_reported_far_more_often_stands_out() -> None:
    told = of_counts(Sort.THEME, Against.PAST, 90, 40, "greenery")
    assert told is not None
    assert (told.subject, told.here, told.there, told.more, told.mood) == ("greenery", 90, 40, True, Mood.NEITHER)


def test_what_grew_as_much_as_everything_else_does_not_stand_out() -> None:
    assert of_counts(Sort.THEME, Against.PAST, 90, 40, growth=2.25) is None


def test_few_facts_say_nothing() -> None:
    assert of_counts(Sort.THEME, Against.PAST, 60, 9) is None
    assert of_shares(Sort.ANSWERED, Against.PEERS, Share(0, 9), Share(900, 1000)) is None
    assert of_ratings(Against.PEERS, Ratings({1: 9}), Ratings({5: 500, 4: 1})) is None


def test_a_difference_that_chance_makes_is_none() -> None:
    assert of_counts(Sort.THEME, Against.PAST, 24, 16) is None
    assert of_shares(Sort.ANSWERED, Against.PEERS, Share(8, 10), Share(900, 1000)) is None


def test_a_difference_too_small_to_matter_is_none_however_sure() -> None:
    assert of_shares(Sort.ANSWERED, Against.PEERS, Share(90_000, 100_000), Share(93_000, 100_000)) is None
    assert of_counts(Sort.OPEN, Against.PAST, 11_000, 10_000) is None


@pytest.mark.parametrize(
    ("sort", "good", "mood"),
    [(Sort.ANSWERED, 95, Mood.GOOD), (Sort.ANSWERED, 50, Mood.BAD), (Sort.MIX, 95, Mood.NEITHER)],
)
def test_more_in_time_is_good_and_less_is_bad(sort: Sort, good: int, mood: Mood) -> None:
    told = of_shares(sort, Against.PEERS, Share(good, 100), Share(75, 100))
    assert told is not None
    assert told.mood is mood


def test_more_open_work_is_bad() -> None:
    told = of_counts(Sort.OPEN, Against.PAST, 90, 40)
    assert told is not None
    assert told.mood is Mood.BAD


def test_residents_who_are_far_less_content_stand_out() -> None:
    told = of_ratings(Against.PEERS, Ratings({2: 20, 3: 10}), Ratings({4: 300, 5: 200}))
    assert told is not None
    assert (told.mood, told.number) == (Mood.BAD, 30)


def test_three_things_stand_out_at_most_the_furthest_first_and_one_of_each_sort() -> None:
    told = [found(Sort.THEME, 3), found(Sort.THEME, -9), None, found(Sort.OPEN, 5), found(Sort.MIX, 4)]
    told.append(found(Sort.RATING, 2.6))
    assert [(one.sort, one.apart) for one in standing_out(told)] == [(Sort.THEME, -9), (Sort.OPEN, 5), (Sort.MIX, 4)]


def a_city(*tiers: Tier) -> City:
    like = CITY.neighbourhoods[HEIDE]
    named = zip(PLACES, tiers, strict=True)
    return replace(CITY, neighbourhoods={id: replace(like, id=id, tier=tier) for id, tier in named})


def test_peers_are_the_other_neighbourhoods_of_the_same_tier() -> None:
    city = a_city(Tier.STANDARD, Tier.STANDARD, Tier.ATTENTION, Tier.STANDARD)
    peers = peers_of(city, PLACES[0])
    assert (peers.ids, peers.alike) == ((PLACES[1], PLACES[3]), True)


def test_where_there_are_hardly_any_of_its_tier_all_others_are_its_peers() -> None:
    city = a_city(Tier.STANDARD, Tier.ATTENTION, Tier.ATTENTION, Tier.STANDARD)
    peers = peers_of(city, PLACES[1])
    assert (peers.ids, peers.alike) == ((PLACES[0], PLACES[2], PLACES[3]), False)
    assert peers_of(CITY, HEIDE).ids == (DORP,)
