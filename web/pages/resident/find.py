"""Finding one's report again by its number and code."""

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from readmodel.database import reading
from readmodel.follow_codes import by_code, read_number
from readmodel.followers import Contact
from web.context import Context, WebContext
from web.pages.forms import read_fields
from web.pages.frame import page, speaking
from web.rate import spend_turn, spend_turn_of
from web.signin.viewer import ViewerIfAny

router = APIRouter(include_in_schema=False)

LONGEST = 40


@router.get("/follow")
def ask(request: Request, context: Context, viewer: ViewerIfAny) -> Response:
    return page(request, context, "find.html", viewer=viewer, number="", wrong=False)


@router.post("/follow")
async def find(request: Request, context: Context, viewer: ViewerIfAny) -> Response:
    """Whoever guesses has few turns: from one address, and at one report from any."""
    form = await read_fields(request, context)
    number, code = form.get("number", "")[:LONGEST], form.get("code", "")[:LONGEST]
    spend_turn(request, context, "code")
    spend_turn_of(request, context, f"code of {read_number(number)}")
    found = await run_in_threadpool(_find, context, number, code)
    if found is None:
        return page(request, context, "find.html", viewer=viewer, status=422, number=number, wrong=True)
    return RedirectResponse(f"/follow/{found.token}?lang={speaking(request, context).code}", 303)


def _find(context: WebContext, number: str, code: str) -> Contact | None:
    with reading(context.database) as session:
        return by_code(session, number, code)
