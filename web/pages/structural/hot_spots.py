"""`/neighbourhoods/{neighbourhood}/hot-spots`: what keeps coming back, and what is done about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from babel.dates import format_date
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from domain.city import Neighbourhood
from domain.refusal import Refused
from domain.structural.opening import USUALLY
from domain.words import Kind
from readmodel.cases import CaseFilter, CaseItem, list_cases
from readmodel.database import reading
from readmodel.people import names_of
from readmodel.structural.bundles import Issue, issues
from readmodel.structural.hot_spots import HotSpot, HotSpotState, hot_spots_of, last_review
from web.charts.close_up import Circle, Spot, close_up, close_up_of
from web.charts.drawing import Drawing
from web.context import Context, WebContext
from web.pages.acting.given import why_not
from web.pages.forms import read_fields
from web.pages.frame import speaking
from web.pages.languages import Language
from web.pages.neighbourhoods.frame import HOME, Reached, neighbourhood_page
from web.pages.structural.overview import READERS
from web.problems import Problem, forbidden
from web.sight import sees_texts, sight_of
from web.signin.viewer import AnyStaff, Viewer
from web.structural import NewStructural, dismiss_hot_spot, manages, open_structural, themes

router = APIRouter(include_in_schema=False)

ADDRESS = f"{HOME}/{{neighbourhood}}/hot-spots"
AREA = "structural"
NOTHING_TYPED = dict.fromkeys(("do", "hot_spot", "key", "title", "description", "service", "theme", "every"), "")
CHOICES = (10, 20, 40, 60)
"""Working days between reviews, to choose from."""


@dataclass(frozen=True, slots=True)
class Row:
    """A hot spot in plain words."""

    spot: HotSpot
    theme: str
    says: str
    chance: str
    decided: str | None


@dataclass(frozen=True, slots=True)
class Read:
    """What the page tells; `found` are those that are open, `before` those that were decided about."""

    found: tuple[Row, ...]
    before: tuple[Row, ...]
    running: tuple[CaseItem, ...]
    ended: tuple[CaseItem, ...]
    map: Drawing | None
    reviewed_at: datetime | None
    reports: int


@router.get(ADDRESS)
def hot_spots(request: Request, context: Context, viewer: AnyStaff, here: Reached) -> Response:
    return _page(request, context, viewer, here)


@router.post(ADDRESS)
async def decide_on_one(request: Request, context: Context, viewer: AnyStaff, here: Reached) -> Response:
    """Dismisses a hot spot, or opens a structural case; leads to what came of it."""
    if not manages(viewer.actor, here.id):
        raise forbidden("This is for the manager of the neighbourhood.")
    fields = await read_fields(request, context, viewer)
    try:
        if fields.get("do") == "dismiss":
            why = fields.get("why", "").strip()
            if not why:
                raise Problem(422, "invalid", speaking(request, context, viewer).say("say_why", AREA))
            await run_in_threadpool(dismiss_hot_spot, context, fields.get("hot_spot", ""), why, viewer.actor)
            return RedirectResponse(request.url.path, 303)
        wanted = _wanted(request, context, viewer, here, fields)
        opened = await open_structural(context, wanted, viewer.actor, fields.get("key") or None)
    except (Problem, Refused) as raised:
        if isinstance(raised, Problem) and raised.status not in (409, 422):
            raise
        why = why_not(context, speaking(request, context, viewer), raised)
        status = raised.status if isinstance(raised, Problem) else 422 if raised.code == "invalid" else 409
        return await run_in_threadpool(_page, request, context, viewer, here, fields, why, status)
    return RedirectResponse(f"/cases/{opened.case.case_id}", 303)


def _wanted(
    request: Request, context: WebContext, viewer: Viewer, here: Neighbourhood, fields: Mapping[str, str]
) -> NewStructural:
    """Raises Problem 422 in the reader's words."""
    title, description = fields.get("title", "").strip(), fields.get("description", "").strip()
    days = fields.get("every", "")
    try:
        return NewStructural(
            neighbourhood=here.id,
            service=fields.get("service", ""),
            title=title,
            description=description,
            theme=fields.get("theme") or None,
            hot_spot=fields.get("hot_spot") or None,
            review_every=f"{days} working days" if days.isdecimal() else None,
        )
    except ValueError:
        raise Problem(422, "invalid", speaking(request, context, viewer).say("fill_in", AREA)) from None


