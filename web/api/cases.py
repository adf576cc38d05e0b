"""`/cases`: taking reports in, and reading cases."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from domain.words import CaseId, DepartmentId, Kind, NeighbourhoodId, Role, ServiceCode, Stage
from readmodel.case_detail import case_detail
from readmodel.cases import CaseFilter, CaseSort, list_cases
from readmodel.database import reading
from readmodel.reporters import earlier_reports
from web.alike import duplicates
from web.api.answers import problems, shown
from web.api.bearer import ActorIfAny, SignedIn
from web.api.queries import Cursor, Limit, Named, Once, Searched
from web.bodies import described, json_body
from web.case_view import NOTHING_EARLIER, case_shown, case_summary, duplicate_shown
from web.context import Context
from web.new_case import NEW_CASE
from web.problems import forbidden, not_found
from web.rate import spend_turn
from web.sight import sees_reporter, sees_texts, sight_of
from web.taking_in import take_in
from web.views import AcceptedShown, CasePage, CaseShown, Duplicates

router = APIRouter(tags=["cases"])

_CASE_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NUMBER = re.compile(r"\d{4}(-\d{0,9})?")


def case_id_of(case_id: str) -> CaseId:
    """A dependency: the id in the path. Raises Problem 404 for what cannot be one."""
    if not _CASE_ID.fullmatch(case_id):
        raise not_found("There is no such case.")
    return CaseId(case_id)


CaseIdInPath = Annotated[CaseId, Depends(case_id_of)]


@router.post(
    "/cases",
    summary="Report something",
    status_code=201,
    response_model=AcceptedShown,
    responses={
        200: {"description": "The case there is already for this source reference or key", "model": AcceptedShown},
        **problems(401, 403, 409, 413, 415, 422, 429, 503),
    },
    openapi_extra={**described(NEW_CASE), "security": [{}]},
)
async def report(
    request: Request,
    context: Context,
    actor: ActorIfAny,
    idempotency_key: Once = None,
) -> Response:
    """Public, or with a token. From 201 on the report is kept, whatever is down."""
    if actor is not None and actor.role is Role.RESIDENT:  # an app's token, which is in everyone's telephone
        actor = None
    if actor is None:
        spend_turn(request, context)
    sent = await json_body(NEW_CASE)(request)
    taken = await take_in(context, sent, actor, idempotency_key)
    accepted = taken.accepted
    token = accepted.token if taken.open_link and accepted.token else None
    view = AcceptedShown(
        case_id=accepted.case_id,
        number=accepted.number,
        follow_url=context.follow_url(token) if token is not None else None,
        token=token,
    )
    return shown(view, 201 if accepted.fresh else 200)


@router.get("/cases", summary="List cases", response_model=CasePage, responses=problems(401, 403, 422, 503))
def cases(
    context: Context,
    actor: SignedIn,
    stage: Annotated[list[Stage], Query(description="One or several")] = [],  # noqa: B006 - FastAPI copies it
    department: Named = None,
    neighbourhood: Named = None,
    service: Named = None,
    kind: Kind | None = None,
    open: bool | None = None,
    escalated: bool | None = None,
    overdue: bool | None = None,
    q: Searched = None,
    sort: CaseSort = CaseSort.NEWEST,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Within one's sight. `q` is the beginning of a number, or words from the description or address."""
    if q is not None and not sees_texts(actor) and not _NUMBER.fullmatch(q):
        raise forbidden("Descriptions and addresses are not for leadership to search; give a case number.")
    wanted = CaseFilter(
        stages=tuple(stage) or None,
        open=open,
        department=DepartmentId(department) if department is not None else None,
        neighbourhood=NeighbourhoodId(neighbourhood) if neighbourhood is not None else None,
        service=ServiceCode(service) if service is not None else None,
        kind=kind,
        escalated=escalated,
        overdue=overdue,
        q=q,
    )
    with reading(context.database) as session:
        page = list_cases(session, context.now(), wanted, sight_of(actor), sort, limit, cursor)
    return shown(CasePage(items=tuple(case_summary(context, i) for i in page.items), next_cursor=page.next_cursor))


@router.get("/cases/{case_id}", summary="Read a case", response_model=CaseShown, responses=problems(401, 404, 503))
def case(context: Context, actor: SignedIn, case_id: CaseIdInPath) -> Response:
    """What has happened, how it stands, and what happens next by itself."""
    with reading(context.database) as session:
        detail = case_detail(session, case_id, sight_of(actor))
        if detail is None:
            raise not_found("There is no such case.")
        knows = sees_reporter(actor, detail.case)
        earlier = earlier_reports(session, case_id, sight_of(actor)) if knows else NOTHING_EARLIER
    return shown(case_shown(context, detail, actor, context.now(), earlier=earlier))


@router.get(
    "/cases/{case_id}/duplicates",
    summary="What may be the same",
    response_model=Duplicates,
    responses=problems(401, 404, 503),
)
def alike(context: Context, actor: SignedIn, case_id: CaseIdInPath) -> Response:
    """Open cases within one's sight, the likeliest first; none for a case that is closed."""
    with reading(context.database) as session:
        detail = case_detail(session, case_id, sight_of(actor))
    if detail is None:
        raise not_found("There is no such case.")
    found = duplicates(context, detail.item, actor)
    return shown(Duplicates(items=tuple(duplicate_shown(context, one) for one in found)))
