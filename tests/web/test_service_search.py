"""Finding a service by everyday words."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from configuration.city_files import read_city
from tests.readmodel.town import CITY
from web.pages.resident.service_search import differences, likeness, matching, words

GENK = read_city(Path(__file__).parents[2] / "deploy" / "cities" / "genk", date(2026, 1, 1))


def first(asked: str) -> str | None:
    return next((service.code for service in matching(GENK.services.values(), asked)), None)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("put in de weg", "pothole"),
        ("kapotte lamp", "street-light"),
        ("trou", "pothole"),
        ("poubelle", "litter-bin"),
        ("lampadaire cassé", "street-light"),
        ("ECLAIRAGE", "street-light"),
        ("straatlantaarn", "street-light"),
        ("lampen", "street-light"),
        ("zwerfvul", "litter"),
        ("hondenp", "dog-dirt"),
        ("nid de poule", "pothole"),
        ("a hole in the road", "pothole"),
        ("ratten", "pests"),
        ("een boom ligt om", "tree"),
    ],
)
def test_everyday_words_find_the_service(asked: str, code: str) -> None:
    assert first(asked) == code


@pytest.mark.parametrize("asked", ["", "  ", "de", "l'", "xyzzy", "🙂", "%_*"])
def test_words_that_say_nothing_find_nothing(asked: str) -> None:
    assert first(asked) is None


@given(st.text(max_size=60))
@settings(max_examples=100)
def test_whatever_is_typed_each_service_is_found_at_most_once(asked: str) -> None:
    found = [service.code for service in matching(GENK.services.values(), asked)]
    assert len(found) == len(set(found))


def test_every_service_is_found_by_its_own_name_in_each_language() -> None:
    for service in GENK.services.values():
        for name in service.name.values():
            found = matching(GENK.services.values(), name)
            assert service in found[:3], name


def test_keywords_count_more_than_names() -> None:
    lamp, tree, other = CITY.services.values()
    named = replace(lamp, name={"nl": "vijver"})
    keyed = replace(tree, keywords=("vijver",))
    assert matching([named, keyed, other], "vijver")[0] is keyed


def test_accents_capitals_and_small_words_do_not_matter() -> None:
    assert words("L'Éclairage DE la Rue") == ["eclairage", "rue"]


def test_letters_that_changed_places_are_one_difference() -> None:
    assert differences("lapm", "lamp") == 1
    assert differences("", "abc") == 3
    assert likeness("lapm", "lamp") > 0 == likeness("boom", "lamp")