def _page(
    request: Request,
    context: WebContext,
    viewer: Viewer,
    here: Neighbourhood,
    typed: Mapping[str, str] | None = None,
    wrong: str = "",
    status: int = 200,
) -> Response:
    reader = speaking(request, context, viewer)
    services = sorted(
        ((reader.of(s.name), s.code) for s in context.city.services.values() if not s.departments),
        key=lambda one: ("structural" not in one[1], one[0]),
    )
    return neighbourhood_page(
        request,
        context,
        "structural/hot_spots.html",
        viewer,
        here,
        area=AREA,
        status=status,
        read=_read(context, reader, viewer, here),
        may=manages(viewer.actor, here.id),
        overviews=viewer.role in READERS,
        typed={**NOTHING_TYPED, **(typed or {})},
        wrong=wrong,
        services=services or [(reader.of(s.name), s.code) for s in context.city.services.values()],
        themes=sorted((reader.named(theme, "themes"), theme) for theme in themes(context.city)),
        choices=CHOICES,
        usually=USUALLY.days,
        key=lambda: str(uuid4()),
        texts=sees_texts(viewer.actor),
    )


def _read(context: WebContext, reader: Language, viewer: Viewer, here: Neighbourhood) -> Read:
    now, sight = context.now(), sight_of(viewer.actor)
    with reading(context.database) as session:
        known = hot_spots_of(session, here.id)
        review = last_review(session)
        names = names_of(session, {one.decided_by for one in known if one.decided_by is not None})
        wanted = CaseFilter(neighbourhood=here.id, kind=Kind.STRUCTURAL)
        cases = list_cases(session, now, wanted, sight).items
        still_open = {id for one in known if one.state is HotSpotState.OPEN for id in one.found.cases}
        reports = issues(session, still_open, sight)
    rows = [_row(context, reader, one, names) for one in known]
    found = tuple(row for row in rows if row.spot.state is HotSpotState.OPEN)
    return Read(
        found=found,
        before=tuple(row for row in rows if row.spot.state in (HotSpotState.TAKEN_UP, HotSpotState.DISMISSED)),
        running=tuple(one for one in cases if one.closed_at is None),
        ended=tuple(one for one in cases if one.closed_at is not None),
        map=_map(context, reader, here, found, reports),
        reviewed_at=context.local(review.at) if review is not None else None,
        reports=review.reports if review is not None else 0,
    )


def _row(context: WebContext, reader: Language, one: HotSpot, names: Mapping[str, str]) -> Row:
    found = one.found
    since = str(format_date(found.first_day, "d MMMM", locale=reader.locale))
    says = reader.say(
        "found",
        AREA,
        count=len(found.cases),
        metres=round(found.radius),
        since=since,
        usual=reader.number(found.expected, 1),
    )
    weeks = reader.number(round(1 / found.p))
    decided = None
    if one.decided_at is not None:
        who = names.get(one.decided_by or "")
        day = reader.day(context.local(one.decided_at))
        decided = reader.say(f"{one.state.value}_by", AREA, who=who or reader.say("a_manager", AREA), day=day)
    return Row(one, reader.named(found.theme, "themes"), says, reader.say("chance", AREA, weeks=weeks), decided)


def _map(
    context: WebContext, reader: Language, here: Neighbourhood, found: tuple[Row, ...], reports: tuple[Issue, ...]
) -> Drawing | None:
    map = close_up_of(context.places, here.id)
    if map is None or not found:
        return None
    circles = [
        Circle(r.spot.found.lat, r.spot.found.lon, r.spot.found.radius, f"{r.theme}: {r.says}", f"#spot-{r.spot.id}")
        for r in found
    ]
    spots = [
        Spot(one.lat, one.lon, 0, False, one.number, f"/cases/{one.case_id}" if one.within else None)
        for one in reports
        if one.lat is not None and one.lon is not None
    ]
    return close_up(map, reader.say("hot_map", AREA, name=here.name), "", spots, circles)
