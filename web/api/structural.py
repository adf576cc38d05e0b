"""`/structural` and `/hot-spots`: what keeps recurring, found by the engine and tackled by managers."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from domain.actor import Actor
from domain.words import NeighbourhoodId, Role
from readmodel.database import reading
from readmodel.structural.hot_spots import HotSpotState, hot_spots_of, last_review, one_hot_spot
from web.api.answers import problems, shown
from web.api.bearer import SignedIn, only
from web.api.ids import IdInPath
from web.api.queries import Named, Once
from web.bodies import described, json_body
from web.context import Context, maybe
from web.problems import not_found
from web.reach import reach_of
from web.sight import sees_texts
from web.structural import DISMISSAL, NEW_STRUCTURAL, Dismissal, NewStructural, dismiss_hot_spot, open_structural
from web.structural_views import HotSpotShown, HotSpotsShown, StructuralOpened, hot_spot_shown

router = APIRouter(tags=["structural work"])

NewCase = Annotated[NewStructural, Depends(json_body(NEW_STRUCTURAL))]
Managing = Annotated[Actor, Depends(only(Role.NEIGHBOURHOOD_MANAGER, Role.ADMINISTRATOR))]
Why = Annotated[Dismissal, Depends(json_body(DISMISSAL))]


@router.post(
    "/structural",
    summary="Open a structural case",
    status_code=201,
    response_model=StructuralOpened,
    responses={
        200: {"description": "The case there is already for this key", "model": StructuralOpened},
        **problems(401, 403, 409, 413, 415, 422, 503),
    },
    openapi_extra=described(NEW_STRUCTURAL),
)
async def open_one(
    context: Context,
    actor: Managing,
    body: NewCase,
    idempotency_key: Once = None,
) -> Response:
    """By the manager of the neighbourhood: a plan of actions for several departments, reviewed until it is done."""
    opened = await open_structural(context, body, actor, idempotency_key)
    view = StructuralOpened(case_id=opened.case.case_id, number=opened.case.number)
    return shown(view, 201 if opened.fresh else 200)


@router.get("/hot-spots", summary="List hot spots", response_model=HotSpotsShown, responses=problems(401, 422, 503))
def hot_spots(
    context: Context, actor: SignedIn, neighbourhood: Named = None, state: HotSpotState | None = None
) -> Response:
    """Of the neighbourhoods that one may read of; those found last in front."""
    today = context.local(context.now()).date()
    with reading(context.database) as session:
        reached = {one.id for one in reach_of(session, context.city, actor, today)}
        wanted = NeighbourhoodId(neighbourhood) if neighbourhood is not None else None
        found = [one for one in hot_spots_of(session, wanted, state) if one.found.neighbourhood in reached]
        review = last_review(session)
    items = tuple(hot_spot_shown(context, one, with_texts=sees_texts(actor)) for one in found)
    return shown(HotSpotsShown(reviewed_at=maybe(context, review.at) if review is not None else None, items=items))


@router.post(
    "/hot-spots/{hot_spot}/dismiss",
    summary="Dismiss a hot spot",
    response_model=HotSpotShown,
    responses=problems(401, 403, 404, 409, 413, 415, 422, 503),
    openapi_extra=described(DISMISSAL),
)
async def dismiss_one(context: Context, actor: Managing, hot_spot: IdInPath, body: Why) -> Response:
    """By the manager of its neighbourhood, who knows why it asks for nothing."""
    await run_in_threadpool(dismiss_hot_spot, context, hot_spot, body.why, actor)
    return shown(await run_in_threadpool(_one, context, hot_spot))


def _one(context: Context, id: str) -> HotSpotShown:
    with reading(context.database) as session:
        found = one_hot_spot(session, id)
    if found is None:
        raise not_found("There is no such hot spot.")
    return hot_spot_shown(context, found, with_texts=True)
