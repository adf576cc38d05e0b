"""The page by which a report is followed, and what residents do there."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from pydantic import TypeAdapter, ValidationError

from domain.refusal import Refused
from domain.words import Solved, Stage
from readmodel.database import reading, writing
from readmodel.follow_codes import code_of
from readmodel.followers import Contact, by_token, reach_by
from readmodel.joining import token_elsewhere
from readmodel.letters import FollowerRole
from readmodel.reporters import renew_reporter
from web import command_models as sent
from web import initiative_models as own
from web.alike import shared
from web.charts.neighbourhoods import map_of
from web.commanding import be_asked
from web.context import Context, WebContext
from web.fields import Email
from web.following import Followed, do, follow_shown, followed, follower_of
from web.pages.answers import answers_told
from web.pages.forms import read_form
from web.pages.frame import page, speaking
from web.pages.languages import Language
from web.pages.refusals import explained
from web.pages.resident.participant import participant_page, takes_part
from web.pages.resident.status import status_of
from web.pages.resident.story import coming, story
from web.pictures import MOST_FILES, read_pictures
from web.problems import Problem, not_found, of_refusal, of_validation
from web.rate import spend_turn

router = APIRouter(include_in_schema=False)

SAID = ("received", "counted", "done", "reachable", "taken_on")
ZOOM = 5.0
"""How many times the radius of a neighbourhood its map is wide."""
_EMAIL: TypeAdapter[str] = TypeAdapter(Email)


@router.get("/follow/{token}")
def follow(request: Request, context: Context, token: str) -> Response:
    reader = speaking(request, context)
    said = request.query_params.get("said")
    notice = reader.say(said) if said in SAID else None
    return _follow(request, context, token, notice, fresh=said in ("received", "counted", "taken_on"))


@router.get("/follow/{token}/{what}")
async def back_to(request: Request, context: Context, token: str, what: str) -> Response:
    """Whoever changes the language or reloads after a form comes back to the report."""
    return RedirectResponse(f"/follow/{quote(token, safe='')}?lang={speaking(request, context).code}", 303)


@router.post("/follow/{token}/{what}")
async def act(request: Request, context: Context, token: str, what: str) -> Response:
    reader = speaking(request, context)
    form = await read_form(request, context, max_files=MOST_FILES)
    spend_turn(request, context, "follow")
    follower = await run_in_threadpool(follower_of, context, token)
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    try:
        photos = await read_pictures(form)
        if what == "contact":
            await _reach(context, reader, follower, fields)
        else:
            if what == "account" and not photos:
                raise Refused("Add a photo of what was done.", "invalid", "photos", "photo_needed")
            await do(context, follower, _command(what, fields), photos)
    except (Problem, Refused) as raised:
        problem = of_refusal(raised) if isinstance(raised, Refused) else raised
        if problem.status not in (403, 409, 422, 503):
            raise
        why = _why(context, reader, raised)
        tried = what if problem.status == 503 else None
        return await run_in_threadpool(_follow, request, context, token, why, problem.status, typed=fields, tried=tried)
    said = {"contact": "reachable", "adopt": "taken_on"}.get(what, "done")
    return RedirectResponse(f"/follow/{token}?lang={reader.code}&said={said}", 303)


def _why(context: WebContext, reader: Language, raised: Problem | Refused) -> str:
    """In the reader's language; where nobody put the reason into it yet, only that it was not possible."""
    if isinstance(raised, Problem) and raised.status == 503:
        return reader.say("unanswered")
    if isinstance(raised, Refused):
        why = explained(context, reader, raised)
        told = why != raised.reason or reader.code == "en"
    else:
        field = next((error.field for error in raised.errors), "")
        known = reader.texts["mistakes"]
        key = f"photos_{raised.errors[0].detail}" if field == "photos" else f"follow_{field}"
        told = key in known or reader.code == "en"
        why = reader.say(key, "mistakes", most=5) if key in known else raised.detail
    return f"{reader.say('refused')}: {why}" if told else f"{reader.say('refused')}."


async def _reach(context: WebContext, reader: Language, follower: Contact, form: Mapping[str, str]) -> None:
    try:
        email = _EMAIL.validate_python(form.get("email", ""))
    except ValidationError as error:
        raise of_validation([{**error.errors(include_url=False)[0], "loc": ("email",)}]) from None
    language = reader.code if reader.code in context.city.languages else context.city.languages[0]
    if await run_in_threadpool(_keep_address, context, follower, email, language):
        await be_asked(context, follower.case_id, follower.id, True)


def _keep_address(context: WebContext, follower: Contact, email: str, language: str) -> bool:
    """Whether a supporter can be asked from now on; the reporter always is."""
    with writing(context.database) as session:
        taken = reach_by(session, follower.id, email, language)
        if taken and follower.role is FollowerRole.REPORTER:
            renew_reporter(session, follower.case_id, context.recogniser.known(email, follower.phone))
    return taken and follower.role is FollowerRole.SUPPORTER


