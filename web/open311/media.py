"""Photos at addresses that nobody can guess, and that give nothing away but the photo."""

import base64
import hashlib
import hmac
from hmac import compare_digest

from fastapi import APIRouter
from fastapi.responses import Response

from readmodel.photos import PhotoId
from web.context import Context, WebContext
from web.open311.answers import PREFIX
from web.photo_serving import Known, open_photo
from web.problems import not_found

router = APIRouter(include_in_schema=False, prefix=PREFIX)

SIGNATURE = 22
"""Characters: 132 bits."""


def media_url(context: WebContext, photo: PhotoId) -> str:
    """Told only to those who may see the photo."""
    return f"{context.settings.public_url}{PREFIX}/media/{photo}-{_signature(context, photo)}.jpg"


@router.get("/media/{signed}.jpg")
def media(context: Context, signed: str, known: Known = None) -> Response:
    photo, signature = signed[: -SIGNATURE - 1], signed[-SIGNATURE:]
    if not compare_digest(signature.encode(), _signature(context, photo).encode()):
        raise not_found("There is no such photo.")
    return open_photo(context, photo, known)


def _signature(context: WebContext, photo: str) -> str:
    digest = hmac.new(context.secret, f"open311 photo {photo}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode()[:SIGNATURE]
