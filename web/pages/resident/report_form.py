"""The report form: its fields, and a filled-in form as a report."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from domain.city import City, Service
from readmodel.intake import NewReport
from web.bodies import read_json
from web.context import WebContext
from web.fields import Line
from web.new_case import NEW_CASE, NewCase, report_of
from web.pages.languages import Language
from web.pages.resident.service_search import matching
from web.problems import FieldProblem, Problem, of_validation

WHERE = ("service", "neighbourhood", "address", "lat", "lon")
"""The fields of the first step; a mistake in one of them leads back to it."""
DETAILS = ("description", "urgent", "name", "email", "phone", "language")
FIELDS = (*WHERE, *DETAILS)
_LINE: TypeAdapter[str] = TypeAdapter(Line)
_UNWRITTEN = "…"


@dataclass(frozen=True, slots=True)
class Filled:
    """What the form says; the address is there also where no point is known."""

    sent: NewCase
    address: str | None


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be reported: what was found for the words, the likeliest first, and all else by group."""

    found: Sequence[Service]
    groups: Sequence[tuple[str, Sequence[Service]]]


def values_of(form: Mapping[str, Any]) -> dict[str, str]:
    """Every field, blank where nothing was filled in."""
    return {field: value.strip() if isinstance(value := form.get(field), str) else "" for field in FIELDS}


def filled_in(values: Mapping[str, str], reader: str | None) -> Filled:
    """The report; `reader` is the language of the letters to come. Raises Problem with what is wrong by field."""
    contact = {field: values[field] or None for field in ("name", "email", "phone")}
    body: dict[str, Any] = {
        "kind": "issue",
        "service": values["service"],
        "description": values["description"],
        "urgent": values["urgent"] == "yes",
        "reporter": {"language": values["language"] or reader, **contact},
    }
    if values["neighbourhood"]:
        body["neighbourhood"] = values["neighbourhood"]
    if values["lat"] or values["lon"]:
        body["location"] = {"lat": _degrees(values["lat"]), "lon": _degrees(values["lon"])}
    elif not values["neighbourhood"]:
        nowhere = [FieldProblem("neighbourhood", "say where it is")]
        raise Problem(422, "invalid", "Say where it is.", [*_unchosen(values), *nowhere])
    sent = read_json(NEW_CASE, json.dumps(body).encode())
    try:
        address = _LINE.validate_python(values["address"]) if values["address"] else None
    except ValidationError as error:
        problem = of_validation(error.errors(include_url=False, include_input=False))
        raise Problem(422, "invalid", problem.detail, [FieldProblem("location.address", problem.detail)]) from None
    return Filled(sent, address)


def placed(context: WebContext, values: Mapping[str, str]) -> NewReport:
    """The first step as a report that says nothing yet. Raises Problem with what is wrong by field."""
    blank = {field: values[field] if field in WHERE else "" for field in FIELDS}
    return report_of(context, filled_in({**blank, "description": _UNWRITTEN}, None).sent, None, None)


def labels(reader: Language) -> dict[str, str]:
    """What the form calls each field of a report."""
    plain = {key: reader.say(key) for key in ("service", "description", "neighbourhood", "photos")}
    place = {f"location.{key}": reader.say("place") for key in ("lat", "lon")}
    contact = {f"reporter.{key}": reader.say(key) for key in ("name", "email", "phone")}
    contact["reporter.language"] = reader.say("letters_in")
    address = {"location.address": reader.say("address")}
    return {**plain, **place, **address, **contact, "location": reader.say("place")}


def choices(city: City, reader: Language, what: str) -> Choices:
    """The services by group, each by name in the reader's language, apart from those that the words find."""
    found = matching(city.services.values(), what)
    rest = [service for service in city.services.values() if service not in found]
    groups: dict[str, list[Service]] = {}
    for service in sorted(rest, key=lambda s: reader.of(s.name).casefold()):
        groups.setdefault(service.group, []).append(service)
    order = sorted(groups.items(), key=lambda group: (group[0] == "other", reader.named(group[0], "groups").casefold()))
    return Choices(found, order)


def may_be_urgent(service: Service, by_staff: bool) -> bool:
    """Whether it makes a difference to say so."""
    return by_staff or service.urgent_policy != service.policy


def _unchosen(values: Mapping[str, str]) -> list[FieldProblem]:
    return [] if values["service"] else [FieldProblem("service", "choose what it is about")]


def _degrees(text: str) -> float | str:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text
