"""Access for programs: which tokens there are, and making and revoking them."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from readmodel.accounts import Mandate, create_token, list_tokens, revoke_token
from readmodel.database import reading, writing
from web.context import Context, WebContext
from web.fields import one_line
from web.pages.admin.frame import Administrator, admin_page
from web.pages.admin.mandates import ROLES_OF_TOKENS, Filled, filled_in, mandate_of
from web.pages.forms import read_fields
from web.signin.journal import note
from web.signin.viewer import Viewer

router = APIRouter(include_in_schema=False, prefix="/admin/tokens")

LONGEST_LABEL = 200
Id = Annotated[str, Path(max_length=60)]


@router.get("")
def tokens(request: Request, context: Context, viewer: Administrator, said: str = "") -> Response:
    return _shown(request, context, viewer, said="revoked" if said == "revoked" else "")


@router.post("")
async def create(request: Request, context: Context, viewer: Administrator) -> Response:
    """The token stands on the page that answers, and never again."""
    form = await read_fields(request, context, viewer)
    label, filled = one_line(form.get("label", ""), LONGEST_LABEL), filled_in(form)
    mandate = mandate_of(filled, context.city, ROLES_OF_TOKENS)
    wrong = mandate if isinstance(mandate, str) else "wrong_label" if not label else ""
    if wrong or isinstance(mandate, str):
        values: dict[str, Any] = {"wrong": wrong, "label": label, "filled": filled, "status": 422}
        return await run_in_threadpool(_shown, request, context, viewer, **values)
    token = await run_in_threadpool(_create, context, mandate, label)
    note("token created", request, viewer, label=label, role=mandate.role.value)
    return await run_in_threadpool(_shown, request, context, viewer, token=token)


@router.post("/{id}/revoke")
async def revoke(request: Request, context: Context, viewer: Administrator, id: Id) -> Response:
    await read_fields(request, context, viewer)
    if await run_in_threadpool(_revoke, context, id):
        note("token revoked", request, viewer, token=id)
    return RedirectResponse("/admin/tokens?said=revoked", 303)


def _shown(
    request: Request,
    context: WebContext,
    viewer: Viewer,
    *,
    said: str = "",
    wrong: str = "",
    token: str = "",
    label: str = "",
    filled: Filled | None = None,
    status: int = 200,
) -> Response:
    with reading(context.database) as session:
        found = list_tokens(session)
    values: dict[str, Any] = {"said": said, "wrong": wrong, "token": token, "label": label}
    return admin_page(
        request,
        context,
        "admin/tokens.html",
        viewer,
        status=status,
        found=found,
        filled=filled or Filled(),
        roles=ROLES_OF_TOKENS,
        **values,
    )


def _create(context: WebContext, mandate: Mandate, label: str) -> str:
    with writing(context.database) as session:
        return create_token(session, mandate, context.now(), label)


def _revoke(context: WebContext, id: str) -> bool:
    with writing(context.database) as session:
        return revoke_token(session, id, context.now())
