"""`POST requests`: a report that an app or another system brings, with a key of its own."""

import json
import re
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.datastructures import FormData

from domain.words import NeighbourhoodId, Role, ServiceCode
from readmodel.accounts import note_token_use, token_in_force
from readmodel.database import reading, writing
from web.bodies import read_json
from web.context import Context, WebContext
from web.fields import LONGEST_LINE, one_line
from web.new_case import NEW_CASE, NewCase
from web.open311.answers import PREFIX, InForm, told
from web.open311.asking import Parameters, check_jurisdiction, language_of, parameters
from web.open311.requests import ROOT
from web.open311.telling import LONGEST, notice
from web.pages.forms import form_of
from web.pages.languages import Language
from web.pictures import MOST_FILES, read_pictures
from web.problems import FieldProblem, Problem, forbidden
from web.rate import spend_turn
from web.taking_in import take_in

router = APIRouter(include_in_schema=False, prefix=PREFIX)

MEDIA = "media"
LONGEST_KEY = 200
LONGEST_SOURCE = 100
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,64})\](?:\[\d{0,3}\])?")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_NAMES = {
    "location": "lat, long",
    "location.lat": "lat",
    "location.lon": "long",
    "location.address": "address_string",
    "neighbourhood": "address_id",
    "reporter.name": "first_name, last_name",
    "reporter.email": "email",
    "reporter.phone": "phone",
    "service": "service_code",
    "photos": MEDIA,
}
"""What we call the fields of a report, as the standard calls them."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The app that a key was given to."""

    source: str
    trusted: bool
    """Its key is a token of the staff; other keys are in everyone's telephones."""


@router.post("/requests.{form}")
async def create(request: Request, context: Context, form: InForm) -> Response:
    """Kept when this answers. `token` reads the report back as it was sent; without it everyone reads the same."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in _FORMS:
        raise Problem(415, "unsupported_media_type", f"Send a form: {' or '.join(_FORMS)}.")
    filled = await form_of(request, MOST_FILES)
    asked = parameters(request, filled)
    check_jurisdiction(context, asked)
    sender = await run_in_threadpool(_sender, context, asked.get("api_key", ""))
    if not sender.trusted:
        spend_turn(request, context)
    reader = language_of(request, context, asked)
    try:
        photos = await read_pictures(filled, MEDIA)
        sent = _report(context, filled, asked, reader, sender)
        key = request.headers.get("idempotency-key")
        taken = await take_in(context, sent, None, key, _address(asked), photos)
    except Problem as problem:
        raise _in_their_words(problem) from None
    accepted = taken.accepted
    row = {
        "service_request_id": accepted.number,
        "token": accepted.token if taken.open_link and accepted.token else None,
        "service_notice": notice(context, reader, accepted.case.promised_by),
        "account_id": None,
    }
    return told(form, ROOT, [row])


def _sender(context: WebContext, key: str) -> Sender:
    """Raises Problem 403 where the key is missing or not in force."""
    found = None
    if 0 < len(key) <= LONGEST_KEY:
        with reading(context.database) as session:
            found = token_in_force(session, key)
    if found is None:
        raise forbidden("The api_key is missing or not valid.")
    now = context.now()
    if found.used_long_ago(now):
        with writing(context.database) as session:
            note_token_use(session, found.actor.id, now)
    source = one_line(f"open311: {found.label or found.actor.id}", LONGEST_SOURCE)
    return Sender(source or "open311", found.actor.role is not Role.RESIDENT)


def _report(context: WebContext, filled: FormData, asked: Parameters, reader: Language, sender: Sender) -> NewCase:
    """Raises Problem with what is wrong by field."""
    if "service_code" not in asked:
        raise Problem(400, "invalid", "service_code was not provided.")
    description = asked.get("description") or _name_of(context, asked["service_code"])
    if len(description) > LONGEST:
        raise Problem(400, "invalid", f"description: at most {LONGEST} characters")
    name = " ".join(asked[part] for part in ("first_name", "last_name") if part in asked)
    body: dict[str, Any] = {
        "kind": "issue",
        "service": asked["service_code"],
        "description": description,
        "source": sender.source,
        "reporter": {
            "name": name or None,
            "email": asked.get("email"),
            "phone": asked.get("phone"),
            "language": reader.code if reader.code in context.city.languages else None,
        },
        "attributes": _attributes(filled),
        "media_url": asked.get("media_url"),
        **_place(context, asked),
    }
    return read_json(NEW_CASE, json.dumps(body).encode())


def _attributes(filled: FormData) -> dict[str, list[str]]:
    """By code; several values of a list come one by one, perhaps with brackets behind."""
    found: dict[str, list[str]] = {}
    for name, value in filled.multi_items():
        match = _ATTRIBUTE.fullmatch(name)
        if match is not None and isinstance(value, str) and value.strip():
            found.setdefault(match[1], []).append(value.strip())
    return found


def _name_of(context: WebContext, code: str) -> str:
    """What stands for a description that was not given."""
    service = context.city.services.get(ServiceCode(code))
    return service.name[context.city.languages[0]] if service is not None else code


def _place(context: WebContext, asked: Parameters) -> dict[str, Any]:
    """A point goes before all else; without one, the neighbourhood that `address_id` is or that the address names."""
    if "lat" in asked or "long" in asked:
        point = {"lat": _degrees(asked, "lat"), "lon": _degrees(asked, "long")}
        return {"location": {**point, "address": _address(asked)}}
    if "address_id" in asked:
        return {"neighbourhood": asked["address_id"]}
    address = _address(asked)
    if address is None:
        raise Problem(400, "invalid", "Say where it is: lat and long, address_string or address_id.")
    named = _named_in(context, address)
    if named is None:
        raise Problem(
            400,
            "invalid",
            "address_string: names no neighbourhood of the city; send lat and long, or address_id.",
        )
    return {"neighbourhood": named}


def _address(asked: Parameters) -> str | None:
    return one_line(asked.get("address_string", ""), LONGEST_LINE) or None


def _named_in(context: WebContext, address: str) -> NeighbourhoodId | None:
    """The neighbourhood whose name stands in the address, the longest where several do; else the city's own choice."""
    words = f" {_plain(address)} "
    found = [n for n in context.city.neighbourhoods.values() if f" {_plain(n.name)} " in words]
    longest = max(found, key=lambda n: len(n.name), default=None)
    return longest.id if longest is not None else context.city.unplaced


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())


def _degrees(asked: Parameters, name: str) -> float:
    try:
        return float(asked.get(name, ""))
    except ValueError:
        raise Problem(400, "invalid", f"{name}: must be a number of degrees, such as 50.96") from None


def _in_their_words(problem: Problem) -> Problem:
    """Mistakes in the fields that the standard has."""
    errors = [FieldProblem(_named(e.field), e.detail) for e in problem.errors]
    return Problem(problem.status, problem.code, problem.detail, errors, problem.headers)


def _named(field: str) -> str:
    if field.startswith("attributes."):
        return f"attribute[{field.split('.')[1]}]"
    return _NAMES.get(field, field)
