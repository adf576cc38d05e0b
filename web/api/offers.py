"""`/offers`: what residents may take on themselves, and taking it on."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from domain.words import CaseId
from readmodel.case_detail import case_state
from readmodel.database import reading
from readmodel.followers import Contact
from readmodel.offers import Offered
from web.adopting import adopt, on_offer, rough
from web.api.answers import problems, shown
from web.api.cases import CaseIdInPath
from web.bodies import described, json_body
from web.context import Context, WebContext
from web.initiative_models import ADOPT_SENT, AdoptSent
from web.rate import spend_turn
from web.views import AdoptedShown, OfferShown, OffersPage, RoughLocation

router = APIRouter(prefix="/offers", tags=["offers"])

Sent = Annotated[AdoptSent, Depends(json_body(ADOPT_SENT))]


@router.get("", summary="What residents may take on", response_model=OffersPage, responses=problems(503))
def offers(context: Context) -> Response:
    """Public. Nothing here was written by a resident, or tells who one is."""
    return shown(OffersPage(items=tuple(_shown(context, offer) for offer in on_offer(context))))


@router.post(
    "/{case_id}/adopt",
    summary="Take it on",
    status_code=201,
    response_model=AdoptedShown,
    responses=problems(404, 409, 413, 415, 422, 429, 503),
    openapi_extra=described(ADOPT_SENT),
)
async def take_on(request: Request, context: Context, case_id: CaseIdInPath, body: Sent) -> Response:
    """Public: first come, first served. The amount is reserved from the neighbourhood's budget, never overdrawn.

    The answer holds the secret link by which to account for it; repeating `command_id` repeats the answer.
    """
    spend_turn(request, context, "adopt")
    follower = await adopt(context, case_id, body, str(body.command_id or uuid4()))
    return shown(await run_in_threadpool(_adopted, context, case_id, follower), 201)


def _adopted(context: WebContext, case_id: CaseId, follower: Contact) -> AdoptedShown:
    with reading(context.database) as session:
        found = case_state(session, case_id)
    assert found is not None
    case, _ = found
    taken = next(offer for offer in reversed(case.offers) if offer.adopter == follower.id)
    assert taken.account_by is not None
    return AdoptedShown(
        case_id=case.case_id,
        number=case.number,
        follow_url=context.follow_url(follower.token),
        token=follower.token,
        account_by=context.local(taken.account_by),
    )


def _shown(context: WebContext, offer: Offered) -> OfferShown:
    place = rough(offer)
    return OfferShown(
        case_id=offer.case_id,
        number=offer.number,
        offer=offer.offer,
        service=offer.service,
        neighbourhood=offer.neighbourhood,
        about=offer.about,
        amount=offer.amount / 100,
        until=context.local(offer.until),
        location=RoughLocation(lat=place[0], lon=place[1]) if place is not None else None,
    )
