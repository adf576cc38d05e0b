"""One's own account: the password, the language, and where one is signed in."""

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from readmodel.database import reading, writing
from readmodel.passwords import SHORTEST, weakness
from readmodel.sessions import end_sessions_of, places_of
from readmodel.staff import choose_language, password_is, set_password
from web.context import Context, WebContext
from web.pages.forms import read_fields
from web.pages.frame import LANGUAGE, page
from web.pages.languages import language
from web.problems import invalid
from web.rate import Rate, too_many
from web.signin.journal import note
from web.signin.letting_in import let_in
from web.signin.viewer import AnyStaff, Known, Viewer

router = APIRouter(include_in_schema=False, prefix="/account")

SAID = ("language", "elsewhere", "password")


@router.get("")
def account(request: Request, context: Context, viewer: Known, said: str = "") -> Response:
    return _shown(request, context, viewer, said=said if said in SAID else "")


@router.post("/password")
async def change_password(request: Request, context: Context, viewer: Known) -> Response:
    """The new one holds at once; every other browser is signed out, and this one gets a new session."""
    form = await read_fields(request, context, viewer)
    rate: Rate = request.app.state.password_rate
    if seconds := rate.wait(viewer.user.email, context.now()):
        raise too_many("Too many attempts", seconds)
    new = form.get("new", "")
    wrong = await run_in_threadpool(_change, context, viewer, form.get("now", "")[:1000], new, form.get("again", ""))
    if wrong is not None:
        note("password not changed", request, viewer, because=wrong)
        return await run_in_threadpool(_shown, request, context, viewer, wrong=wrong, status=422)
    rate.forgive(viewer.user.email)
    note("password changed", request, viewer)
    return await run_in_threadpool(_let_in_anew, request, context, viewer)


@router.post("/language")
async def change_language(request: Request, context: Context, viewer: AnyStaff) -> Response:
    form = await read_fields(request, context, viewer)
    code = form.get("language", "")
    if code not in context.city.languages:
        raise invalid("language", "is not a language of this city")
    await run_in_threadpool(_speak, context, viewer, code)
    response = RedirectResponse("/account?said=language", 303)
    response.delete_cookie(LANGUAGE)
    return response


@router.post("/elsewhere")
async def end_elsewhere(request: Request, context: Context, viewer: AnyStaff) -> Response:
    await read_fields(request, context, viewer)
    await run_in_threadpool(_end_elsewhere, context, viewer)
    note("signed out elsewhere", request, viewer)
    return RedirectResponse("/account?said=elsewhere", 303)


def _shown(
    request: Request, context: WebContext, viewer: Viewer, *, said: str = "", wrong: str = "", status: int = 200
) -> Response:
    with reading(context.database) as session:
        places = places_of(session, viewer.user.id, context.now())
    return page(
        request,
        context,
        "account/account.html",
        area="account",
        viewer=viewer,
        status=status,
        said=said,
        wrong=wrong,
        places=places,
        spoken=[language(code) for code in context.city.languages],
        shortest=SHORTEST,
    )


def _change(context: WebContext, viewer: Viewer, now: str, new: str, again: str) -> str | None:
    """Why not, if it was not changed."""
    user = viewer.user
    if not user.has_password:
        return "none"
    if new != again:
        return "differ"
    if (weak := weakness(new, user.email)) is not None:
        return weak
    with writing(context.database) as session:
        if not password_is(session, user.id, now):
            return "now"
        if now == new:
            return "same"
        set_password(session, user.id, new)
    return None


def _let_in_anew(request: Request, context: WebContext, viewer: Viewer) -> Response:
    user = replace(viewer.user, must_choose=False)
    return let_in(request, context, user, "/account?said=password")


def _speak(context: WebContext, viewer: Viewer, code: str) -> None:
    with writing(context.database) as session:
        choose_language(session, viewer.user.id, code)


def _end_elsewhere(context: WebContext, viewer: Viewer) -> None:
    with writing(context.database) as session:
        end_sessions_of(session, viewer.user.id, other_than=viewer.session)
