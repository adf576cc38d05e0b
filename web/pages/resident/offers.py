"""What the city offers to residents to do themselves: all of it, and each with a form to take it on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from domain.refusal import Refused
from domain.words import NeighbourhoodId
from readmodel.case_detail import case_named
from readmodel.database import reading
from readmodel.offers import ADOPTED, OPEN, Offered, last_offer
from web.adopting import adopt, on_offer, promised_account, rough, shareable
from web.charts.neighbourhoods import map_of
from web.context import Context, WebContext
from web.initiative_models import AdoptSent
from web.pages.forms import read_fields
from web.pages.frame import page, speaking
from web.pages.languages import Language, language
from web.pages.refusals import explained
from web.problems import Problem, not_found
from web.rate import spend_turn

router = APIRouter(include_in_schema=False)

ZOOM = 5.0
"""How many times the radius of a neighbourhood its map is wide."""
FIELDS = ("name", "email", "phone", "language")


@dataclass(frozen=True, slots=True)
class Place:
    """Offers of one neighbourhood."""

    name: str
    offers: tuple[Offered, ...]


@router.get("/offers")
def offers(request: Request, context: Context) -> Response:
    """Those of one neighbourhood where one is asked for."""
    found = on_offer(context)
    wanted = request.query_params.get("neighbourhood", "")
    shown = [offer for offer in found if not wanted or offer.neighbourhood == wanted]
    reader = speaking(request, context)
    return page(
        request,
        context,
        "offers/list.html",
        area="offers",
        places=_by_place(context, shown),
        known=[(offer_place.id, offer_place.name) for offer_place in _places(context, found)],
        wanted=wanted,
        service=lambda offer: reader.of(context.city.services[offer.service].name),
    )


@router.get("/offers/{number}")
def offer(request: Request, context: Context, number: str) -> Response:
    return _offer(request, context, _named(context, number), {})


@router.post("/offers/{number}")
async def take_on(request: Request, context: Context, number: str) -> Response:
    """First come, first served."""
    reader = speaking(request, context)
    form = await read_fields(request, context)
    spend_turn(request, context, "adopt")
    offer = await run_in_threadpool(_named, context, number)
    try:
        follower = await adopt(context, offer.case_id, _filled(form), form.get("key", "")[:64] or str(uuid4()))
    except ValidationError as error:
        wrong = {str(mistake["loc"][0]) for mistake in error.errors(include_input=False)}
        mistakes = {field: reader.say(f"mistake_{field}", "offers") for field in FIELDS[:3] if field in wrong}
        return await run_in_threadpool(_offer, request, context, offer, form, 422, mistakes=mistakes)
    except (Problem, Refused) as raised:
        if isinstance(raised, Problem) and raised.status != 503:
            raise
        why = _why(context, reader, raised)
        status = 409 if isinstance(raised, Refused) else 503
        again = await run_in_threadpool(_named, context, number)
        return await run_in_threadpool(_offer, request, context, again, form, status, why=why)
    return RedirectResponse(f"/follow/{follower.token}?lang={reader.code}&said=taken_on", 303)


def _filled(form: Mapping[str, str]) -> AdoptSent:
    told = {name: form[name].strip() for name in FIELDS if form.get(name, "").strip()}
    return AdoptSent.model_validate({"name": "", "email": "", **told, "offer": form.get("offer") or None})


def _why(context: WebContext, reader: Language, raised: Problem | Refused) -> str:
    return explained(context, reader, raised) if isinstance(raised, Refused) else reader.say("unanswered")


def _named(context: WebContext, number: str) -> Offered:
    """Raises Problem 404 where nothing of that number is or was offered."""
    with reading(context.database) as session:
        name = case_named(session, number)
        found = last_offer(session, name.case_id) if name is not None else None
    if found is None or found.number != number or not shareable(context, found):
        raise not_found("This is not offered to residents.")
    return found


def _offer(
    request: Request,
    context: WebContext,
    offer: Offered,
    form: Mapping[str, str],
    status: int = 200,
    *,
    mistakes: Mapping[str, str] | None = None,
    why: str | None = None,
) -> Response:
    reader = speaking(request, context)
    neighbourhood = context.city.neighbourhoods.get(offer.neighbourhood)
    return page(
        request,
        context,
        "offers/offer.html",
        area="offers",
        status=status,
        offer=offer,
        open=offer.state == OPEN and offer.until > context.now(),
        taken=offer.state == ADOPTED,
        account_by=context.local(promised_account(context, offer)),
        service=reader.of(context.city.services[offer.service].name),
        neighbourhood=neighbourhood.name if neighbourhood is not None else offer.neighbourhood,
        typed=form,
        language_name=lambda code: language(code).say("language_name"),
        key=form.get("key") or uuid4(),
        mistakes=mistakes or {},
        why=why,
        **_map(context, offer),
    )


def _map(context: WebContext, offer: Offered) -> dict[str, Any]:
    """The neighbourhood, with a circle of some hundred metres around about where it is."""
    drawn, spot = map_of(context.places), rough(offer)
    area = next((area for area in drawn.areas if area.id == offer.neighbourhood), None)
    side = min(max(area.radius * ZOOM, drawn.width / 6), drawn.width) if area is not None else drawn.width
    x, y = (area.x, area.y) if area is not None else (drawn.width / 2, drawn.height / 2)
    if spot is not None:
        x, y = drawn.project(*spot)
    return {
        "map": drawn,
        "view_box": " ".join(f"{part:.1f}" for part in (x - side / 2, y - side / 2, side, side)),
        "spot": (round(x, 1), round(y, 1)) if spot is not None else None,
        "around": round(side / 12, 1),
    }


@dataclass(frozen=True, slots=True)
class _Known:
    id: NeighbourhoodId
    name: str


def _places(context: WebContext, offers: Sequence[Offered]) -> list[_Known]:
    """The neighbourhoods in which anything is offered, by name."""
    ids = {offer.neighbourhood for offer in offers}
    known = [_Known(one.id, one.name) for one in context.city.neighbourhoods.values() if one.id in ids]
    return sorted(known, key=lambda one: one.name.casefold())


def _by_place(context: WebContext, offers: Sequence[Offered]) -> list[Place]:
    return [
        Place(here.name, tuple(offer for offer in offers if offer.neighbourhood == here.id))
        for here in _places(context, offers)
    ]
