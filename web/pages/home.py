"""The first page: what this is, and where to go."""

from fastapi import APIRouter, Request, Response

from web.context import Context
from web.pages.frame import page
from web.signin.viewer import ViewerIfAny

router = APIRouter(include_in_schema=False)


@router.get("/")
def home(request: Request, context: Context, viewer: ViewerIfAny) -> Response:
    return page(request, context, "home.html", viewer=viewer)
