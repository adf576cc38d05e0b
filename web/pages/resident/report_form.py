"""The report form: its fields, and a filled-in form as a report."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import FormData, QueryParams

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
ATTRIBUTE = re.compile(r"attribute\[([A-Za-z0-9_-]{1,64})\]")
"""The field of a question of the service, as Open311 calls it."""
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


def values_of(form: FormData | QueryParams) -> dict[str, str]:
    """Every field, blank where nothing was filled in, and every answer; several of a list have commas between them."""
    values = {field: value.strip() if isinstance(value := form.get(field), str) else "" for field in FIELDS}
    for field, value in form.multi_items():
        if isinstance(value, str) and value.strip() and ATTRIBUTE.fullmatch(field):
            values[field] = f"{values[field]},{value.strip()}" if field in values else value.strip()
    return values


def answers_in(values: Mapping[str, str], service: Service) -> dict[str, str]:
    """By the code of the question; what another service asks is left out."""
    asked = {question.code for question in service.questions}
    found = ((ATTRIBUTE.fullmatch(field), value) for field, value in values.items())
    return {match[1]: value for match, value in found if match is not None and match[1] in asked}


def filled_in(values: Mapping[str, str], reader: str | None, service: Service | None = None) -> Filled:
    """The report; `reader` is the language of the letters to come. Raises Problem with what is wrong by field."""
    contact = {field: values[field] or None for field in ("name", "email", "phone")}
    body: dict[str, Any] = {
        "kind": "issue",
        "service": values["service"],
        "description": values["description"],
        "urgent": values["urgent"] == "yes",
        "reporter": {"language": values["language"] or reader, **contact},
    }
    if service is not None and (answers := answers_in(values, service)):
        body["attributes"] = answers
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
    sent = filled_in({**blank, "description": _UNWRITTEN}, None).sent
    return report_of(context, sent, None, None, whole=False)


def labels(reader: Language, service: Service | None = None) -> dict[str, str]:
    """What the form calls each field of a report."""
    asked = service.questions if service is not None else ()
    questions = {f"attributes.{question.code}": reader.of(question.description) for question in asked}
    plain = {key: reader.say(key) for key in ("service", "description", "neighbourhood", "photos")}
    place = {f"location.{key}": reader.say("place") for key in ("lat", "lon")}
    contact = {f"reporter.{key}": reader.say(key) for key in ("name", "email", "phone")}
    contact["reporter.language"] = reader.say("letters_in")
    address = {"location.address": reader.say("address")}
    return {**plain, **place, **address, **contact, **questions, "location": reader.say("place")}


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
