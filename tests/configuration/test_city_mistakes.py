"""Every mistake in a city's files is told, on a line that says where it is and what is wrong."""

from datetime import date
from pathlib import Path

import pytest

from configuration.city_files import check_city, read_city
from configuration.mistakes import CityMistakes
from tests.configuration.small_city import FILES, write_city

TODAY = date(2026, 6, 1)

# file, what is there, what somebody writes instead, the line that tells
CITY = [
    ("[leadership]", '[open311]\nunplaced = "nowhere"\n[leadership]', 'open311.unplaced: no neighbourhood "nowhere"'),
    ('id = "dorp"', 'id = "Het Dorp"', 'id: "Het Dorp" is not a short name of small letters, digits and hyphens'),
    ('name = "Dorp"', 'name = " "', "name: must not be blank"),
    ('name = "Dorp"', 'name = "Do\\nrp"', "name: must be one line of plain text"),
    ('name = "Dorp"', "name = 3", "name: must be text in quotes, not 3"),
    ('name = "Dorp"', 'name = "Dorp"\nmayor = "An"', "mayor: is not a key that is known here"),
    ('name = "Dorp"\n', "", "name: is missing"),
    ("Europe/Brussels", "Europe/Genk", 'timezone: "Europe/Genk" is not a time zone such as "Europe/Brussels"'),
    ("Europe/Brussels", "../zoneinfo", 'timezone: "../zoneinfo" is not a time zone such as "Europe/Brussels"'),
    ('["nl", "en"]', "[]", "languages: must not be empty"),
    ('["nl", "en"]', '["nl", "en", "nl"]', 'languages: "nl" is there twice'),
    ('"13:00-17:00"', '"13:00-12:00"', 'hours.monday.1: "13:00-12:00" must end after it starts'),
    ('"13:00-17:00"', '"13:00-13:00"', 'hours.monday.1: "13:00-13:00" must end after it starts'),
    ('"13:00-17:00"', '"13:00-25:00"', 'hours.monday.1: "13:00-25:00" is not within 00:00-24:00'),
    ('"13:00-17:00"', '"13:00-16:60"', 'hours.monday.1: "13:00-16:60" is not within 00:00-24:00'),
    ('"13:00-17:00"', '"1pm"', 'hours.monday.1: "1pm" is not hours such as "08:00-12:00"'),
    ('"13:00-17:00"', '"11:00-17:00"', 'hours.monday: "08:00-12:00" and "11:00-17:00" overlap'),
    ('friday = ["08:00-12:00"]', 'friday = "08:00-12:00"', 'hours.friday: must be a list, not "08:00-12:00"'),
    ("friday =", "vrijdag =", "hours.vrijdag: is not a key that is known here"),
    (
        'country = "BE"',
        'country = "XX"',
        'holidays.country: "XX" is not a country code with known holidays, such as "BE"',
    ),
    ('country = "BE"\n', "", "holidays.country: is missing"),
    ('"2026-12-24"', '"2026-02-30"', 'holidays.closed.0: "2026-02-30" is not a date such as "2026-12-24"'),
    ("college@dorp.example", "college", 'leadership.email: "college" is not an e-mail address'),
    ("[leadership]", "[[leadership]]", "leadership: must be a table, not a list"),
]
DEPARTMENTS = [
    ('id = "police"', 'id = "city"', 'department.city.id: "city" stands for the city itself; choose another name'),
    ('id = "police"', 'id = "roads"', 'department.1.id: "roads" is already the id of department.0'),
    (
        'en = "Police"',
        'fr = "Police"',
        'department.police.name: is missing in en and is in "fr", but the city\'s languages are nl, en',
    ),
    ('nl = "Politie", ', "", "department.police.name: is missing in nl"),
    ('"always"', '"never"', 'department.police.hours: must be "city", "always" or a table of days, not "never"'),
    (
        '"always"',
        '{ monday = ["8-12"] }',
        'department.police.hours.monday.0: "8-12" is not hours such as "08:00-12:00"',
    ),
    ('"always"', "{ monday = [] }", "department.police.hours: has no hours on any day"),
    ("partner = true", 'partner = "yes"', 'department.police.partner: must be true or false, not "yes"'),
    ("partner = true", "", "department.police.partner: is missing"),
    (
        '"politie@',
        '"a b@',
        'department.police.email: "a b@dorp.example" is not an e-mail address',
    ),
]
SERVICES = [
    ('departments = ["roads"]', 'departments = ["rods"]', 'service.street-light.departments.0: no department "rods"'),
    (
        'departments = ["roads"]',
        'departments = ["roads", "roads"]',
        'service.street-light.departments: "roads" is there twice',
    ),
    (
        'departments = ["police"]',
        'departments = ["p"]',
        'service.street-light.route.0.departments.0: no department "p"',
    ),
    ('["heide"]', '["hei"]', 'service.street-light.route.0.neighbourhoods.0: no neighbourhood "hei"'),
    ('["heide"]', "[]", "service.street-light.route.0.neighbourhoods: must not be empty"),
    ('urgent_policy = "urgent"', 'urgent_policy = "fast"', 'service.street-light.urgent_policy: no policy "fast"'),
    ('departments = []\npolicy = "standard"', "departments = []", "service.other.policy: is missing"),
    ('departments = []\npolicy = "standard"', 'policy = "standard"', "service.other.departments: is missing"),
    ('code = "other"', 'code = "street-light"', 'service.1.code: "street-light" is already the code of service.0'),
    ('code = "other"\n', "", "service.1.code: is missing"),
    (
        'keywords = ["lamp", "licht"]',
        "keywords = [1]",
        "service.street-light.keywords.0: must be text in quotes, not 1",
    ),
    (
        '"multivaluelist"',
        '"several"',
        'service.street-light.attribute.seen.datatype: "several" is not one of string, number, datetime, text, '
        "singlevaluelist, multivaluelist",
    ),
    ('code = "seen"', 'code = "pole"', 'service.street-light: has the attribute "pole" twice'),
    (
        'code = "seen"',
        'code = "what is it"',
        'service.street-light.attribute.1.code: "what is it" is not a code of letters, digits, hyphens and underscores',
    ),
    ('key = "broken"', 'key = "dark"', 'service.street-light.attribute.seen: has the value "dark" twice'),
    (
        '"string"',
        '"singlevaluelist"',
        "service.street-light.attribute.pole: a singlevaluelist needs two values at least",
    ),
    ('"multivaluelist"', '"number"', "service.street-light.attribute.seen: a number has no values"),
    (
        "required = true",
        "required = true\nvariable = false",
        "service.street-light.attribute.seen: is a remark (variable = false), which nobody can be required to answer",
    ),
    (', en = "What is to be seen?"', "", "service.street-light.attribute.seen.description: is missing in en"),
    ("order = 1", "order = 0", "service.street-light.attribute.seen.order: must be 1 or more, not 0"),
]
POLICIES = [
    (
        '"department_head"]',
        '"boss"]',
        'policy.urgent.ladder.0: "boss" is not one of department_head, neighbourhood_manager, city_leadership',
    ),
    ('["department_head"]', "[]", "policy.urgent.ladder: must not be empty"),
    (
        '["department_head"]',
        '["department_head", "department_head"]',
        'policy.urgent.ladder: "department_head" is there twice',
    ),
    (
        '["neighbourhood_manager"]',
        '["x"]',
        'policy.standard.attention.ladder.0: "x" is not one of department_head, neighbourhood_manager, city_leadership',
    ),
    ("max_transfers = 0", "max_transfers = -1", "policy.urgent.max_transfers: must be 0 or more, not -1"),
    ("max_transfers = 0", "max_transfers = 1.5", "policy.urgent.max_transfers: must be a whole number, not 1.5"),
    ("max_transfers = 0", "max_transfers = true", "policy.urgent.max_transfers: must be a whole number, not true"),
    ('"24 hours"', "24", 'policy.urgent.resolve_within: must be a duration such as "2 working days", not 24'),
    (
        '"24 hours"',
        '"0 hours"',
        'policy.urgent.resolve_within: "0 hours" is no time at all: a term would end the moment it starts',
    ),
    (
        "[policy.urgent]",
        '[policy."very urgent"]',
        'policy."very urgent": "very urgent" is not a short name of small letters, digits and hyphens',
    ),
]
NEIGHBOURHOODS = [
    ('"attention"', '"poor"', 'neighbourhood.centrum.tier: "poor" is not one of standard, attention'),
    ('["police"]', '["polis"]', 'neighbourhood.centrum.team.0: no department "polis"'),
    (
        "budget = 2500",
        'budget = 2500\nthemes = ["povrety"]',
        'neighbourhood.centrum.themes.0: no service with the theme "povrety"',
    ),
    ("budget = 2500", "budget = -1", "neighbourhood.centrum.budget: must be 0 or more, not -1"),
    (
        "budget = 2500",
        "budget = 0xffffffffffffffffffff",
        "neighbourhood.centrum.budget: must be 1000000000 or less, not so large a number",
    ),
    ("budget = 2500", "budgt = 2500", "neighbourhood.centrum.budgt: is not a key that is known here"),
    (
        "budget = 2500",
        'budget = 2500\n[[neighbourhood]]\nid = "zuid"\nname = "Zuid"\nmanager_email = "m@dorp.example"',
        "neighbourhood.zuid: has no polygon in neighbourhoods.geojson",
    ),
]
AREAS = [
    ('"id": "heide"', '"naam": "heide"', "features.1.properties.id: must be the id of a neighbourhood"),
    ('"id": "heide"', '"id": "centrum"',
     'features.1.properties.id: "centrum" is already at features.0; make them one '
     "MultiPolygon"),
    ("[[[5.0, 51.0], ", "[[[5.0, 50.0], ",
     "features.0.geometry: has coordinates that make no polygon: each ring is a "
     "list of [lon, lat] and ends where it starts"),
    ("[5.1, 51.0], [5.1, 51.1], [5.0, 51.1]", "[5.1, 51.1], [5.1, 51.0], [5.0, 51.1]", "features.0.geometry: is not a "
     "valid polygon: Self-intersection[5.05 51.05]"),
    ("[5.1, 51.0], [5.1, 51.1]", "[251000, 172000], [5.1, 51.1]", "features.0.geometry: has coordinates that are not "
     "degrees: give longitude and latitude (WGS84)"),
    ('"MultiPolygon"', '"Point"', "features.1.geometry: must be a Polygon or a MultiPolygon"),
    ('"type": "FeatureCollection", "features"', '"f"', "file: must be a GeoJSON FeatureCollection with a list of "
     "features"),
    ("]}\n", "]\n", "line 9: is not valid JSON: Expecting ',' delimiter"),
]  # fmt: skip
TABLE = [
    (file, *row)
    for file, rows in zip(FILES, (CITY, DEPARTMENTS, SERVICES, POLICIES, NEIGHBOURHOODS, AREAS), strict=True)
    for row in rows
]


