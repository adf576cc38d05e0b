"""One row of another system's file, understood in the city's own terms or refused with a reason."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isclose
from zoneinfo import ZoneInfo

from aanjager.mapping import ImportMapping
from configuration.mistakes import quoted
from configuration.places import Places
from domain.city import City
from domain.routing import route
from domain.words import DepartmentId, NeighbourhoodId, ServiceCode

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_LONGEST_REFERENCE = 200
_NO_LETTERS = re.compile(r"[^a-z0-9]+")


class Rejected(Exception):
    """The row cannot be taken; the text says why, to whoever knows the file."""


@dataclass(frozen=True, slots=True)
class Referral:
    """A row of the file."""

    source_ref: str
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    service: ServiceCode
    neighbourhood: NeighbourhoodId
    departments: tuple[DepartmentId, ...]
    point: tuple[float, float] | None
    """Latitude and longitude, within the city."""
    address: str | None
    description: str
    resolution: str | None


class Reader:
    """Understands rows, given where in a row each field is; `now` bounds what can have happened."""

    def __init__(
        self, city: City, places: Places, mapping: ImportMapping, columns: Mapping[str, int], width: int, now: datetime
    ) -> None:
        self._city = city
        self._places = places
        self._mapping = mapping
        self._columns = columns
        self._width = width
        self._now = now
        self._zone = ZoneInfo(mapping.timezone or city.timezone)

    def referral(self, row: Sequence[str]) -> Referral:
        """Raises Rejected."""
        if len(row) != self._width:
            raise Rejected(f"has {len(row)} fields where the header has {self._width}")
        _check_text(row)
        source_ref = self._needed(row, "source_ref")
        if len(source_ref) > _LONGEST_REFERENCE:
            raise Rejected(f"{self._name('source_ref')} is longer than {_LONGEST_REFERENCE} characters")
        opened_at = self._time("opened_at", self._needed(row, "opened_at"))
        closed_at, due_at = self._optional_time(row, "closed_at"), self._optional_time(row, "due_at")
        self._check_times(opened_at, closed_at)
        service = self._service(row)
        point, neighbourhood = self._place(row)
        return Referral(
            source_ref=source_ref,
            opened_at=opened_at,
            closed_at=closed_at,
            due_at=due_at,
            service=service,
            neighbourhood=neighbourhood,
            departments=self._departments(row, service, neighbourhood),
            point=point,
            address=self._text(row, "address") or None,
            description=self._text(row, "description") or self._text(row, "service"),
            resolution=self._text(row, "resolution") or None,
        )

    def reference(self, row: Sequence[str]) -> str:
        """The source reference, empty where there is none."""
        return self._text(row, "source_ref") if len(row) == self._width else ""

    def _name(self, field: str) -> str:
        return f"{field} (column {quoted(getattr(self._mapping.columns, field))})"

    def _text(self, row: Sequence[str], field: str) -> str:
        place = self._columns.get(field)
        return row[place].strip() if place is not None else ""

    def _needed(self, row: Sequence[str], field: str) -> str:
        text = self._text(row, field)
        if not text:
            raise Rejected(f"{self._name(field)} is empty")
        return text

    def _optional_time(self, row: Sequence[str], field: str) -> datetime | None:
        text = self._text(row, field)
        return self._time(field, text) if text else None

    def _time(self, field: str, text: str) -> datetime:
        """Without an offset it is local: of a time that comes twice the first, a skipped one moved forward."""
        form = self._mapping.time_format
        try:
            told = datetime.fromisoformat(text) if form is None else datetime.strptime(text, form)  # noqa: DTZ007
            aware = told if told.tzinfo is not None else told.replace(tzinfo=self._zone)
            at = aware.astimezone(UTC)
        except (ValueError, OverflowError):
            wanted = "ISO 8601" if form is None else quoted(form)
            raise Rejected(f"{self._name(field)} is not a time as {wanted}: {quoted(text)}") from None
        if at < EARLIEST:
            raise Rejected(f"{self._name(field)} is before {EARLIEST.year}: {quoted(text)}")
        return at

    def _check_times(self, opened_at: datetime, closed_at: datetime | None) -> None:
        if opened_at > self._now:
            raise Rejected("it was opened in the future")
        if closed_at is not None and closed_at > self._now:
            raise Rejected("it was closed in the future")
        if closed_at is not None and closed_at < opened_at:
            raise Rejected("it was closed before it was opened")

    def _service(self, row: Sequence[str]) -> ServiceCode:
        value = self._needed(row, "service")
        code = self._mapping.services.get(value) or ServiceCode(slug(value))
        if code not in self._city.services:
            raise Rejected(f"{self._name('service')} is no service of the city: {quoted(value)}")
        return code

    def _departments(
        self, row: Sequence[str], service: ServiceCode, neighbourhood: NeighbourhoodId
    ) -> tuple[DepartmentId, ...]:
        value = self._text(row, "department")
        if not value:
            return route(self._city.services[service], neighbourhood)
        id = self._mapping.departments.get(value) or DepartmentId(slug(value))
        if id not in self._city.departments:
            raise Rejected(f"{self._name('department')} is no department of the city: {quoted(value)}")
        return (id,)

    def _place(self, row: Sequence[str]) -> tuple[tuple[float, float] | None, NeighbourhoodId]:
        point = self._point(row)
        if point is not None:
            there = self._places.neighbourhood_at(*point)
            if there is not None and there in self._city.neighbourhoods:
                return point, there
        value = self._text(row, "neighbourhood")
        id = self._mapping.neighbourhoods.get(value) or NeighbourhoodId(slug(value))
        if not id:
            raise Rejected("it has no point within the city and no neighbourhood")
        if id not in self._city.neighbourhoods:
            raise Rejected(
                f"it has no point within the city, and {self._name('neighbourhood')} is no neighbourhood of it: "
                f"{quoted(value)}"
            )
        return None, id

    def _point(self, row: Sequence[str]) -> tuple[float, float] | None:
        try:
            lat, lon = float(self._text(row, "lat")), float(self._text(row, "lon"))
        except ValueError:
            return None
        unknown = any(isclose(lat, bad[0]) and isclose(lon, bad[1]) for bad in self._mapping.bad_points)
        return None if unknown else (lat, lon)


def slug(value: str) -> str:
    """The value in small letters, digits and single hyphens; accents are dropped."""
    plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()
    return _NO_LETTERS.sub("-", plain.lower()).strip("-")


def _check_text(row: Sequence[str]) -> None:
    for value in row:
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise Rejected("is not UTF-8 text") from None
        if "\0" in value:
            raise Rejected("contains a NUL character")
