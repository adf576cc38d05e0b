"""The example city is without mistakes, and as rich as a city that is to be tried out must be."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from configuration.city_files import check_city, read_city
from configuration.places import Places
from domain.city import City
from domain.durations import Elapsed
from domain.rulebook import rulebook
from domain.teams.attention import attention
from domain.words import DepartmentId, NeighbourhoodId, ServiceCode, Tier
from domain.working_time import end_of

GENK = Path(__file__).parents[2] / "deploy/cities/genk"
TODAY = date(2026, 6, 1)
MONDAY = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)
WORKSHOP = DepartmentId("workshop")


@pytest.fixture(scope="module")
def genk() -> City:
    return read_city(GENK, TODAY)


@pytest.fixture(scope="module")
def places() -> Places:
    return Places.read(GENK / "neighbourhoods.geojson")


def test_genk_is_without_mistakes() -> None:
    assert check_city(GENK, TODAY) == []


def test_genk_has_all_its_neighbourhoods(genk: City) -> None:
    assert len(genk.neighbourhoods) == 31
    winterslag = genk.neighbourhoods[NeighbourhoodId("winterslag-1")]
    assert winterslag.tier is Tier.ATTENTION
    assert winterslag.manager_email == "wijkmanager.winterslag@stad.example"
    assert (winterslag.team, winterslag.budget) == (("social", "police", "housing"), 2500)


def test_genk_offers_services_for_all_its_departments(genk: City) -> None:
    given = {department for service in genk.services.values() for department in service.departments}
    assert len(genk.services) >= 25
    assert given == set(genk.departments)
    assert all(service.keywords for service in genk.services.values())
    assert genk.services[ServiceCode("street-light")].departments == ("roads",)
    assert any(len(service.departments) > 2 for service in genk.services.values())


def test_what_the_workshop_of_genk_does_alone_is_done_within_days(genk: City) -> None:
    own = [service for service in genk.services.values() if service.departments == (WORKSHOP,)]
    assert {service.code for service in own} == {"graffiti", "street-furniture", "small-repair"}
    assert {service.policy for service in own} == {"quick"}
    winterslag, bokrijk = (genk.neighbourhoods[NeighbourhoodId(id)] for id in ("winterslag-1", "bokrijk"))
    for neighbourhood, answered, done in (
        (bokrijk, "2026-06-01 12:00", "2026-06-04 08:00"),
        (winterslag, "2026-06-01 10:00", "2026-06-03 08:00"),
    ):
        rules = rulebook(genk, own[0], neighbourhood)
        policy, calendar = rules.policy, rules.calendar(WORKSHOP)
        ends = [end_of(calendar, MONDAY, term) for term in (policy.respond_within, policy.resolve_within)]
        assert [f"{end.astimezone(ZoneInfo(genk.timezone)):%Y-%m-%d %H:%M}" for end in ends] == [answered, done]


def test_attention_neighbourhoods_of_genk_put_their_themes_before_their_team(genk: City) -> None:
    watched = [n for n in genk.neighbourhoods.values() if n.tier is Tier.ATTENTION]
    for neighbourhood in watched:
        found = attention(neighbourhood, genk.services.values(), genk.hours, MONDAY)
        assert found is not None
        assert {"litter", "small-repair"} & found.services
        assert not {code for code in found.services if genk.services[code].private}
    assert watched


def test_genk_sends_letters_to_nobody_real(genk: City) -> None:
    addresses = [genk.leadership_email, *(place.manager_email for place in genk.neighbourhoods.values())]
    addresses += [address for known in genk.departments.values() for address in (known.email, known.head_email)]
    assert all(address.endswith("@stad.example") for address in addresses)


def test_urgent_terms_in_genk_run_day_and_night(genk: City) -> None:
    for policy in (genk.policies["urgent"].standard, genk.policies["urgent"].attention):
        assert isinstance(policy.respond_within, Elapsed)
        assert isinstance(policy.resolve_within, Elapsed)
        assert isinstance(policy.escalate_every, Elapsed)
        assert isinstance(policy.triage_within, Elapsed)


def test_the_police_of_genk_never_close(genk: City) -> None:
    assert genk.departments[DepartmentId("police")].partner
    assert genk.departments[DepartmentId("police")].hours.closed == ()


@pytest.mark.parametrize(
    ("lat", "lon", "neighbourhood"),
    [
        (50.9661, 5.5020, "genk-centrum"),
        (50.9735, 5.4830, "winterslag-1"),
        (50.9836, 5.4890, "oud-winterslag"),
        (50.9535, 5.4105, "bokrijk"),
        (50.9290, 5.5300, "nieuw-sledderlo"),
        (51.2194, 4.4025, None),
    ],
)
def test_known_places_lie_in_their_neighbourhood(
    places: Places, lat: float, lon: float, neighbourhood: str | None
) -> None:
    assert places.neighbourhood_at(lat, lon) == neighbourhood


def test_the_centre_of_each_neighbourhood_lies_in_it(genk: City, places: Places) -> None:
    for neighbourhood in genk.neighbourhoods:
        assert places.neighbourhood_at(*places.centre(neighbourhood)) == neighbourhood
