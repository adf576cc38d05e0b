"""The mapping of a CSV from another system: which column is what, and what its values mean in this city."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PlainValidator, ValidationError

from configuration.documents import Document
from configuration.fields import Text, TimeZone
from configuration.mistakes import Mistake, key_path, mistakes_in, quoted, shown
from configuration.reading import read_toml
from domain.city import City
from domain.words import DepartmentId, Kind, NeighbourhoodId, ServiceCode


class MappingMistakes(Exception):
    """The mapping cannot be used; every mistake that was found is in `mistakes`."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = tuple(mistakes)


OF_OLD = (Kind.ISSUE, Kind.PROJECT)
"""What another system may have had; structural work begins here."""


def _kind(value: object) -> Kind:
    for kind in OF_OLD:
        if value == kind.value:
            return kind
    raise ValueError(f"{shown(value)} is not one of {', '.join(OF_OLD)}")


def _time_format(value: str) -> str:
    if "%" not in value:
        raise ValueError(f'{quoted(value)} is not a format such as "%Y-%m-%d %H:%M:%S"')
    return value


def _point(value: list[float]) -> list[float]:
    lat, lon = value
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError(f"[{lat}, {lon}] is not a latitude and a longitude in degrees")
    return value


Point = Annotated[list[float], Field(min_length=2, max_length=2), AfterValidator(_point)]


class Columns(Document):
    """The column of the file for each field."""

    source_ref: Text
    opened_at: Text
    service: Text
    closed_at: Text | None = None
    """Absent: every row is still open."""
    due_at: Text | None = None
    department: Text | None = None
    """Absent, or empty in a row: the city's own routing."""
    neighbourhood: Text | None = None
    lat: Text | None = None
    lon: Text | None = None
    address: Text | None = None
    description: Text | None = None
    """Absent, or empty in a row: the service as the file names it."""
    resolution: Text | None = None


class ImportMapping(Document):
    """The whole mapping."""

    source: Text
    kind: Annotated[Kind, PlainValidator(_kind)] = Kind.ISSUE
    timezone: TimeZone | None = None
    """Of times that carry no offset; absent: the city's."""
    time_format: Annotated[str, AfterValidator(_time_format)] | None = None
    """As of strptime; absent: ISO 8601."""
    terms: Literal["from_import", "from_opening"] = "from_import"
    bad_points: list[Point] = Field(default_factory=list)
    """Latitude and longitude that mean "unknown"."""
    columns: Columns
    services: dict[str, ServiceCode] = Field(default_factory=dict)
    departments: dict[str, DepartmentId] = Field(default_factory=dict)
    neighbourhoods: dict[str, NeighbourhoodId] = Field(default_factory=dict)
    """"" stands for rows that name none."""


@dataclass(frozen=True, slots=True)
class _Names:
    table: str
    what: str
    known: Callable[[City], Collection[str]]


_NAMES = (
    _Names("services", "service", lambda city: city.services),
    _Names("departments", "department", lambda city: city.departments),
    _Names("neighbourhoods", "neighbourhood", lambda city: city.neighbourhoods),
)


def read_mapping(path: Path, city: City) -> ImportMapping:
    """Raises MappingMistakes, with all of them, where there are any: names that the city does not know included."""
    document = read_toml(path)
    if isinstance(document, Mistake):
        raise MappingMistakes([document])
    try:
        mapping = ImportMapping.model_validate(document)
    except ValidationError as error:
        raise MappingMistakes(mistakes_in(path.name, document, error)) from None
    mistakes = [
        Mistake(path.name, key_path((names.table, value), document), f"no {names.what} {quoted(meant)}")
        for names in _NAMES
        for value, meant in getattr(mapping, names.table).items()
        if meant not in names.known(city)
    ]
    if (mapping.columns.lat is None) != (mapping.columns.lon is None):
        lacking = "lon" if mapping.columns.lon is None else "lat"
        mistakes.append(Mistake(path.name, f"columns.{lacking}", "is missing: a point needs both lat and lon"))
    if mistakes:
        raise MappingMistakes(mistakes)
    return mapping


def places_of_columns(mapping: ImportMapping, file: str, header: Sequence[str], map_file: str) -> dict[str, int]:
    """Where each mapped field is in a row; of columns with the same name the first.

    Raises MappingMistakes for columns that the file lacks.
    """
    wanted: dict[str, str] = mapping.columns.model_dump(exclude_none=True)
    lacking = [
        Mistake(map_file, f"columns.{field}", f"{file} has no column {quoted(column)}")
        for field, column in wanted.items()
        if column not in header
    ]
    if lacking:
        raise MappingMistakes(lacking)
    return {field: header.index(column) for field, column in wanted.items()}
