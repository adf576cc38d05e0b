"""Signing in with a password, and out again."""

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from readmodel.accounts import User, user_by_email
from readmodel.accounts import sign_in as password_fits
from readmodel.database import reading
from web.context import Context, WebContext
from web.pages.access.demonstration import offered_people
from web.pages.forms import read_fields
from web.pages.frame import page, speaking
from web.rate import Rate, spend_turn
from web.signin.journal import note
from web.signin.letting_in import here_only, let_in, let_out
from web.signin.viewer import Known, ViewerIfAny
from web.ways import start_of

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
def sign_in(request: Request, context: Context, viewer: ViewerIfAny, next: str = "") -> Response:
    if viewer is not None:
        return RedirectResponse(here_only(next) or start_of(viewer.role), 303)
    return _form(request, context, next)


@router.post("/sign-in")
async def signed_in(request: Request, context: Context) -> Response:
    form = await read_fields(request, context)
    email, next = form.get("email", "").strip()[:254], form.get("next", "")
    spend_turn(request, context, "sign-in")
    rate: Rate = request.app.state.password_rate
    say = speaking(request, context).say
    if seconds := rate.wait(email.lower(), context.now()):
        note("too many passwords", request)
        wait = {"Retry-After": str(seconds)}
        wrong = say("wait", "signin", seconds=seconds)
        return await run_in_threadpool(_form, request, context, next, email, wrong, 429, wait)
    user, about = await run_in_threadpool(_user, context, email, form.get("password", "")[:1000])
    if user is None:
        note("sign-in failed", request, account=about)
        return await run_in_threadpool(_form, request, context, next, email, say("wrong", "signin"), 422)
    rate.forgive(email.lower())
    note("signed in", request, account=user.id, way="password")
    return await run_in_threadpool(let_in, request, context, user, next)


@router.post("/sign-out")
async def sign_out(request: Request, context: Context, viewer: Known) -> Response:
    await read_fields(request, context, viewer)
    note("signed out", request, viewer)
    there = "/sign-in/oidc/out" if viewer.by_provider and context.settings.oidc else "/sign-in"
    return await run_in_threadpool(let_out, context, viewer.session, there)


def _form(
    request: Request,
    context: WebContext,
    next: str,
    email: str = "",
    wrong: str = "",
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    return page(
        request,
        context,
        "signin/sign_in.html",
        area="signin",
        status=status,
        headers=headers,
        next=here_only(next),
        email=email,
        wrong=wrong,
        oidc=context.settings.oidc,
        people=offered_people(request, context),
    )


def _user(context: WebContext, email: str, password: str) -> tuple[User | None, str | None]:
    """The user, and the account that was tried, if there is one."""
    with reading(context.database) as session:
        user = password_fits(session, email, password, context.now())
        tried = user or user_by_email(session, email)
    return user, tried.id if tried is not None else None
