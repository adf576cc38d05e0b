"""`/neighbourhoods/{neighbourhood}/profile`: how a neighbourhood is doing."""

from fastapi import APIRouter
from fastapi.responses import Response

from readmodel.database import reading
from web.api.answers import problems, shown
from web.api.bearer import SignedIn
from web.context import Context
from web.profile_shapes import ProfileShown
from web.profile_view import profile_shown
from web.profiles import read_profile
from web.reach import reached

router = APIRouter(tags=["follow-up"])


@router.get(
    "/neighbourhoods/{neighbourhood}/profile",
    summary="A neighbourhood's profile",
    response_model=ProfileShown,
    responses=problems(401, 404, 503),
)
def profile(context: Context, actor: SignedIn, neighbourhood: str) -> Response:
    """The last twelve months, held against the same days a year before and against comparable neighbourhoods.

    Managers and wardens see their neighbourhoods, departments those in which they work or whose team they are in, and
    of the departments themselves only; leadership and administrators all.
    """
    with reading(context.database) as session:
        here = reached(session, context, actor, neighbourhood)
        read = read_profile(session, context, actor, here)
    return shown(profile_shown(read))
