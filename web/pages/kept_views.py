"""Keeping what a list shows under a name, and dropping such a view again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from domain.refusal import Refused
from readmodel.database import writing
from readmodel.saved_views import drop_view, save_view, views_of
from web.context import Context, WebContext
from web.fields import LONGEST_LINE, one_line
from web.pages.forms import read_fields
from web.pages.frame import page, speaking
from web.pages.refusals import explained
from web.problems import STATUS_OF_REFUSAL, not_found
from web.signin.letting_in import here_only
from web.signin.viewer import AnyStaff, Viewer

router = APIRouter(include_in_schema=False)

PAGES = ("/inbox", "/cases", "/escalations")
PASSING = frozenset({"said", "lang", "cursor"})
"""What belongs to this visit, and to no view."""


@dataclass(frozen=True, slots=True)
class KeptView:
    """A view as a tab."""

    id: str
    name: str
    href: str
    here: bool


def kept_views(session: Session, viewer: Viewer, page: str, query: str) -> Sequence[KeptView]:
    """The viewer's views of this page, in alphabetical order; `query` is what is shown now."""
    return [
        KeptView(view.id, view.name, f"{page}?{view.query}", view.query == query)
        for view in views_of(session, viewer.user.id, page)
    ]


def link_to(path: str, values: Mapping[str, str], changes: Mapping[str, str | None]) -> str:
    """The address of a list with these changes; blank or None leaves a field out. A page begins at its first row."""
    lasts = {**values, **{name: value or "" for name, value in changes.items() if name != "cursor"}}
    cursor = changes.get("cursor")
    query = "&".join(filter(None, (lasting(lasts), urlencode({"cursor": cursor}) if cursor else "")))
    return f"{path}?{query}" if query else path


def lasting(params: Mapping[str, str] | Sequence[tuple[str, str]]) -> str:
    """The query string of a view, in one order, without what is empty or of this visit only."""
    pairs = params.items() if isinstance(params, Mapping) else params
    return urlencode(sorted((name, value) for name, value in pairs if value and name not in PASSING))


@router.post("/views")
async def keep(request: Request, context: Context, viewer: AnyStaff) -> Response:
    form = await read_fields(request, context, viewer)
    where, query = form.get("page", ""), lasting(parse_qsl(form.get("query", "")))
    if where not in PAGES:
        raise not_found()
    try:
        await run_in_threadpool(_keep, context, viewer, where, one_line(form.get("name", ""), LONGEST_LINE), query)
    except Refused as refused:
        why = explained(context, speaking(request, context, viewer), refused)
        status = STATUS_OF_REFUSAL[refused.code]
        return page(request, context, "problem.html", viewer=viewer, status=status, problem=why)
    return RedirectResponse(f"{where}?{query}", 303)


@router.post("/views/drop")
async def drop(request: Request, context: Context, viewer: AnyStaff) -> Response:
    form = await read_fields(request, context, viewer)
    await run_in_threadpool(_drop, context, viewer, form.get("view", ""))
    next = here_only(form.get("next", ""))
    return RedirectResponse(next if urlsplit(next).path in PAGES else PAGES[0], 303)


def _keep(context: WebContext, viewer: Viewer, where: str, name: str, query: str) -> None:
    with writing(context.database) as session:
        save_view(session, viewer.user.id, where, name, query, context.now())


def _drop(context: WebContext, viewer: Viewer, id: str) -> None:
    with writing(context.database) as session:
        drop_view(session, viewer.user.id, id)