def lines_of(directory: Path) -> list[str]:
    return [str(mistake) for mistake in check_city(directory, TODAY)]


def test_a_city_without_mistakes_has_none(tmp_path: Path) -> None:
    assert lines_of(write_city(tmp_path)) == []


@pytest.mark.parametrize(("file", "right", "wrong", "line"), TABLE, ids=[f"{row[0]}-{row[3][:50]}" for row in TABLE])
def test_a_mistake_is_told_where_it_is(tmp_path: Path, file: str, right: str, wrong: str, line: str) -> None:
    assert right in FILES[file]
    head, _, tail = FILES[file].rpartition(right)
    write_city(tmp_path, FILES | {file: head + wrong + tail})

    assert f"{file}: {line}" in lines_of(tmp_path)


@pytest.mark.parametrize("row", [row for row in TABLE if row[0] in ("policies.toml", "services.toml")])
def test_one_mistake_brings_no_other_lines_with_it(tmp_path: Path, row: tuple[str, str, str, str]) -> None:
    file, right, wrong, _ = row
    head, _, tail = FILES[file].rpartition(right)
    consequences = 2 if "very urgent" in wrong else 1

    assert len(lines_of(write_city(tmp_path, FILES | {file: head + wrong + tail}))) == consequences


def test_all_mistakes_are_told_at_once_in_the_order_of_the_files(tmp_path: Path) -> None:
    write_city(tmp_path)
    changes = {
        "city.toml": ("Europe/Brussels", "Mars/Base"),
        "departments.toml": ('id = "police"', 'id = "polis"'),
        "services.toml": ('["roads"]', '["rods", "rats"]'),
        "policies.toml": ('"2 hours"', '"soon"'),
        "neighbourhoods.geojson": ('"heide"', '"bos"'),
    }
    for file, (right, wrong) in changes.items():
        (tmp_path / file).write_text(FILES[file].replace(right, wrong), encoding="utf-8")

    with pytest.raises(CityMistakes) as caught:
        read_city(tmp_path, TODAY)

    assert [str(mistake).split(": ")[:2] for mistake in caught.value.mistakes] == [
        ["city.toml", "timezone"],
        ["services.toml", "service.street-light.departments.0"],
        ["services.toml", "service.street-light.departments.1"],
        ["services.toml", "service.street-light.route.0.departments.0"],
        ["policies.toml", "policy.urgent.respond_within"],
        ["policies.toml", "policy.urgent.escalate_every"],
        ["neighbourhoods.toml", "neighbourhood.centrum.team.0"],
        ["neighbourhoods.toml", "neighbourhood.heide"],
        ["neighbourhoods.geojson", "features.1.properties.id"],
    ]


