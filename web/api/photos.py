"""`/photos/{photo_id}`: a photo of a case."""

from fastapi import APIRouter
from fastapi.responses import Response

from web.api.answers import problems
from web.api.bearer import SignedIn
from web.api.ids import IdInPath
from web.context import Context
from web.photo_serving import Known, Size, staff_photo

router = APIRouter(tags=["cases"])


@router.get(
    "/photos/{photo_id}",
    summary="See a photo",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}}, 304: {"description": "Unchanged"}, **problems(401, 404, 422, 503)},
)
def photo(context: Context, actor: SignedIn, photo_id: IdInPath, size: Size = "large", known: Known = None) -> Response:
    """As `photos` of its case name it; `size=small` gives its thumbnail. Not for leadership, which sees no texts."""
    return staff_photo(context, actor, photo_id, size == "small", known)
