"""Signing in with a password, and out again."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from readmodel.accounts import User
from readmodel.accounts import sign_in as password_fits
from readmodel.database import reading, writing
from readmodel.sessions import begin_session, end_session
from web.context import Context, WebContext
from web.pages.forms import read_fields
from web.pages.frame import page, speaking, start_of
from web.rate import spend_turn
from web.signin.viewer import AnyStaff, ViewerIfAny, cookie_name, secure

router = APIRouter(include_in_schema=False)

Next = Annotated[str, Query(max_length=2000)]


@router.get("/sign-in")
def sign_in(request: Request, context: Context, viewer: ViewerIfAny, next: Next = "") -> Response:
    if viewer is not None:
        return RedirectResponse(here_only(next) or start_of(viewer.role), 303)
    return _form(request, context, next)


@router.post("/sign-in")
async def signed_in(request: Request, context: Context) -> Response:
    form = await read_fields(request, context)
    email, next = form.get("email", "").strip()[:254], form.get("next", "")
    spend_turn(request, context, "sign-in")
    user = await run_in_threadpool(_user, context, email, form.get("password", "")[:1000])
    if user is None:
        wrong = speaking(request, context).say("wrong", "signin")
        return _form(request, context, next, email=email, wrong=wrong, status=422)
    return await run_in_threadpool(let_in, context, user, next)


@router.post("/sign-out")
async def sign_out(request: Request, context: Context, viewer: AnyStaff) -> Response:
    await read_fields(request, context, viewer)
    await run_in_threadpool(_end, context, viewer.session)
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(cookie_name(context), secure=secure(context), httponly=True, samesite="lax")
    return response


def let_in(context: WebContext, user: User, next: str, *, demonstration: bool = False) -> Response:
    """Begins a session, and leads to where the user wanted to go."""
    with writing(context.database) as session:
        secret = begin_session(session, user, context.now(), demonstration=demonstration)
    response = RedirectResponse(here_only(next) or start_of(user.mandate.role), 303)
    response.set_cookie(cookie_name(context), secret, secure=secure(context), httponly=True, samesite="lax")
    return response


def here_only(address: str) -> str:
    """The address if it leads to a page of ours, else nothing: nobody is sent elsewhere after signing in."""
    safe = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if safe and not address.startswith("/sign-") else ""


def _form(
    request: Request, context: WebContext, next: str, *, email: str = "", wrong: str = "", status: int = 200
) -> Response:
    return page(
        request,
        context,
        "signin/sign_in.html",
        area="signin",
        status=status,
        next=here_only(next),
        email=email,
        wrong=wrong,
    )


def _user(context: WebContext, email: str, password: str) -> User | None:
    with reading(context.database) as session:
        return password_fits(session, email, password)


def _end(context: WebContext, hash: str) -> None:
    with writing(context.database) as session:
        end_session(session, hash)
