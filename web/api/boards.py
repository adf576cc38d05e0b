"""`/escalations` and `/throughput`: what asks for attention, and how the city is doing."""

from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from domain.actor import Actor
from domain.buckets import Bucket
from domain.words import DepartmentId, EscalationReason, NeighbourhoodId, Role
from readmodel.database import reading
from readmodel.escalations import EscalationFilter, list_escalations
from readmodel.escalations import EscalationItem as Item
from readmodel.returning import Reporters, reporters_by_group
from readmodel.tallies import GroupBy
from readmodel.throughput import throughput
from web.api.answers import problems, shown
from web.api.bearer import SignedIn, only
from web.api.queries import Cursor, Limit, Named
from web.context import Context, WebContext, maybe
from web.problems import invalid
from web.sight import figures_scope, sight_of
from web.times import start_of_day
from web.views import EscalationItem, EscalationPage, Throughput, ThroughputItem

router = APIRouter(tags=["follow-up"])

YEAR = timedelta(days=365)

Reviewing = Annotated[
    Actor,
    Depends(only(Role.LEADERSHIP, Role.NEIGHBOURHOOD_MANAGER, Role.DEPARTMENT_HEAD, Role.ADMINISTRATOR)),
]


@router.get(
    "/escalations", summary="List escalations", response_model=EscalationPage, responses=problems(401, 422, 503)
)
def escalations(
    context: Context,
    actor: SignedIn,
    open: bool | None = None,
    department: Named = None,
    neighbourhood: Named = None,
    reason: EscalationReason | None = None,
    level: Annotated[int | None, Query(ge=1, le=100)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Of the cases within one's sight, the latest first."""
    wanted = EscalationFilter(
        open=open,
        department=DepartmentId(department) if department is not None else None,
        neighbourhood=NeighbourhoodId(neighbourhood) if neighbourhood is not None else None,
        reason=reason,
        level=level,
    )
    with reading(context.database) as session:
        page = list_escalations(session, wanted, sight_of(actor), limit, cursor)
    return shown(EscalationPage(items=tuple(_item(context, i) for i in page.items), next_cursor=page.next_cursor))


@router.get("/throughput", summary="Figures", response_model=Throughput, responses=problems(401, 403, 422, 503))
def figures(
    context: Context,
    actor: Reviewing,
    start: Annotated[date | None, Query(alias="from", description="The first day; a year ago where absent")] = None,
    end: Annotated[date | None, Query(alias="to", description="The last day; today where absent")] = None,
    bucket: Bucket = Bucket.MONTH,
    group_by: GroupBy = GroupBy.DEPARTMENT,
) -> Response:
    """Whole buckets in the city's time zone: all that have a day from the first to the last.

    A head of department sees their own department, a neighbourhood manager their own neighbourhoods.
    """
    first, last = days_asked(context, start, end)
    scope = figures_scope(actor)
    with reading(context.database) as session:
        items = throughput(session, first, last, bucket, group_by, scope.departments, scope.neighbourhoods)
        who = {
            day: reporters_by_group(session, *_moments(context, bucket, day), group_by, scope)
            for day in dict.fromkeys(item.bucket for item in items)
        }
    told = ({**i.as_json(), **_reporters(who[i.bucket].get(i.group))} for i in items)
    return shown(Throughput(items=tuple(map(ThroughputItem.model_validate, told))))


def days_asked(context: WebContext, start: date | None, end: date | None) -> tuple[date, date]:
    """The first day and the last; the last year where nothing else is asked. Raises Problem (422)."""
    today = context.local(context.now()).date()
    last = min(end or today, date(2100, 1, 1))
    first = start if start is not None else last - YEAR
    if first > last:
        raise invalid("from", "must not be after to")
    if first.year < 1970:
        raise invalid("from", "must not be before 1970")
    return first, last


def _moments(context: WebContext, bucket: Bucket, day: date) -> tuple[datetime, datetime]:
    """From when until when, exclusive, the bucket that begins on this day lasts."""
    return start_of_day(day, context.zone), start_of_day(bucket.last(day) + timedelta(days=1), context.zone)


def _reporters(found: Reporters | None) -> dict[str, object]:
    told = found or Reporters()
    return {"reporters": told.people, "returning_reporters": told.returning, "returning_share": told.share}


def _item(context: WebContext, item: Item) -> EscalationItem:
    return EscalationItem(
        case_id=item.case_id,
        number=item.number,
        service=item.service,
        neighbourhood=item.neighbourhood,
        department=item.department,
        escalation=item.escalation,
        assignment=item.assignment,
        reason=item.reason,
        level=item.level,
        to=item.to,
        raised_at=context.local(item.raised_at),
        acknowledged_at=maybe(context, item.acknowledged_at),
        cleared_at=maybe(context, item.cleared_at),
        cause=item.cause,
    )
