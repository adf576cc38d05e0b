"""What the page of a structural case shows: its issues and their places, its plan, its reviews, and what it changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.case import Assignment
from domain.structural.state import Structure
from domain.words import DepartmentId
from readmodel.case_detail import CaseDetail
from readmodel.structural.bundles import Issue
from readmodel.structural.effect import Effect, area_of, effect_of
from readmodel.structural.joining import might_join
from web.charts.close_up import Circle, Spot, close_up, close_up_of
from web.charts.drawing import Drawing
from web.context import WebContext
from web.pages.acting.acts import Act
from web.pages.languages import Language
from web.pages.structural.effect_told import Told, told
from web.sight import sees_texts, sight_of
from web.signin.viewer import Viewer

AREA = "structural"


@dataclass(frozen=True, slots=True)
class Action:
    """An action of the plan; times are local."""

    place: int
    task: Assignment
    text: str | None
    department: str
    by: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class StructuralPart:
    title: str | None
    text: str | None
    structure: Structure
    theme: str
    every: int | None
    """Working days between reviews."""
    actions: tuple[Action, ...]
    reviews: tuple[tuple[datetime, str | None], ...]
    review_at: datetime
    review_by: datetime | None
    issues: tuple[tuple[Issue, str], ...]
    """Each with the name of its service, and so are the next."""
    free: tuple[tuple[Issue, str], ...]
    """Those that may be part of it, for whoever may bundle them."""
    map: Drawing | None
    effect: Effect | None
    told: Told | None


def structural_part(
    context: WebContext,
    session: Session,
    reader: Language,
    viewer: Viewer,
    detail: CaseDetail,
    offered: Sequence[Act],
    now: datetime,
) -> StructuralPart | None:
    """None for any other case; `offered`: what the viewer may do with it."""
    case, structure = detail.case, detail.case.structure
    if structure is None:
        return None
    texts = sees_texts(viewer.actor)
    notes = {id: note.text for id, note in detail.notes.items()} if texts else {}
    title, _, rest = detail.item.description.partition("\n\n") if texts else ("", "", "")
    effect, area = effect_of(session, case, now), area_of(session, case)
    bundles = any(one.command == "bundle" and one.refused is None for one in offered)
    free = might_join(session, case, area, sight_of(viewer.actor)) if bundles else ()
    every = structure.review_every
    return StructuralPart(
        title=title or None,
        text=rest or None,
        structure=structure,
        theme=reader.named(structure.theme, "themes"),
        every=getattr(every, "days", None),
        actions=tuple(
            Action(
                place,
                task,
                notes.get(task.task) if task.task is not None else None,
                _department(context, reader, task.department),
                context.local(task.resolve_by),
                task.live and task.resolve_by < now,
            )
            for place, task in enumerate(case.assignments, start=1)
        ),
        reviews=tuple((context.local(r.at), notes.get(r.note)) for r in reversed(structure.reviews)),
        review_at=context.local(structure.review_at),
        review_by=context.local(structure.review_by) if structure.review_by is not None else None,
        issues=tuple((one, _service(context, reader, one)) for one in detail.issues),
        free=tuple((one, _service(context, reader, one)) for one in free),
        map=_map(context, reader, detail, area),
        effect=effect,
        told=told(reader, effect) if effect is not None else None,
    )


def _department(context: WebContext, reader: Language, id: DepartmentId) -> str:
    known = context.city.departments.get(id)
    return reader.of(known.name) if known is not None else id


def _service(context: WebContext, reader: Language, issue: Issue) -> str:
    known = context.city.services.get(issue.service)
    return reader.of(known.name) if known is not None else issue.service


def _map(
    context: WebContext, reader: Language, detail: CaseDetail, area: Sequence[tuple[float, float, float]]
) -> Drawing | None:
    map = close_up_of(context.places, detail.case.neighbourhood)
    if map is None:
        return None
    placed = [one for one in detail.issues if one.lat is not None and one.lon is not None]
    spots = [
        Spot(
            one.lat or 0.0,
            one.lon or 0.0,
            0,
            False,
            f"{_service(context, reader, one)}, {one.number}",
            f"/cases/{one.case_id}" if one.within else None,
        )
        for one in placed
    ]
    says = reader.say("map_says", AREA, count=len(placed))
    circles = [Circle(lat, lon, radius, reader.say("counted_here", AREA)) for lat, lon, radius in area]
    return close_up(map, reader.say("map_title", AREA), says, spots, circles)
