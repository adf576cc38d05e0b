"""`/structural`: every structural case within the reader's sight, how far it is, and what it changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from domain.recurrence import Recurrence
from domain.words import Role
from readmodel.database import reading
from readmodel.structural.overview import Tackled, structural_cases
from web.context import Context, WebContext
from web.pages.frame import page, speaking
from web.pages.languages import Language
from web.pages.structural.effect_told import in_short, verdict
from web.sight import sees_texts, sight_of
from web.signin.viewer import Viewer, viewing

router = APIRouter(include_in_schema=False)

READERS = (Role.LEADERSHIP, Role.NEIGHBOURHOOD_MANAGER, Role.ADMINISTRATOR)
Following = Annotated[Viewer, Depends(viewing(*READERS))]
MOODS = {"less": "good", "more": "late", "open": ""}


@dataclass(frozen=True, slots=True)
class Row:
    """A structural case in the reader's words; times are local."""

    told: Tackled
    title: str
    neighbourhood: str
    theme: str
    review_at: datetime
    late: bool
    """Nobody looked at the plan though it was to be looked at by now."""
    seen: Recurrence | None
    ratio: str | None
    """Beside the rest of the city, with its interval."""
    verdict: str | None
    mood: str
    telling_from: datetime | None
    """When something can be told, where it is too early."""


@router.get("/structural")
def structural(request: Request, context: Context, viewer: Following) -> Response:
    reader, now = speaking(request, context, viewer), context.now()
    with reading(context.database) as session:
        found = structural_cases(session, sight_of(viewer.actor), now)
    rows = [_row(context, reader, one, now, texts=sees_texts(viewer.actor)) for one in found]
    return page(
        request,
        context,
        "structural/overview.html",
        area="structural",
        viewer=viewer,
        running=[row for row in rows if not row.told.case.closed],
        ended=[row for row in rows if row.told.case.closed],
    )


def _row(context: WebContext, reader: Language, one: Tackled, now: datetime, *, texts: bool) -> Row:
    case, structure, effect = one.case, one.structure, one.effect
    there = context.city.neighbourhoods.get(case.neighbourhood)
    seen = effect.recurrence if effect is not None else None
    ratio = seen.beside_the_city if seen is not None else None
    said = verdict(seen) if seen is not None else None
    return Row(
        one,
        one.title if texts else "",
        there.name if there is not None else case.neighbourhood,
        reader.named(structure.theme, "themes"),
        context.local(structure.review_at),
        structure.review_by is not None and structure.review_by < now,
        seen,
        in_short(reader, ratio) if ratio is not None else None,
        said,
        MOODS[said] if said is not None else "",
        context.local(effect.telling_from) if effect is not None and seen is None else None,
    )
