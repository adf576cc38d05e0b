"""`/inspections`: what a warden goes and looks at, on a phone in the street."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from domain.inspections.state import Found
from domain.inspections.worth import Worth
from domain.words import Role
from readmodel.database import reading
from readmodel.inspections import ToLookAt, to_look_at
from web.context import Context, WebContext
from web.pages.acting.given import done
from web.pages.frame import page, speaking
from web.pages.languages import Language
from web.pages.work.rows import beginning
from web.sight import sight_of
from web.signin.viewer import Viewer, viewing

router = APIRouter(include_in_schema=False)

INSPECTIONS = "/inspections"
A_PAGE = 30
OnTheSpot = Annotated[Viewer, Depends(viewing(Role.WARDEN, Role.NEIGHBOURHOOD_MANAGER))]


@dataclass(frozen=True, slots=True)
class Row:
    """One case, in the reader's words; times are local."""

    one: ToLookAt
    service: str
    neighbourhood: str
    beginning: str
    why: str
    due: datetime | None
    """Absent where nothing was promised, or the reason itself tells it."""
    late: bool
    command_id: str
    """The same form sent twice tells once."""


@router.get(INSPECTIONS)
def inspections(request: Request, context: Context, viewer: OnTheSpot) -> Response:
    reader, now = speaking(request, context, viewer), context.now()
    with reading(context.database) as session:
        found = to_look_at(session, context.city, now, sight_of(viewer.actor))
    return page(
        request,
        context,
        "work/inspections.html",
        area="inspections",
        viewer=viewer,
        done=done(request, reader),
        here=INSPECTIONS,
        more=max(len(found) - A_PAGE, 0),
        rows=[_row(context, reader, one, now) for one in found[:A_PAGE]],
        seen=list(Found),
    )


def _row(context: WebContext, reader: Language, one: ToLookAt, now: datetime) -> Row:
    case, due = one.case, one.look.due
    service = context.city.services.get(case.service)
    neighbourhood = context.city.neighbourhoods.get(case.neighbourhood)
    return Row(
        one=one,
        service=reader.of(service.name) if service is not None else case.service,
        neighbourhood=neighbourhood.name if neighbourhood is not None else case.neighbourhood,
        beginning=beginning(case.description),
        why=reader.say(one.look.worth, "worth", day=reader.day(context.local(one.look.since).date())),
        due=context.local(due) if due > one.look.since else None,
        late=one.look.worth is Worth.LATE or one.look.since < due < now,
        command_id=str(uuid4()),
    )
