"""`/figures`: how the city is doing; `/figures/by/…`: side by side; and the same as CSV."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from domain.words import Role
from readmodel.database import reading
from readmodel.tallies import GroupBy
from web.charts.drawing import PATTERNS
from web.context import Context, WebContext
from web.csv_answer import csv_answer
from web.pages.frame import page, speaking
from web.pages.leadership.answers import answers
from web.pages.leadership.asking import Asked, asked_of
from web.pages.leadership.comparison import Comparison, compare
from web.pages.leadership.course_charts import course_charts
from web.pages.leadership.filters import filters, told_period
from web.pages.leadership.key_figures import key_figures, key_table
from web.pages.leadership.measured import AREA
from web.pages.leadership.spread_charts import spread_charts
from web.pages.leadership.story import tell
from web.pages.leadership.tables import Table
from web.pages.templating import templates
from web.problems import not_found
from web.signin.viewer import Viewer, viewing

router = APIRouter(include_in_schema=False)
templates.globals["pattern_of"] = PATTERNS.get

Reviewing = Annotated[
    Viewer,
    Depends(viewing(Role.LEADERSHIP, Role.NEIGHBOURHOOD_MANAGER, Role.DEPARTMENT_HEAD, Role.ADMINISTRATOR)),
]
WHO_AND_WHERE = (GroupBy.DEPARTMENT, GroupBy.NEIGHBOURHOOD)
USUAL_ORDER = "-escalations"


@router.get("/figures")
def overview(request: Request, context: Context, viewer: Reviewing) -> Response:
    asked, today = asked_by(request, context, viewer)
    reader = speaking(request, context, viewer)
    with reading(context.database) as session:
        told = tell(session, context.city, reader, asked, today)
    return page(
        request,
        context,
        "leadership/overview.html",
        area=AREA,
        viewer=viewer,
        filters=filters(context.city, reader, asked, "/figures"),
        period=told_period(reader, asked),
        answers=answers(told),
        figures=key_figures(told),
        key_csv=asked.link("/figures.csv", table="key_figures"),
        charts=[*course_charts(told), *spread_charts(told)],
        comparisons=[(group.value, asked.of_all_work.link(f"/figures/by/{group.value}")) for group in GroupBy],
        comparable=told.comparable,
        empty=told.now.whole.empty and told.before.empty,
    )


@router.get("/figures.csv")
def overview_csv(request: Request, context: Context, viewer: Reviewing) -> Response:
    asked, today = asked_by(request, context, viewer)
    with reading(context.database) as session:
        told = tell(session, context.city, speaking(request, context, viewer), asked, today)
    tables = [key_table(told), *(chart.table for chart in (*course_charts(told), *spread_charts(told)))]
    wanted = request.query_params.get("table", "key_figures")
    found = next((table for table in tables if table.name == wanted), None)
    if found is None:
        raise not_found("There is no such table.")
    return csv_of(found)


@router.get("/figures/by/{group_by}.csv")
def comparison_csv(request: Request, context: Context, viewer: Reviewing, group_by: GroupBy) -> Response:
    return csv_of(_compared(request, context, viewer, group_by)[1].table)


@router.get("/figures/by/{group_by}")
def comparison(request: Request, context: Context, viewer: Reviewing, group_by: GroupBy) -> Response:
    asked, compared = _compared(request, context, viewer, group_by)
    reader = speaking(request, context, viewer)
    path = f"/figures/by/{group_by.value}"
    return page(
        request,
        context,
        "leadership/comparison.html",
        area=AREA,
        viewer=viewer,
        filters=filters(context.city, reader, asked, path, {"sort": request.query_params.get("sort")}, WHO_AND_WHERE),
        period=told_period(reader, asked),
        compared=compared,
        tabs=[(group, asked.link(f"/figures/by/{group.value}"), group is group_by) for group in GroupBy],
        back=asked.link("/figures"),
    )


def asked_by(request: Request, context: WebContext, viewer: Viewer) -> tuple[Asked, date]:
    today = context.local(context.now()).date()
    return asked_of(request.query_params, context.city, viewer.actor, today), today


def _compared(request: Request, context: WebContext, viewer: Viewer, group_by: GroupBy) -> tuple[Asked, Comparison]:
    asked = asked_by(request, context, viewer)[0].of_all_work
    reader = speaking(request, context, viewer)
    order = request.query_params.get("sort") or USUAL_ORDER
    with reading(context.database) as session:
        return asked, compare(session, context.city, context.places, reader, asked, group_by, order)


def csv_of(table: Table) -> Response:
    return csv_answer(
        table.name.replace("_", "-"),
        [head.key for head in table.heads],
        [[cell.value for cell in row] for row in table.rows],
    )
