"""`/neighbourhoods`: those within the reader's reach, on the map and in a table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from domain.city import Neighbourhood
from domain.words import NeighbourhoodId, Tier
from readmodel.database import reading
from readmodel.neighbourhoods import Standing, standing
from web.charts.choropleth import choropleth
from web.charts.drawing import Drawing
from web.charts.neighbourhoods import map_of
from web.context import Context, WebContext
from web.pages.frame import page, speaking
from web.pages.languages import Language
from web.pages.neighbourhoods.frame import HOME
from web.pages.structural.overview import READERS
from web.reach import reach_of
from web.sight import sight_of
from web.signin.viewer import AnyStaff

router = APIRouter(include_in_schema=False)

Row = tuple[Neighbourhood, Standing]
NOTHING = Standing()
ORDERS: Mapping[str, Callable[[Row], int]] = {
    "name": lambda row: 0,
    "open": lambda row: -row[1].open,
    "overdue": lambda row: -row[1].overdue,
    "stuck": lambda row: -row[1].stuck,
}
"""By name among equals."""


@dataclass(frozen=True, slots=True)
class Head:
    """A heading by which the table can be put in order."""

    name: str
    href: str
    here: bool


@router.get(HOME)
def neighbourhoods(request: Request, context: Context, viewer: AnyStaff) -> Response:
    """An order that makes no sense is the order by name."""
    reader = speaking(request, context, viewer)
    wanted = request.query_params.get("sort", "")
    order = wanted if wanted in ORDERS else "name"
    now = context.now()
    with reading(context.database) as session:
        within = reach_of(session, context.city, viewer.actor, context.local(now).date())
        found = standing(session, now, sight_of(viewer.actor))
    rows = sorted(((one, found.get(one.id, NOTHING)) for one in within), key=ORDERS[order])
    return page(
        request,
        context,
        "neighbourhoods/list.html",
        area="neighbourhoods",
        viewer=viewer,
        rows=rows,
        overviews=viewer.role in READERS,
        heads=[Head(name, f"{HOME}?sort={name}", name == order) for name in ORDERS],
        map=_map(context, reader, rows) if rows else None,
        tier=Tier.ATTENTION,
    )


def _map(context: WebContext, reader: Language, rows: Sequence[Row]) -> Drawing:
    names = {one.id: one.name for one, _ in rows}
    values: dict[NeighbourhoodId, float] = {one.id: stands.open for one, stands in rows}

    return choropleth(
        map_of(context.places),
        reader.say("map_title", "neighbourhoods"),
        reader.say("map_says", "neighbourhoods"),
        values,
        lambda id: names[id] if id in names else context.city.neighbourhoods[id].name,
        reader.number,
        lambda id: f"{HOME}/{id}" if id in names else None,
        reader.say("not_yours", "neighbourhoods"),
    )
