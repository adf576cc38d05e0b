"""No more letters about a report, or letters again: by the link in a letter, or a mailbox's own button (RFC 8058)."""

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from readmodel.case_detail import case_state
from readmodel.database import reading, writing
from readmodel.followers import Contact, by_id
from readmodel.letters import FollowerRole
from readmodel.silence import is_silenced, silence, write_again
from web.commanding import be_asked
from web.context import Context, WebContext
from web.links import links_of
from web.pages.forms import form_of
from web.pages.frame import page
from web.problems import not_found

router = APIRouter(include_in_schema=False)


@router.get("/silence/{signed}")
def ask(request: Request, context: Context, signed: str) -> Response:
    """Nothing changes yet: mail scanners open every link."""
    return _page(request, context, signed)


@router.post("/silence/{signed}")
async def change(request: Request, context: Context, signed: str) -> Response:
    """The address itself is the proof: a mailbox's button comes from no page of ours, and cannot be redirected."""
    form = await form_of(request)
    again = form.get("letters") == "again"
    follower = await run_in_threadpool(_change, context, signed, again)
    if follower.role is FollowerRole.SUPPORTER:
        await be_asked(context, follower.case_id, follower.id, again)
    return await run_in_threadpool(_page, request, context, signed, changed=True)


def _change(context: WebContext, signed: str, again: bool) -> Contact:
    follower = _follower(context, signed)
    with writing(context.database) as session:
        contact = by_id(session, follower)
        if contact is None:
            raise not_found("This link leads nowhere; it may be incomplete.")
        if again:
            write_again(session, follower)
        else:
            silence(session, follower, context.now())
    return contact


def _page(request: Request, context: WebContext, signed: str, *, changed: bool = False) -> Response:
    follower = _follower(context, signed)
    with reading(context.database) as session:
        contact = by_id(session, follower)
        found = case_state(session, contact.case_id) if contact is not None else None
        silenced = is_silenced(session, follower)
    if found is None:
        raise not_found("This link leads nowhere; it may be incomplete.")
    return page(
        request,
        context,
        "letters/silence.html",
        area="silence",
        number=found[0].number,
        signed=signed,
        silenced=silenced,
        changed=changed,
    )


def _follower(context: WebContext, signed: str) -> str:
    follower = links_of(context).follower_of(signed)
    if follower is None:
        raise not_found("This link leads nowhere; it may be incomplete.")
    return follower
