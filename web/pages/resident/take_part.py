"""Plans that residents may react to: which there are, one of them with what people say, and what came of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from domain.refusal import Refused
from readmodel.database import reading
from readmodel.documents import document, documents_of
from readmodel.projects_list import rounds
from web.api.projects import REACTION_SENT
from web.bodies import read_json
from web.context import Context, WebContext
from web.documents import given_out
from web.pages.forms import read_fields
from web.pages.frame import page, speaking
from web.pages.languages import Language
from web.pages.projects.shown import map_around
from web.pages.refusals import explained
from web.pages.resident.round_view import card_of, round_shown
from web.participation import Round, react, round_of
from web.problems import Problem, invalid, not_found
from web.rate import spend_turn
from web.signin.viewer import Viewer, ViewerIfAny

router = APIRouter(include_in_schema=False)

FIELDS = ("text", "name", "email", "language")
LABELS = {"text": "your_reaction", "name": "name", "email": "email", "language": "letters_in"}
THANKS = ("thanks", "letters")
MOST = 60


@router.get("/take-part")
def listing(request: Request, context: Context, viewer: ViewerIfAny) -> Response:
    reader = speaking(request, context, viewer)
    with reading(context.database) as session:
        found = rounds(session, MOST)
    cards = [card_of(context, reader, one) for one in found]
    return page(
        request,
        context,
        "take_part/list.html",
        area="take_part",
        viewer=viewer,
        open=sorted((c for c in cards if c.open), key=lambda c: c.until),
        ended=sorted((c for c in cards if not c.open), key=lambda c: c.until, reverse=True),
    )


@router.get("/take-part/{number}")
def round_page(request: Request, context: Context, viewer: ViewerIfAny, number: str) -> Response:
    return _shown(request, context, viewer, round_of(context, number), thanks=_said(request))


@router.get("/take-part/{number}/documents/{document_id}")
def read(context: Context, number: str, document_id: str) -> Response:
    """Raises Problem 404 also for a project on which residents were never asked."""
    found = round_of(context, number)
    with reading(context.database) as session:
        kept = document(session, found.detail.case.case_id, document_id, public=True)
    if kept is None:
        raise not_found("There is no such document.")
    return given_out(kept)


@router.post("/take-part/{number}")
async def take_part(request: Request, context: Context, viewer: ViewerIfAny, number: str) -> Response:
    reader = speaking(request, context, viewer)
    fields = await read_fields(request, context, viewer)
    spend_turn(request, context, "react")
    values = {name: fields.get(name, "").strip() for name in FIELDS}
    found, key = await run_in_threadpool(round_of, context, number), _key(fields.get("key", ""))
    try:
        if values["language"] not in ("", *context.city.languages):
            raise invalid("language", "choose one of the languages")
        sent = read_json(REACTION_SENT, json.dumps(_body(context, values, reader.code)).encode())
        kept = await react(context, found, sent.text, sent.email, sent.name, sent.language, key)
    except (Problem, Refused) as raised:
        if isinstance(raised, Problem) and raised.status not in (422, 503):
            raise
        again = _again(context, reader, raised)
        return await run_in_threadpool(
            _shown, request, context, viewer, found, values=values, key=str(key), again=again
        )
    said = "letters" if kept.follower.email is not None else "thanks"
    return RedirectResponse(f"/take-part/{found.detail.case.number}?lang={reader.code}&said={said}", 303)


@dataclass(frozen=True, slots=True)
class _Again:
    """What is in the way of a reaction, told at the top of the page or beside its field."""

    status: int
    notice: str | None = None
    mistakes: Mapping[str, str] = field(default_factory=dict)


def _again(context: WebContext, reader: Language, raised: Problem | Refused) -> _Again:
    if isinstance(raised, Refused):
        return _Again(409, f"{reader.say('refused', 'take_part')}: {explained(context, reader, raised)}")
    if raised.status == 503:
        return _Again(503, reader.say("unkept", "take_part"))
    known = reader.texts["take_part_mistakes"]
    return _Again(422, None, {e.field: known.get(e.field, known["other"]) for e in raised.errors})


def _body(context: WebContext, values: Mapping[str, str], language: str) -> dict[str, str]:
    """What was left blank was not sent; letters are in the language of the page, where nothing else was chosen."""
    chosen = values["language"] or (language if language in context.city.languages else "")
    return {"text": values["text"], **{n: v for n, v in {**values, "language": chosen}.items() if v and n != "text"}}


def _shown(
    request: Request,
    context: WebContext,
    viewer: Viewer | None,
    found: Round,
    *,
    thanks: str | None = None,
    values: Mapping[str, str] | None = None,
    key: str | None = None,
    again: _Again | None = None,
) -> Response:
    reader, told = speaking(request, context, viewer), again or _Again(200)
    with reading(context.database) as session:
        documents = documents_of(session, found.detail.case.case_id, public=True)
    shown = round_shown(context, reader, found, documents)
    return page(
        request,
        context,
        "take_part/round.html",
        area="take_part",
        viewer=viewer,
        status=told.status,
        round=shown,
        map=map_around(context, shown.neighbourhoods),
        thanks=thanks,
        notice=told.notice,
        values=values or dict.fromkeys(FIELDS, ""),
        mistakes=told.mistakes,
        labels={name: reader.say(label, "take_part") for name, label in LABELS.items()},
        key=key or str(uuid4()),
    )


def _said(request: Request) -> str | None:
    said = request.query_params.get("said")
    return said if said in THANKS else None


def _key(sent: str) -> UUID:
    """Of this form, once it is shown; made up where none came."""
    try:
        return UUID(sent)
    except ValueError:
        return uuid4()
