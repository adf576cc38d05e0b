"""`/neighbourhoods/{neighbourhood}`: how a neighbourhood is doing, on one page."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from readmodel.database import reading
from readmodel.neighbourhoods import Standing, standing
from web.context import Context
from web.pages.board.asking import ADDRESS
from web.pages.neighbourhoods.frame import HOME, Reached, neighbourhood_page
from web.sight import sight_of
from web.signin.viewer import AnyStaff
from web.ways import WAYS

router = APIRouter(include_in_schema=False)


@router.get(f"{HOME}/{{neighbourhood}}")
def profile(request: Request, context: Context, viewer: AnyStaff, here: Reached) -> Response:
    with reading(context.database) as session:
        found = standing(session, context.now(), sight_of(viewer.actor), here.id)
    return neighbourhood_page(
        request,
        context,
        "neighbourhoods/profile.html",
        viewer,
        here,
        stands=found.get(here.id, Standing()),
        board=ADDRESS in WAYS[viewer.role],
    )
