"""The kinds of value that a city's files hold, each with its own explanation of what is wrong."""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

import holidays
from pydantic import AfterValidator, Field, PlainValidator, ValidationInfo

from configuration.mistakes import SLUG, listed, quoted, shown
from domain import durations
from domain.durations import Duration
from domain.questions import Datatype
from domain.rulebook import CITY_HOURS
from domain.words import DepartmentId, NeighbourhoodId, Rung, ServiceCode, Tier

_LONGEST_SLUG = 64
_ATTRIBUTE_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_T = TypeVar("_T")
_H = TypeVar("_H", bound=Hashable)
_W = TypeVar("_W", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Names:
    """The names that the files define; None where that is not known, so that nothing is said about references."""

    languages: tuple[str, ...] | None = None
    departments: frozenset[str] | None = None
    policies: frozenset[str] | None = None
    neighbourhoods: frozenset[str] | None = None
    themes: frozenset[str] | None = None


def names(info: ValidationInfo) -> Names:
    return info.context if isinstance(info.context, Names) else Names()


def _slug(value: str) -> str:
    if not SLUG.fullmatch(value) or len(value) > _LONGEST_SLUG:
        raise ValueError(f"{quoted(value)} is not a short name of small letters, digits and hyphens")
    return value


def _attribute_code(value: str) -> str:
    if not _ATTRIBUTE_CODE.fullmatch(value):
        raise ValueError(f"{quoted(value)} is not a code of letters, digits, hyphens and underscores")
    return value


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be blank")
    if not value.isprintable():
        raise ValueError("must be one line of plain text")
    return value.strip()


def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value) or len(value) > _LONGEST_EMAIL:
        raise ValueError(f"{quoted(value)} is not an e-mail address")
    return value


def _own_department(value: str) -> str:
    if value == CITY_HOURS:
        raise ValueError(f'"{CITY_HOURS}" stands for the city itself; choose another name')
    return value


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (OSError, ValueError, KeyError) as error:
        raise ValueError(f'{quoted(value)} is not a time zone such as "Europe/Brussels"') from error
    return value


def _country(value: str) -> str:
    if value not in holidays.list_supported_countries():
        raise ValueError(f'{quoted(value)} is not a country code with known holidays, such as "BE"')
    return value


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise ValueError(f'{quoted(value)} is not a language code such as "nl"')
    return value


def _duration(value: object) -> Duration:
    if not isinstance(value, str):
        raise ValueError(f'must be a duration such as "2 working days", not {shown(value)}')
    return durations.parse(value)


def _closed_day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError(f'{shown(value)} is not a date such as "2026-12-24"')


def _word(words: type[_W]) -> Callable[[object], _W]:
    def read(value: object) -> _W:
        for word in words:
            if value == word.value:
                return word
        raise ValueError(f"{shown(value)} is not one of {listed(words)}")

    return read


def _distinct(values: Sequence[_H]) -> Sequence[_H]:
    for position, value in enumerate(values):
        if value in values[:position]:
            raise ValueError(f"{quoted(str(value))} is there twice")
    return values


def _reference(kind: str, known: Callable[[Names], frozenset[str] | None]) -> Callable[[_T, ValidationInfo], _T]:
    def check(value: _T, info: ValidationInfo) -> _T:
        defined = known(names(info))
        if defined is not None and value not in defined:
            raise ValueError(f"no {kind} {shown(value)}")
        return value

    return check


def _every_language(value: Mapping[str, str], info: ValidationInfo) -> Mapping[str, str]:
    languages = names(info).languages
    if languages is None:
        return value
    lacking = [language for language in languages if language not in value]
    unknown = [language for language in value if language not in languages]
    complaints = [f"is missing in {listed(lacking)}"] if lacking else []
    if unknown:
        complaints.append(f"is in {listed(map(quoted, unknown))}, but the city's languages are {listed(languages)}")
    if complaints:
        raise ValueError(" and ".join(complaints))
    return {language: value[language] for language in languages}


Text = Annotated[str, AfterValidator(_text)]
Slug = Annotated[str, AfterValidator(_slug)]
Email = Annotated[str, AfterValidator(_email)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Country = Annotated[str, AfterValidator(_country)]
Languages = Annotated[list[Annotated[str, AfterValidator(_language)]], Field(min_length=1), AfterValidator(_distinct)]
LocalText = Annotated[dict[str, Text], AfterValidator(_every_language)]
ClosedDay = Annotated[date, PlainValidator(_closed_day)]
Term = Annotated[Duration, PlainValidator(_duration)]
Count = Annotated[int, Field(ge=0, le=1000)]
Euro = Annotated[int, Field(ge=0, le=1_000_000_000)]
TierWord = Annotated[Tier, PlainValidator(_word(Tier))]
Ladder = Annotated[list[Annotated[Rung, PlainValidator(_word(Rung))]], Field(min_length=1), AfterValidator(_distinct)]

AttributeCode = Annotated[str, AfterValidator(_attribute_code)]
DatatypeWord = Annotated[Datatype, PlainValidator(_word(Datatype))]
NewDepartment = Annotated[DepartmentId, AfterValidator(_slug), AfterValidator(_own_department)]
NewService = Annotated[ServiceCode, AfterValidator(_slug)]
NewNeighbourhood = Annotated[NeighbourhoodId, AfterValidator(_slug)]
PolicyName = Annotated[str, AfterValidator(_reference("policy", lambda known: known.policies))]
Departments = Annotated[
    list[Annotated[DepartmentId, AfterValidator(_reference("department", lambda known: known.departments))]],
    AfterValidator(_distinct),
]
Neighbourhood = Annotated[
    NeighbourhoodId, AfterValidator(_reference("neighbourhood", lambda known: known.neighbourhoods))
]
Neighbourhoods = Annotated[
    list[Neighbourhood],
    Field(min_length=1),
    AfterValidator(_distinct),
]
Themes = Annotated[
    list[Annotated[str, AfterValidator(_reference("service with the theme", lambda known: known.themes))]],
    AfterValidator(_distinct),
]
Keywords = Annotated[list[Text], AfterValidator(_distinct)]
