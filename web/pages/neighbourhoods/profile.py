"""`/neighbourhoods/{neighbourhood}`: how a neighbourhood is doing, on one page; and the same as PDF."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from readmodel.database import reading
from web.charts.drawing import NARROW, Size
from web.context import Context
from web.pages.board.asking import ADDRESS as BOARD
from web.pages.frame import speaking
from web.pages.neighbourhoods.frame import HOME, Reached, neighbourhood_page
from web.pages.neighbourhoods.hot_spots_told import hot_spots_told
from web.pages.neighbourhoods.key_figures import compared
from web.pages.neighbourhoods.marks import marked_map
from web.pages.neighbourhoods.paper import PAPER, paper
from web.pages.neighbourhoods.sentences import (
    AREA,
    compared_with,
    money_told,
    period_told,
    projects_told,
    reporters_told,
    told_first,
)
from web.pages.neighbourhoods.tables import departments_table, recurring_table, themes_table
from web.pages.neighbourhoods.trends import open_course, trends
from web.profiles import ProfileRead, read_profile
from web.signin.viewer import AnyStaff
from web.typesetting import typeset
from web.ways import WAYS

router = APIRouter(include_in_schema=False)

WIDE = Size(680, 210)


@router.get(f"{HOME}/{{neighbourhood}}")
def profile(request: Request, context: Context, viewer: AnyStaff, here: Reached) -> Response:
    reader = speaking(request, context, viewer)
    with reading(context.database) as session:
        read = read_profile(session, context, viewer.actor, here)
    return neighbourhood_page(
        request,
        context,
        "neighbourhoods/profile.html",
        viewer,
        here,
        area=AREA,
        read=read,
        board=BOARD in WAYS[viewer.role],
        period=period_told(reader, read),
        compared_with=compared_with(reader, read),
        findings=told_first(context, reader, read),
        map=marked_map(context, reader, viewer.actor, read),
        trends=trends(reader, read),
        open_course=[open_course(reader, read, size) for size in (WIDE, NARROW)],
        themes=themes_table(reader, read),
        recurring=recurring_table(context, reader, read),
        departments=departments_table(context, reader, read),
        figures=compared(reader, read),
        days_open=_days_open(read),
        credit=context.places.credit,
        hot_spots=hot_spots_told(reader, read),
        projects=projects_told(context, reader, read),
        money=money_told(reader, read),
        reporters=reporters_told(reader, read),
    )


@router.get(f"{HOME}/{{neighbourhood}}/profile.pdf")
def profile_pdf(request: Request, context: Context, viewer: AnyStaff, here: Reached) -> Response:
    reader = speaking(request, context, viewer)
    with reading(context.database) as session:
        read = read_profile(session, context, viewer.actor, here)
    made = typeset(PAPER, paper(context, reader, viewer.actor, read), read.at)
    name = f"{here.id}-{read.today.isoformat()}.pdf"
    return Response(made, media_type="application/pdf", headers={"content-disposition": f'inline; filename="{name}"'})


def _days_open(read: ProfileRead) -> int | None:
    """Of the case that is open longest."""
    longest = read.longest_open
    return None if longest is None else (read.at - longest.opened_at).days
