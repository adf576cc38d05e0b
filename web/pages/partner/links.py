"""The links by which partners answer the tasks of a case: a manager sees what became of them, and revokes them."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from domain.words import CaseId, Role
from readmodel.action_links import links_of, revoke_links
from readmodel.case_detail import case_state
from readmodel.database import reading, writing
from web.context import Context, WebContext
from web.pages.forms import read_fields
from web.pages.frame import page
from web.problems import not_found
from web.sight import sight_of
from web.signin.viewer import Viewer, viewing

router = APIRouter(include_in_schema=False)

REVOKING = (Role.NEIGHBOURHOOD_MANAGER, Role.ADMINISTRATOR)
MayRevoke = Annotated[Viewer, Depends(viewing(*REVOKING))]


@router.get("/cases/{case_id}/links")
def links(request: Request, context: Context, viewer: MayRevoke, case_id: str) -> Response:
    number = _number(context, viewer, case_id)
    with reading(context.database) as session:
        found = links_of(session, case_id)
    now = context.now()
    still_open = [link for link in found if link.used_at is None and link.revoked_at is None and link.expires_at > now]
    return page(
        request,
        context,
        "task/links.html",
        area="task_links",
        viewer=viewer,
        number=number,
        case_id=case_id,
        links=found,
        still_open=still_open,
        departments=context.city.departments,
        done=request.query_params.get("said") == "revoked",
        local=context.local,
    )


@router.post("/cases/{case_id}/links/revoke")
async def revoke(request: Request, context: Context, viewer: MayRevoke, case_id: str) -> Response:
    await read_fields(request, context, viewer)
    await run_in_threadpool(_revoke, context, viewer, case_id)
    return RedirectResponse(f"/cases/{quote(case_id, safe='')}/links?said=revoked", 303)


def _revoke(context: WebContext, viewer: Viewer, case_id: str) -> None:
    _number(context, viewer, case_id)
    with writing(context.database) as session:
        revoke_links(session, case_id, viewer.actor.id, context.now())


def _number(context: WebContext, viewer: Viewer, case_id: str) -> str:
    """Raises Problem 404 for what one may not know of."""
    with reading(context.database) as session:
        found = case_state(session, CaseId(case_id), sight_of(viewer.actor))
    if found is None:
        raise not_found("There is no such case.")
    return found[0].number
