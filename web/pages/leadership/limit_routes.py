"""`/figures/limits`: what holds follow-up back; and the same as CSV."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from readmodel.database import reading
from readmodel.tallies import GroupBy
from web.context import Context, WebContext
from web.pages.frame import page, speaking
from web.pages.leadership.filters import filters, told_period
from web.pages.leadership.limit_answers import limit_answers
from web.pages.leadership.limit_charts import limit_charts
from web.pages.leadership.limits import Limits, by_of, tell_limits
from web.pages.leadership.measured import AREA
from web.pages.leadership.routes import Reviewing, asked_by, csv_of
from web.problems import not_found
from web.signin.viewer import Viewer

router = APIRouter(include_in_schema=False)

PATH = "/figures/limits"


@router.get(PATH)
def limits(request: Request, context: Context, viewer: Reviewing) -> Response:
    told = _told(request, context, viewer)
    asked, reader = told.asked, told.reader
    return page(
        request,
        context,
        "leadership/limits.html",
        area=AREA,
        viewer=viewer,
        filters=filters(context.city, reader, asked, PATH, {"by": told.by.value}),
        period=told_period(reader, asked),
        answers=limit_answers(told),
        charts=limit_charts(told),
        tabs=[(group, f"{asked.link(PATH, by=group.value)}#groups", group is told.by) for group in GroupBy],
        comparable=bool(told.before),
        empty=not told.now,
        back=asked.link("/figures"),
    )


@router.get(f"{PATH}.csv")
def limits_csv(request: Request, context: Context, viewer: Reviewing) -> Response:
    tables = {chart.table.name: chart.table for chart in limit_charts(_told(request, context, viewer))}
    found = tables.get(request.query_params.get("table", "causes"))
    if found is None:
        raise not_found("There is no such table.")
    return csv_of(found)


def _told(request: Request, context: WebContext, viewer: Viewer) -> Limits:
    asked = asked_by(request, context, viewer)[0]
    by = by_of(request.query_params.get("by"), asked)
    with reading(context.database) as session:
        return tell_limits(session, context, speaking(request, context, viewer), asked, by)
