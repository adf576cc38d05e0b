"""The report form."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from web.context import Context, WebContext
from web.pages.forms import read_fields
from web.pages.frame import page, speaking
from web.pages.report_form import groups, labels, read_form, values_of
from web.problems import Problem
from web.rate import spend_turn
from web.taking_in import take_in

router = APIRouter(include_in_schema=False)


@router.get("/report")
async def report_form(request: Request, context: Context) -> Response:
    return _form(request, context, {}, {})


@router.post("/report")
async def report(request: Request, context: Context) -> Response:
    reader = speaking(request, context)
    form = await read_fields(request, context)
    spend_turn(request, context)
    values = values_of(form)
    try:
        filled = read_form(values, reader.code if reader.code in context.city.languages else None)
        taken = await take_in(context, filled.sent, None, address=filled.address)
    except Problem as problem:
        if problem.status != 422:
            raise
        return _form(request, context, values, {e.field: e.detail for e in problem.errors}, 422)
    return RedirectResponse(f"/follow/{taken.accepted.token}?lang={reader.code}&said=received", 303)


def _form(
    request: Request, context: WebContext, values: Mapping[str, str], mistakes: Mapping[str, str], status: int = 200
) -> Response:
    reader = speaking(request, context)
    outside = reader.say("outside", city=context.city.name)
    told = {
        field: outside if field == "location" and values.get("lat") else reader.say(_asked(field), "mistakes")
        for field in mistakes
    }
    return page(
        request,
        context,
        "report.html",
        status=status,
        values=values_of(values),
        mistakes=told,
        labels=labels(reader),
        groups=groups(context.city, reader),
        neighbourhoods=sorted(context.city.neighbourhoods.values(), key=lambda n: n.name),
    )


def _asked(field: str) -> str:
    """A field of a report as the form calls it."""
    return field.rpartition(".")[2]
