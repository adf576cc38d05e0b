"""The report form: its fields, and a filled-in form as a report."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from domain.city import City, Service
from web.bodies import read_json
from web.fields import Line
from web.new_case import NEW_CASE, NewCase
from web.pages.languages import Language
from web.problems import FieldProblem, Problem, of_validation

FIELDS = ("service", "description", "urgent", "neighbourhood", "address", "lat", "lon", "name", "email", "phone")
_LINE: TypeAdapter[str] = TypeAdapter(Line)


@dataclass(frozen=True, slots=True)
class Filled:
    """What the form says; the address is there also where no point is known."""

    sent: NewCase
    address: str | None


def values_of(form: Mapping[str, str]) -> dict[str, str]:
    """Every field, blank where nothing was filled in."""
    return {field: form.get(field, "").strip() for field in FIELDS}


def read_form(values: Mapping[str, str], reader: str | None) -> Filled:
    """The report; `reader` is the language of the letters to come. Raises Problem with what is wrong by field."""
    body: dict[str, Any] = {
        "kind": "issue",
        "service": values["service"],
        "description": values["description"],
        "urgent": values["urgent"] == "yes",
        "reporter": {"language": reader, **{f: values[f] or None for f in ("name", "email", "phone")}},
    }
    if values["neighbourhood"]:
        body["neighbourhood"] = values["neighbourhood"]
    if values["lat"] or values["lon"]:
        body["location"] = {"lat": _degrees(values["lat"]), "lon": _degrees(values["lon"])}
    elif not values["neighbourhood"]:
        raise Problem(422, "invalid", "Say where it is.", [FieldProblem("neighbourhood", "say where it is")])
    sent = read_json(NEW_CASE, json.dumps(body).encode())
    try:
        address = _LINE.validate_python(values["address"]) if values["address"] else None
    except ValidationError as error:
        problem = of_validation(error.errors(include_url=False, include_input=False))
        raise Problem(422, "invalid", problem.detail, [FieldProblem("location.address", problem.detail)]) from None
    return Filled(sent, address)


def labels(reader: Language) -> dict[str, str]:
    """What the form calls each field of a report."""
    plain = {key: reader.say(key) for key in ("service", "description", "neighbourhood")}
    place = {f"location.{key}": reader.say(key) for key in ("lat", "lon", "address")}
    contact = {f"reporter.{key}": reader.say(key) for key in ("name", "email", "phone")}
    return {**plain, **place, **contact, "location": reader.say("place")}


def groups(city: City, reader: Language) -> Sequence[tuple[str, list[Service]]]:
    """The services by group, each by name in the reader's language."""
    found: dict[str, list[Service]] = {}
    for service in sorted(city.services.values(), key=lambda s: reader.of(s.name).casefold()):
        found.setdefault(service.group, []).append(service)
    return sorted(found.items(), key=lambda group: reader.named(group[0], "groups").casefold())


def _degrees(text: str) -> float | str:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text
