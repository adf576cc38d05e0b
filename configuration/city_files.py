"""Reads a city from its directory of files, or tells everything that is wrong with them at once."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from configuration.building import CityFiles, build_city
from configuration.documents import CityFile, DepartmentsFile, Document, NeighbourhoodsFile, PoliciesFile, ServicesFile
from configuration.fields import Names
from configuration.mistakes import CityMistakes, Mistake, identity, key_path, mistakes_in, quoted
from configuration.places import read_areas
from configuration.reading import read_toml
from domain.city import City

CITY = "city.toml"
DEPARTMENTS = "departments.toml"
SERVICES = "services.toml"
POLICIES = "policies.toml"
NEIGHBOURHOODS = "neighbourhoods.toml"
AREAS = "neighbourhoods.geojson"

_D = TypeVar("_D", bound=Document)


def read_city(directory: Path, today: date) -> City:
    """Raises CityMistakes, with all of them, where there are any; `today` is the city's own date."""
    city, mistakes = _examine(directory, today)
    if city is None:
        raise CityMistakes(mistakes)
    return city


def check_city(directory: Path, today: date) -> list[Mistake]:
    """Every mistake in the files, in the order of the files; never raises."""
    return _examine(directory, today)[1]


def _examine(directory: Path, today: date) -> tuple[City | None, list[Mistake]]:
    if not directory.is_dir():
        return None, [Mistake(str(directory), "directory", "there is no such directory")]
    mistakes: list[Mistake] = []
    raw: dict[str, dict[str, Any]] = {}
    for file in (CITY, DEPARTMENTS, SERVICES, POLICIES, NEIGHBOURHOODS):
        content = read_toml(directory / file)
        if isinstance(content, Mistake):
            mistakes.append(content)
        else:
            raw[file] = content
    known = _names(raw)
    city = _document(CityFile, CITY, raw, known, mistakes)
    departments = _document(DepartmentsFile, DEPARTMENTS, raw, known, mistakes)
    services = _document(ServicesFile, SERVICES, raw, known, mistakes)
    policies = _document(PoliciesFile, POLICIES, raw, known, mistakes)
    neighbourhoods = _document(NeighbourhoodsFile, NEIGHBOURHOODS, raw, known, mistakes)
    mistakes += _twice(DEPARTMENTS, "department", "id", raw)
    mistakes += _twice(SERVICES, "service", "code", raw)
    mistakes += _twice(NEIGHBOURHOODS, "neighbourhood", "id", raw)
    mistakes += _area_mistakes(directory / AREAS, raw, known)
    if mistakes or not (city and departments and services and policies and neighbourhoods):
        order = [CITY, DEPARTMENTS, SERVICES, POLICIES, NEIGHBOURHOODS, AREAS]
        return None, sorted(mistakes, key=lambda mistake: order.index(mistake.file))
    return build_city(CityFiles(city, departments, services, policies, neighbourhoods), today), []


def _document(
    model: type[_D], file: str, raw: dict[str, dict[str, Any]], known: Names, mistakes: list[Mistake]
) -> _D | None:
    if file not in raw:
        return None
    try:
        return model.model_validate(raw[file], context=known)
    except ValidationError as error:
        mistakes += mistakes_in(file, raw[file], error)
        return None


def _names(raw: dict[str, dict[str, Any]]) -> Names:
    """What can be referred to, gathered from the files as they are, so that one mistake does not hide another."""
    languages = raw.get(CITY, {}).get("languages")
    policies = raw.get(POLICIES, {}).get("policy")
    return Names(
        languages=_languages(languages),
        departments=_identities(raw.get(DEPARTMENTS, {}).get("department")),
        policies=frozenset(policies) if isinstance(policies, dict) else None,
        neighbourhoods=_identities(raw.get(NEIGHBOURHOODS, {}).get("neighbourhood")),
        themes=_themes(raw.get(SERVICES, {}).get("service")),
    )


def _languages(values: object) -> tuple[str, ...] | None:
    if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
        return None
    return tuple(values)


def _identities(tables: object) -> frozenset[str] | None:
    if not isinstance(tables, list):
        return None
    return frozenset(name for name in map(identity, tables) if name is not None)


def _themes(tables: object) -> frozenset[str] | None:
    if not isinstance(tables, list):
        return None
    named = (table.get("theme") for table in tables if isinstance(table, dict))
    return frozenset(theme for theme in named if isinstance(theme, str))


def _twice(file: str, key: str, id_key: str, raw: dict[str, dict[str, Any]]) -> Iterable[Mistake]:
    tables = raw.get(file, {}).get(key)
    first: dict[str, int] = {}
    for index, table in enumerate(tables if isinstance(tables, list) else ()):
        name = identity(table)
        if name is not None and first.setdefault(name, index) != index:
            text = f"{quoted(name)} is already the {id_key} of {key}.{first[name]}"
            yield Mistake(file, key_path((key, index, id_key), raw[file]), text)


def _area_mistakes(path: Path, raw: dict[str, dict[str, Any]], known: Names) -> Iterable[Mistake]:
    areas = read_areas(path)
    yield from areas.mistakes
    if known.neighbourhoods is None or areas.features is None:
        return
    for index, table in enumerate(raw[NEIGHBOURHOODS]["neighbourhood"]):
        name = identity(table)
        if name is not None and name not in areas.features:
            place = key_path(("neighbourhood", index), raw[NEIGHBOURHOODS])
            yield Mistake(NEIGHBOURHOODS, place, f"has no polygon in {AREAS}")
    for name, index in areas.features.items():
        if name not in known.neighbourhoods:
            yield Mistake(AREAS, f"features.{index}.properties.id", f"no neighbourhood {quoted(name)}")
