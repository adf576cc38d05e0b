"""The letters of the city for its administrator: which left and which did not, what each says, and examples of all."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from readmodel import outbox
from readmodel.correspondence.examples import EXAMPLES, RESIDENTS, example
from readmodel.correspondence.meeting_examples import MEETING_EXAMPLES, meeting_example
from readmodel.correspondence.of_webhooks import WEBHOOK_EXAMPLES, webhook_example
from readmodel.correspondence.overview import (
    TROUBLED,
    ReadLetter,
    Wanted,
    counts,
    failed_ids,
    list_letters,
    read_letter,
)
from readmodel.correspondence.rendering import Text, render
from readmodel.database import reading, writing
from readmodel.letters import LetterKind, LetterStatus
from web.context import Context, WebContext
from web.headers import POLICY
from web.links import links_of
from web.pages.admin.frame import Administrator, admin_page
from web.pages.cases.recipients import recipient
from web.pages.forms import read_fields
from web.pages.frame import speaking
from web.pages.languages import language
from web.problems import not_found
from web.signin.viewer import Viewer

router = APIRouter(include_in_schema=False)

A_PAGE = 50
ROLES = ("follower", "department", "head", "manager", "leadership", "webhook")
FRAMING = {"content-security-policy": f"{POLICY}; frame-src 'self'"}
AS_MAIL = "; ".join(("default-src 'none'", "style-src 'unsafe-inline'", "frame-ancestors 'self'", "sandbox"))
"""A letter brings its styles inline, as mail must; it can load and run nothing, and no other site can frame it."""


@router.get("/admin/letters")
def letters(
    request: Request,
    context: Context,
    viewer: Administrator,
    status: str = "",
    kind: str = "",
    to: Annotated[str, Query(max_length=200)] = "",
    before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
    resent: Annotated[int | None, Query(ge=0, le=10_000)] = None,
) -> Response:
    wanted = Wanted(
        LetterStatus(status) if status in set(LetterStatus) else None,
        LetterKind(kind) if kind in set(LetterKind) else None,
        to or None,
    )
    with reading(context.database) as session:
        found, more = list_letters(session, wanted, A_PAGE, before)
        troubled = counts(session)
    chosen = {name: value for name, value in (("status", status), ("kind", kind), ("to", to)) if value}
    reader = speaking(request, context, viewer)
    return admin_page(
        request,
        context,
        "letters/list.html",
        viewer,
        area="letters",
        found=found,
        troubled=troubled,
        statuses=list(LetterStatus),
        troubles=TROUBLED,
        kinds=list(LetterKind),
        roles=ROLES,
        wanted={"status": status, "kind": kind, "to": to},
        older=f"?{urlencode({**chosen, 'before': more})}" if more is not None else None,
        newest=f"?{urlencode(chosen)}" if before is not None else None,
        resent=resent,
        recipient=lambda letter: recipient(context, reader, letter.recipient),
    )


@router.post("/admin/letters/resend")
async def resend(request: Request, context: Context, viewer: Administrator) -> Response:
    """One letter that failed, or all that did."""
    form = await read_fields(request, context, viewer)
    one = form.get("letter", "")
    ids = [int(one[:15])] if one.isdecimal() else None
    resent = await run_in_threadpool(_resend, context, ids)
    return RedirectResponse(f"/admin/letters?status=waiting&resent={resent}", 303)


@router.get("/admin/letters/examples")
@router.get("/admin/letters/examples/{name}")
def examples(
    request: Request, context: Context, viewer: Administrator, name: str = EXAMPLES[0], written: str = ""
) -> Response:
    """Every kind of letter in every language; `written` is the letter's language, apart from that of the page."""
    code = _written(context, request, viewer, written)
    return admin_page(
        request,
        context,
        "letters/examples.html",
        viewer,
        area="letters",
        headers=FRAMING,
        names=(*EXAMPLES, *MEETING_EXAMPLES, *WEBHOOK_EXAMPLES),
        name=name,
        written=code,
        offered=[language(c) for c in context.city.languages],
        text=_example(context, code, name),
        resident=name in RESIDENTS,
    )


@router.get("/admin/letters/examples/{name}/html")
def example_html(request: Request, context: Context, viewer: Administrator, name: str, written: str = "") -> Response:
    return _mail(_example(context, _written(context, request, viewer, written), name))


@router.get("/admin/letters/{id}")
def letter(request: Request, context: Context, viewer: Administrator, id: int) -> Response:
    found = _read(context, id)
    reader = speaking(request, context, viewer)
    return admin_page(
        request,
        context,
        "letters/letter.html",
        viewer,
        area="letters",
        headers=FRAMING,
        found=found,
        letter=found.letter,
        failed=found.letter.status is LetterStatus.FAILED,
        recipient=recipient(context, reader, found.letter.recipient),
        local=context.local,
    )


@router.get("/admin/letters/{id}/html")
def letter_html(context: Context, viewer: Administrator, id: int) -> Response:
    return _mail(_read(context, id).text)


def _mail(text: Text) -> Response:
    return HTMLResponse(text.html, headers={"content-security-policy": AS_MAIL})


def _read(context: WebContext, id: int) -> ReadLetter:
    with reading(context.database) as session:
        found = read_letter(session, context.city, links_of(context), id) if 0 < id < 2**53 else None
    if found is None:
        raise not_found("There is no such letter.")
    return found


def _resend(context: WebContext, ids: list[int] | None) -> int:
    with writing(context.database) as session:
        return outbox.send_again(session, ids if ids is not None else failed_ids(session), context.now())


def _example(context: WebContext, code: str, name: str) -> Text:
    if name in MEETING_EXAMPLES:
        return render([meeting_example(context.city, code, name)])
    if name in WEBHOOK_EXAMPLES:
        return render([webhook_example(context.city, code)])
    if name not in EXAMPLES:
        raise not_found("There is no such letter.")
    return render([example(context.city, code, name)])


def _written(context: WebContext, request: Request, viewer: Viewer, asked: str) -> str:
    return asked if asked in context.city.languages else speaking(request, context, viewer).code
