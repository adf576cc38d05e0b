"""A case as a service request of Open311: to everyone, and to whoever reported it."""

from collections.abc import Sequence
from datetime import datetime

from domain.words import DepartmentId, NeighbourhoodId, Outcome, ServiceCode, Stage
from readmodel.letters import FollowerRole
from readmodel.open311 import PublicRequest
from web.adopting import ROUGHLY
from web.case_view import text_of
from web.context import WebContext, maybe
from web.following import Followed, readable, told, visible
from web.open311.answers import Row, Value
from web.open311.media import media_url
from web.pages.languages import Language

LONGEST = 4000
"""Characters of a description or a text about the status."""


def public(context: WebContext, reader: Language, request: PublicRequest) -> Row:
    """The place is told roughly; what the resident wrote and showed, not at all."""
    return _row(
        context,
        reader,
        request,
        notes=request.note,
        description=None,
        address=None,
        lat=round(request.lat, ROUGHLY) if request.lat is not None else None,
        long=round(request.lon, ROUGHLY) if request.lon is not None else None,
        media=media_url(context, request.photo) if request.photo is not None else None,
    )


def own(context: WebContext, reader: Language, seen: Followed) -> Row:
    """To whoever holds the secret token of the report: to its reporter, as it was reported."""
    item, case, texts = seen.detail.item, seen.detail.case, readable(seen)
    reporter = seen.follower.role is FollowerRole.REPORTER
    notes = [texts[id] for happened in told(seen.detail) if (id := text_of(happened)) is not None and texts.get(id)]
    photos = visible(seen)
    request = PublicRequest(
        case_id=case.case_id,
        number=case.number,
        service=case.service,
        neighbourhood=case.neighbourhood,
        stage=case.stage,
        outcome=case.outcome,
        departments=item.departments,
        opened_at=case.opened_at,
        updated_at=case.closed_at or seen.detail.timeline[-1].at,
        promised_by=case.promised_by,
        closed_at=case.closed_at,
        lat=item.lat,
        lon=item.lon,
        note=None,
        photo=None,
    )
    told_to_all = _row(
        context,
        reader,
        request,
        notes=notes[-1] if notes else None,
        description=item.description if reporter else None,
        address=item.address if reporter else None,
        lat=item.lat if reporter else None,
        long=item.lon if reporter else None,
        media=media_url(context, photos[0].photo_id) if photos else seen.detail.media_url if reporter else None,
    )
    return {**told_to_all, "attributes": _attributes(context, reader, seen) if reporter else []}


def notice(context: WebContext, reader: Language, promised_by: datetime | None) -> str | None:
    """What whoever reports may count on."""
    if promised_by is None:
        return None
    return reader.say("promise", "status", when=reader.when(context.local(promised_by)))


def _row(
    context: WebContext,
    reader: Language,
    request: PublicRequest,
    *,
    notes: str | None,
    description: str | None,
    address: str | None,
    lat: float | None,
    long: float | None,
    media: str | None,
) -> Row:
    closed = request.stage is Stage.CLOSED
    return {
        "service_request_id": request.number,
        "status": "closed" if closed else "open",
        "status_notes": (notes or _status(reader, request.stage, request.outcome))[:LONGEST],
        "service_name": _service_name(context, reader, request.service),
        "service_code": request.service,
        "description": description[:LONGEST] if description else None,
        "agency_responsible": _departments(context, reader, request.departments),
        "service_notice": notice(context, reader, request.promised_by) if not closed else None,
        "requested_datetime": _time(context, request.opened_at),
        "updated_datetime": _time(context, request.updated_at),
        "expected_datetime": _time(context, request.promised_by),
        "address": _address(context, address, request.neighbourhood),
        "address_id": request.neighbourhood,
        "zipcode": None,
        "lat": lat,
        "long": long,
        "media_url": media,
    }


def _attributes(context: WebContext, reader: Language, seen: Followed) -> list[Row]:
    """As they were answered, in the shape in which they were asked."""
    service = context.city.services.get(seen.detail.case.service)
    questions = service.questions if service is not None else ()
    names = {(q.code, choice.key): reader.of(choice.name) for q in questions for choice in q.choices}
    return [
        {
            "code": code,
            "values": [{"key": value, "name": names.get((code, value), value)} for value in values],
        }
        for code, values in seen.detail.answers.items()
    ]


def _status(reader: Language, stage: Stage, outcome: Outcome | None) -> str:
    if stage is Stage.CLOSED:
        return reader.say(outcome or "closed", "open311")
    return reader.say(stage, "before_stages")


def _service_name(context: WebContext, reader: Language, code: ServiceCode) -> str:
    service = context.city.services.get(code)
    return reader.of(service.name) if service is not None else code


def _departments(context: WebContext, reader: Language, ids: Sequence[DepartmentId]) -> str | None:
    known = [context.city.departments.get(id) for id in ids]
    names = [reader.of(one.name) if one is not None else id for one, id in zip(known, ids, strict=True)]
    return ", ".join(names) or None


def _address(context: WebContext, address: str | None, neighbourhood: NeighbourhoodId) -> str:
    """From the most to the least specific."""
    known = context.city.neighbourhoods.get(neighbourhood)
    return ", ".join(part for part in (address, known.name if known else neighbourhood, context.city.name) if part)


def _time(context: WebContext, at: datetime | None) -> Value:
    local = maybe(context, at)
    return local.isoformat(timespec="seconds") if local is not None else None