def _command(what: str, form: Mapping[str, str]) -> sent.AnyCommand:
    try:
        command_id = UUID(form["command_id"])
    except (KeyError, ValueError):
        command_id = uuid4()
    try:
        match what:
            case "feedback":
                rating = form.get("rating", "")
                return sent.GiveFeedback(
                    command="give_feedback",
                    command_id=command_id,
                    solved=Solved(form.get("solved", "")),
                    rating=int(rating) if rating in ("1", "2", "3", "4", "5") else None,
                    comment=form.get("comment", "").strip() or None,
                )
            case "answer":
                return sent.Answer(command="answer", command_id=command_id, text=form.get("text", ""))
            case "adopt":
                return own.Adopt(command="adopt", command_id=command_id, offer=form.get("offer") or None)
            case "account":
                return own.accounted(
                    own.AccountSent.model_validate(
                        {"spent": form.get("spent", ""), "note": form.get("note", ""), "command_id": command_id}
                    )
                )
            case "hand-back":
                return own.HandBack(
                    command="hand_back", command_id=command_id, note=form.get("note", "").strip() or None
                )
            case "support":
                return sent.Support(command="support", command_id=command_id)
            case "withdraw":
                return sent.Withdraw(command="withdraw", command_id=command_id)
            case _:
                raise not_found()
    except ValidationError as error:
        raise of_validation(error.errors(include_url=False, include_input=False)) from None
    except ValueError:
        raise of_validation([{"type": "missing", "loc": ("solved",), "msg": "Say whether it is solved."}]) from None


def _follow(
    request: Request,
    context: WebContext,
    token: str,
    notice: str | None,
    status: int = 200,
    *,
    fresh: bool = False,
    typed: Mapping[str, str] | None = None,
    tried: str | None = None,
) -> Response:
    """`tried` may have happened though nobody answered: its form, sent again, is the same command."""
    reader = speaking(request, context)
    seen = followed(context, token)
    if (taken_part := takes_part(seen)) is not None:
        return participant_page(request, context, seen, taken_part)
    view = follow_shown(context, seen)
    typed = typed or {}
    solved = typed.get("solved", request.query_params.get("solved", ""))
    service = context.city.services.get(seen.detail.case.service)
    neighbourhood = context.city.neighbourhoods.get(seen.detail.case.neighbourhood)
    return page(
        request,
        context,
        "follow.html",
        status=status,
        view=view,
        token=token,
        code=code_of(token),
        notice=notice,
        wrong=status != 200,
        fresh=fresh,
        standing=status_of(context, reader, seen.detail.case, seen.follower.id),
        service=reader.of(service.name) if service is not None else view.service,
        neighbourhood=neighbourhood.name if neighbourhood is not None else view.neighbourhood,
        answers=answers_told(context, reader, seen.detail),
        story=story(context, reader, seen, view.photos),
        upcoming=coming(reader, view.next),
        euro=lambda amount: reader.euro(round(amount * 100)),
        own_photos=[photo for photo in view.photos if photo.seq <= 1],
        typed=typed,
        solved=solved if solved in set(Solved) else "",
        share=f"{context.settings.public_url.rstrip('/')}/support/{shared(context, view.number)}",
        once=lambda what: typed.get("command_id") if what == tried and typed.get("command_id") else uuid4(),
        told=view.feedback_until is not None and not view.may.feedback,
        elsewhere=_elsewhere(context, seen),
        part_of=seen.detail.part_of is not None and seen.detail.part_of.stage is not Stage.CLOSED,
        reachable=seen.follower.email is not None,
        **_spot(context, seen),
    )


def _elsewhere(context: WebContext, seen: Followed) -> str | None:
    """The link by which they follow the case that this one joined, once they do."""
    into = seen.detail.case.merged_into
    if into is None:
        return None
    token = token_elsewhere(seen.follower.token, into)
    with reading(context.database) as session:
        return token if by_token(session, token) is not None else None


def _spot(context: WebContext, seen: Followed) -> dict[str, Any]:
    """Where it is: to its reporter, and to whoever took it on; to others the neighbourhood alone."""
    item, here = seen.detail.item, seen.detail.case.neighbourhood
    drawn = map_of(context.places)
    offer = seen.detail.case.offer
    takes_care = offer is not None and offer.adopter == seen.follower.id
    knows = takes_care or seen.follower.role is FollowerRole.REPORTER
    spot = None
    if knows and item.lat is not None and item.lon is not None:
        spot = drawn.project(item.lat, item.lon)
    area = next((area for area in drawn.areas if area.id == here), None)
    side = min(max(area.radius * ZOOM, drawn.width / 6), drawn.width) if area is not None else drawn.width
    middle = spot or ((area.x, area.y) if area is not None else (drawn.width / 2, drawn.height / 2))
    return {
        "map": drawn,
        "view_box": " ".join(f"{part:.1f}" for part in (middle[0] - side / 2, middle[1] - side / 2, side, side)),
        "here": here,
        "spot": spot,
        "dot": round(side / 24, 1),
        "address": item.address if knows else None,
    }
