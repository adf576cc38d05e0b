"""The link that whoever follows a report gives to others who see the same."""

from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from domain.case import Case
from domain.refusal import Refused
from readmodel.case_detail import case_named, case_state
from readmodel.database import reading
from web.alike import count_in, shared_number
from web.context import Context, WebContext
from web.fields import email_address
from web.pages.forms import read_fields
from web.pages.frame import page, speaking
from web.pages.resident.status import status_of
from web.problems import not_found
from web.rate import spend_turn

router = APIRouter(include_in_schema=False)


@router.get("/support/{signed}")
def ask(request: Request, context: Context, signed: str) -> Response:
    return _ask(request, context, signed)


@router.post("/support/{signed}")
async def support(request: Request, context: Context, signed: str) -> Response:
    reader = speaking(request, context)
    form = await read_fields(request, context)
    spend_turn(request, context)
    case = await run_in_threadpool(_case, context, signed)
    typed = form.get("email", "").strip()
    email = email_address(typed)
    if typed and email is None:
        return await run_in_threadpool(_ask, request, context, signed, 422, typed)
    key = form.get("key", "")[:64] or str(uuid4())
    language = reader.code if reader.code in context.city.languages else context.city.languages[0]
    try:
        follower = await count_in(context, case.case_id, key, language, email)
    except Refused:
        return await run_in_threadpool(_ask, request, context, signed, 409)
    return RedirectResponse(f"/follow/{follower.token}?lang={reader.code}&said=counted", 303)


def _ask(request: Request, context: WebContext, signed: str, status: int = 200, typed: str = "") -> Response:
    """`typed` is what stood where an address should."""
    reader = speaking(request, context)
    case = _case(context, signed)
    service = context.city.services.get(case.service)
    neighbourhood = context.city.neighbourhoods.get(case.neighbourhood)
    return page(
        request,
        context,
        "support.html",
        status=status,
        signed=signed,
        case=case,
        service=reader.of(service.name) if service is not None else case.service,
        neighbourhood=neighbourhood.name if neighbourhood is not None else case.neighbourhood,
        standing=status_of(context, reader, case),
        key=uuid4(),
        typed=typed,
    )


def _case(context: WebContext, signed: str) -> Case:
    """Raises Problem 404."""
    number = shared_number(context, signed)
    found = None
    if number is not None:
        with reading(context.database) as session:
            name = case_named(session, number)
            found = case_state(session, name.case_id) if name is not None else None
    if found is None:
        raise not_found("This link leads nowhere; it may be incomplete.")
    case, _ = found
    return case