def test_a_file_that_is_not_toml_is_told_with_its_line(tmp_path: Path) -> None:
    write_city(tmp_path, FILES | {"services.toml": '[[service]]\ncode = "a"\nname = \n'})

    assert lines_of(tmp_path) == ["services.toml: line 3: is not valid TOML: Invalid value"]


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_one_mistake(tmp_path: Path, file: str) -> None:
    (write_city(tmp_path) / file).unlink()

    assert lines_of(tmp_path) == [f"{file}: file: is missing"]


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_not_text_is_one_mistake(tmp_path: Path, file: str) -> None:
    (write_city(tmp_path) / file).write_bytes(b"\xff\xfe\x00")

    assert lines_of(tmp_path) == [f"{file}: file: is not UTF-8 text"]


def test_a_missing_directory_is_one_mistake(tmp_path: Path) -> None:
    assert lines_of(tmp_path / "nowhere") == [f"{tmp_path / 'nowhere'}: directory: there is no such directory"]


def test_a_mistake_stays_on_one_line_whatever_the_file_holds(tmp_path: Path) -> None:
    write_city(tmp_path, FILES | {"city.toml": FILES["city.toml"] + '"a\\nb\\u001b" = 1\n'})

    assert lines_of(tmp_path) == [r'city.toml: leadership."a\nb\u001b": is not a key that is known here']


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    write_city(tmp_path, FILES | {"city.toml": "\ufeff" + FILES["city.toml"].replace("\n", "\r\n")})

    assert lines_of(tmp_path) == []
