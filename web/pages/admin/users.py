"""The people of the staff: adding them, changing what they are for, and shutting them out."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from readmodel.accounts import add_user
from readmodel.database import reading, writing
from readmodel.passwords import one_time_password
from readmodel.sessions import end_sessions_of
from readmodel.staff import (
    LastAdministrator,
    Member,
    change_user,
    disable_user,
    enable_user,
    list_staff,
    member,
    set_password,
)
from web.context import Context, WebContext
from web.fields import email_address, one_line
from web.pages.admin.frame import Administrator, admin_page
from web.pages.admin.mandates import ROLES, Filled, filled_in, filled_with, mandate_of
from web.pages.forms import read_fields
from web.pages.languages import language
from web.problems import not_found
from web.signin.journal import note
from web.signin.viewer import Viewer

router = APIRouter(include_in_schema=False, prefix="/admin/users")

Id = Annotated[str, Path(max_length=60)]
LONGEST_NAME = 200
SAID = ("added", "changed", "disabled", "enabled", "signed_out")
WHO: dict[str, Callable[[Member], bool]] = {
    "all": lambda _: True,
    "never": lambda m: m.signed_in_at is None and m.disabled_at is None,
    "shut": lambda m: not m.user.has_password and not m.user.by_provider and m.disabled_at is None,
    "disabled": lambda m: m.disabled_at is not None,
}


@router.get("")
def users(
    request: Request,
    context: Context,
    viewer: Administrator,
    who: str = "all",
    q: Annotated[str, Query(max_length=100)] = "",
    said: str = "",
) -> Response:
    with reading(context.database) as session:
        found = list_staff(session, context.now())
    wanted = q.strip().lower()
    who = who if who in WHO else "all"
    shown = [m for m in found if WHO[who](m) and wanted in f"{m.user.name} {m.user.email}".lower()]
    return admin_page(
        request,
        context,
        "admin/users.html",
        viewer,
        people=shown,
        all_of_them=len(found),
        who=who,
        whos=tuple(WHO),
        q=q,
        said=said if said in SAID else "",
    )


@router.get("/new")
def new_user(request: Request, context: Context, viewer: Administrator) -> Response:
    return _form(request, context, viewer, None)


@router.post("/new")
async def add(request: Request, context: Context, viewer: Administrator) -> Response:
    form = await read_fields(request, context, viewer)
    name, email = one_line(form.get("name", ""), LONGEST_NAME), form.get("email", "").strip()[:254]
    filled, code = filled_in(form), _language(context, form.get("language", ""))
    mandate = mandate_of(filled, context.city)
    wrong = mandate if isinstance(mandate, str) else "wrong_name" if not name else ""
    wrong = wrong or ("" if email_address(email) is not None else "wrong_email")
    once = one_time_password() if form.get("way") != "provider" else None

    def work(session: Session) -> str:
        assert not isinstance(mandate, str)
        user = add_user(session, email, name, mandate, None, context.now(), code)
        if once is not None:
            set_password(session, user.id, once, once_from=context.now())
        return user.id

    id = ""
    if not wrong:
        try:
            id = await run_in_threadpool(_write, context, work)
        except IntegrityError:
            wrong = "wrong_taken"
    if wrong:
        way = form.get("way", "")
        values: dict[str, Any] = {"name": name, "email": email, "filled": filled, "spoken": code, "way": way}
        return await run_in_threadpool(_form, request, context, viewer, None, wrong=wrong, status=422, **values)
    note("user added", request, viewer, account=id, role=filled.role)
    if once is None:
        return RedirectResponse("/admin/users?said=added", 303)
    return await run_in_threadpool(_once, request, context, viewer, id, once)


@router.get("/{id}")
def user(request: Request, context: Context, viewer: Administrator, id: Id, said: str = "") -> Response:
    return _form(request, context, viewer, _member(context, id), said=said if said in SAID else "")


@router.post("/{id}")
async def change(request: Request, context: Context, viewer: Administrator, id: Id) -> Response:
    form = await read_fields(request, context, viewer)
    of = await run_in_threadpool(_member, context, id)
    name, code = one_line(form.get("name", ""), LONGEST_NAME), _language(context, form.get("language", ""))
    filled = filled_in(form)
    mandate = mandate_of(filled, context.city)
    if of.user.by_provider:
        name, mandate, filled = of.user.name, of.user.mandate, filled_with(of.user.mandate)
    wrong = mandate if isinstance(mandate, str) else "wrong_name" if not name else ""

    def work(session: Session) -> None:
        assert not isinstance(mandate, str)
        change_user(session, id, name, mandate, code)

    if not wrong:
        try:
            await run_in_threadpool(_write, context, work)
        except LastAdministrator:
            wrong = "wrong_last"
    if wrong:
        values: dict[str, Any] = {"name": name, "filled": filled, "spoken": code}
        return await run_in_threadpool(_form, request, context, viewer, of, wrong=wrong, status=422, **values)
    note("user changed", request, viewer, account=id, role=filled.role)
    return RedirectResponse(f"/admin/users/{id}?said=changed", 303)


@router.post("/{id}/password")
async def new_password(request: Request, context: Context, viewer: Administrator, id: Id) -> Response:
    """A password for one time, shown now and never again."""
    await read_fields(request, context, viewer)
    await run_in_threadpool(_member, context, id)
    once = one_time_password()
    await run_in_threadpool(_write, context, lambda s: set_password(s, id, once, once_from=context.now()))
    note("password for one time", request, viewer, account=id)
    return await run_in_threadpool(_once, request, context, viewer, id, once)


@router.post("/{id}/disable")
async def disable(request: Request, context: Context, viewer: Administrator, id: Id) -> Response:
    await read_fields(request, context, viewer)
    of = await run_in_threadpool(_member, context, id)
    try:
        await run_in_threadpool(_write, context, lambda s: disable_user(s, id, context.now()))
    except LastAdministrator:
        return await run_in_threadpool(_form, request, context, viewer, of, wrong="wrong_last", status=409)
    note("user disabled", request, viewer, account=id)
    return RedirectResponse(f"/admin/users/{id}?said=disabled", 303)


@router.post("/{id}/enable")
async def enable(request: Request, context: Context, viewer: Administrator, id: Id) -> Response:
    await read_fields(request, context, viewer)
    await run_in_threadpool(_member, context, id)
    await run_in_threadpool(_write, context, lambda s: enable_user(s, id))
    note("user enabled", request, viewer, account=id)
    return RedirectResponse(f"/admin/users/{id}?said=enabled", 303)


@router.post("/{id}/sign-out")
async def sign_out_everywhere(request: Request, context: Context, viewer: Administrator, id: Id) -> Response:
    await read_fields(request, context, viewer)
    await run_in_threadpool(_member, context, id)
    await run_in_threadpool(_write, context, lambda s: end_sessions_of(s, id))
    note("user signed out everywhere", request, viewer, account=id)
    return RedirectResponse(f"/admin/users/{id}?said=signed_out", 303)


def _form(
    request: Request,
    context: WebContext,
    viewer: Viewer,
    of: Member | None,
    *,
    said: str = "",
    wrong: str = "",
    status: int = 200,
    **values: Any,
) -> Response:
    user = of.user if of is not None else None
    shown: dict[str, Any] = {
        "name": user.name if user is not None else "",
        "email": user.email if user is not None else "",
        "filled": filled_with(user.mandate) if user is not None else Filled(),
        "spoken": user.language if user is not None else None,
        "way": "",
        **values,
    }
    return admin_page(
        request,
        context,
        "admin/user.html",
        viewer,
        status=status,
        of=of,
        said=said,
        wrong=wrong,
        roles=ROLES,
        offered=[language(code) for code in context.city.languages],
        oidc=context.settings.oidc,
        **shown,
    )


def _once(request: Request, context: WebContext, viewer: Viewer, id: str, once: str) -> Response:
    return admin_page(request, context, "admin/once.html", viewer, of=_member(context, id), once=once)


def _member(context: WebContext, id: str) -> Member:
    with reading(context.database) as session:
        found = member(session, id, context.now())
    if found is None:
        raise not_found()
    return found


def _write(context: WebContext, work: Callable[[Session], Any]) -> Any:
    with writing(context.database) as session:
        return work(session)


def _language(context: WebContext, code: str) -> str | None:
    return code if code in context.city.languages else None
