"""Photos as pages show them: by a secret link, and to staff who are signed in."""

from fastapi import APIRouter
from fastapi.responses import Response

from web.context import Context
from web.photo_serving import Known, Size, follower_photo, staff_photo
from web.signin.viewer import AnyStaff

router = APIRouter(include_in_schema=False)


@router.get("/follow/{token}/photos/{photo_id}")
def followed_photo(context: Context, token: str, photo_id: str, size: Size = "large", known: Known = None) -> Response:
    return follower_photo(context, token, photo_id, size == "small", known)


@router.get("/photos/{photo_id}")
def photo(context: Context, viewer: AnyStaff, photo_id: str, size: Size = "large", known: Known = None) -> Response:
    return staff_photo(context, viewer.actor, photo_id, size == "small", known)
