"""A city's files become a city in which every name is resolved and every default filled in."""

import csv
from datetime import date
from pathlib import Path

import pytest

from configuration.city_files import read_city
from configuration.closed_days import closed_days
from domain.city import City, Route
from domain.durations import Elapsed, WorkingDays
from domain.questions import Datatype
from domain.rulebook import rulebook
from domain.words import DepartmentId, NeighbourhoodId, Rung, ServiceCode, Tier
from tests.configuration.small_city import FILES, write_city

TODAY = date(2026, 6, 1)
CALENDARS = Path(__file__).parents[3] / "shared/data/calendars/be_nl_holidays_2010_2031.csv"
ROADS, POLICE = DepartmentId("roads"), DepartmentId("police")
CENTRUM, HEIDE = NeighbourhoodId("centrum"), NeighbourhoodId("heide")
DAY = 86_400


@pytest.fixture
def city(tmp_path: Path) -> City:
    return read_city(write_city(tmp_path), TODAY)


def test_hours_are_seconds_of_the_local_day_from_monday(city: City) -> None:
    monday, *others, friday, saturday, sunday = city.hours.week
    assert monday == ((8 * 3600, 12 * 3600), (13 * 3600, 17 * 3600))
    assert friday == ((8 * 3600, 12 * 3600),)
    assert not any((*others, saturday, sunday))


def test_hours_that_touch_are_one_stretch_and_their_order_does_not_matter(tmp_path: Path) -> None:
    hours = '["12:00-24:00", "00:00-12:00"]'
    files = FILES | {"city.toml": FILES["city.toml"].replace('["08:00-12:00"]', hours)}

    assert read_city(write_city(tmp_path, files), TODAY).hours.week[4] == ((0, DAY),)


def test_a_department_works_in_the_hours_of_the_city_unless_it_says_otherwise(city: City) -> None:
    assert city.departments[ROADS].hours == city.hours


def test_always_means_day_and_night_and_holidays_too(city: City) -> None:
    always = city.departments[POLICE].hours
    assert always.week == (((0, DAY),),) * 7
    assert always.closed == ()
    assert always.timezone == "Europe/Brussels"


def test_a_department_with_a_table_of_its_own_keeps_the_holidays(tmp_path: Path) -> None:
    table = '{ saturday = ["00:00-24:00"] }'
    files = FILES | {"departments.toml": FILES["departments.toml"].replace('"always"', table)}
    city = read_city(write_city(tmp_path, files), TODAY)

    assert city.departments[POLICE].hours.week[5] == ((0, DAY),)
    assert city.departments[POLICE].hours.closed == city.hours.closed


def test_the_days_off_are_the_public_holidays_around_today_and_the_closing_days_of_the_city(city: City) -> None:
    closed = city.hours.closed
    assert date(2026, 12, 24) in closed
    assert date(2026, 7, 21) in closed
    assert {day.year for day in closed} == set(range(2025, 2031))
    assert list(closed) == sorted(set(closed))


def test_a_city_without_holidays_closes_for_none(tmp_path: Path) -> None:
    text = FILES["city.toml"].replace('[holidays]\ncountry = "BE"\nclosed = ["2026-12-24"]\n', "")

    assert read_city(write_city(tmp_path, FILES | {"city.toml": text}), TODAY).hours.closed == ()


def test_belgian_holidays_are_those_of_the_official_list() -> None:
    if not CALENDARS.exists():
        pytest.skip("the shared calendars are not beside this repository")
    with CALENDARS.open(encoding="utf-8") as file:
        official = {date.fromisoformat(row["date"]) for row in csv.DictReader(file) if row["region"] == "BE"}

    for year in range(2011, 2028):
        years = range(year - 1, year + 5)
        assert closed_days("BE", (), date(year, 3, 1)) == tuple(sorted(day for day in official if day.year in years))


def test_a_service_without_urgent_policy_is_urgent_under_its_own(city: City) -> None:
    assert city.services[ServiceCode("other")].urgent_policy == "standard"
    assert city.services[ServiceCode("street-light")].urgent_policy == "urgent"


def test_what_a_service_leaves_out_has_its_default(city: City) -> None:
    other = city.services[ServiceCode("other")]
    assert (other.group, other.theme, other.keywords, other.routes, other.departments) == ("other", "other", (), (), ())


def test_routes_are_kept_in_order(city: City) -> None:
    assert city.services[ServiceCode("street-light")].routes == (Route((HEIDE,), (POLICE,)),)


def test_an_attention_table_overrides_only_what_it_names(city: City) -> None:
    policy = city.policies["standard"]
    assert policy.standard.respond_within == WorkingDays(2)
    assert policy.attention.respond_within == WorkingDays(1)
    assert policy.attention.ladder == (Rung.NEIGHBOURHOOD_MANAGER,)
    assert policy.attention.pause_at_most == policy.standard.pause_at_most == Elapsed(30 * DAY)


def test_a_policy_without_attention_table_is_the_same_everywhere(city: City) -> None:
    assert city.policies["urgent"].attention == city.policies["urgent"].standard


def test_a_neighbourhood_is_standard_without_team_or_budget_unless_it_says_otherwise(city: City) -> None:
    heide, centrum = city.neighbourhoods[HEIDE], city.neighbourhoods[CENTRUM]
    assert (heide.tier, heide.team, heide.budget) == (Tier.STANDARD, (), 0)
    assert (centrum.tier, centrum.team, centrum.budget) == (Tier.ATTENTION, (POLICE,), 2500)


def test_a_case_in_an_attention_neighbourhood_keeps_the_stricter_clocks(city: City) -> None:
    lamp, standard = city.services[ServiceCode("street-light")], city.policies["standard"]
    assert rulebook(city, lamp, city.neighbourhoods[CENTRUM]).policy == standard.attention
    assert rulebook(city, lamp, city.neighbourhoods[HEIDE]).policy == standard.standard != standard.attention


def test_a_city_that_was_read_has_rules_for_a_case(city: City) -> None:
    rules = rulebook(city, city.services[ServiceCode("street-light")], city.neighbourhoods[CENTRUM])
    assert rules.calendar(POLICE) == city.departments[POLICE].hours
    assert rules.calendar(None) == city.hours


def test_questions_stand_in_their_order(city: City) -> None:
    seen, pole = city.services[ServiceCode("street-light")].questions
    assert (seen.code, seen.datatype, seen.required) == ("seen", Datatype.SOME_OF_A_LIST, True)
    assert [(choice.key, choice.name["en"]) for choice in seen.choices] == [
        ("dark", "Dark"),
        ("broken", "Broken glass"),
    ]
    assert (pole.code, pole.required, pole.asks) == ("pole", False, True)
    assert pole.hint is not None and pole.hint["nl"] == "Zoals L-0421"
    assert city.services[ServiceCode("other")].questions == ()


def test_an_address_that_names_no_neighbourhood_belongs_where_the_city_says(tmp_path: Path) -> None:
    files = FILES | {"city.toml": FILES["city.toml"] + '[open311]\nunplaced = "heide"\n'}
    assert read_city(write_city(tmp_path, files), TODAY).unplaced == HEIDE
