"""Reporting something, in two short steps: what and where; then what one sees, unless it was reported before."""

import logging
from collections.abc import Mapping, Sequence
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from domain.questions import Fault, fitting
from domain.refusal import Refused
from domain.words import CaseId, ServiceCode
from readmodel.case_detail import in_sight
from readmodel.database import reading
from readmodel.intake import NewReport
from readmodel.nearby import Nearby
from readmodel.photos import MOST, Picture
from web.alike import alike, count_in
from web.charts.neighbourhoods import MARGIN, map_of
from web.context import Context, WebContext
from web.new_case import NewCase
from web.pages.forms import read_form
from web.pages.frame import page, speaking
from web.pages.resident.report_form import (
    WHERE,
    answers_in,
    choices,
    filled_in,
    labels,
    may_be_urgent,
    placed,
    values_of,
)
from web.pages.resident.service_search import SMALL_WORDS, searched
from web.pictures import MOST_FILES, read_pictures
from web.problems import Problem, problem_of
from web.questions import given
from web.rate import spend_turn
from web.sight import sight_of
from web.signin.viewer import Viewer, ViewerIfAny
from web.taking_in import Taken, take_in

log = logging.getLogger("aanjager.web")

router = APIRouter(include_in_schema=False)

LONGEST_SEARCH = 100
Values = Mapping[str, str]
Mistakes = Mapping[str, str]


@router.get("/report")
def where(request: Request, context: Context, viewer: ViewerIfAny, what: str = "") -> Response:
    values = values_of(request.query_params)
    return _where(request, context, viewer, values, {}, what=what.strip()[:LONGEST_SEARCH])


@router.post("/report/where")
async def where_again(request: Request, context: Context, viewer: ViewerIfAny) -> Response:
    """Back to the first step, with all that was typed."""
    form = await read_form(request, context, viewer)
    what = form.get("what", "")
    searching = what.strip()[:LONGEST_SEARCH] if isinstance(what, str) else ""
    return _where(request, context, viewer, values_of(form), {}, what=searching)


@router.get("/report/where")
def start_again(request: Request, context: Context) -> Response:
    return RedirectResponse(f"/report?lang={speaking(request, context).code}", 303)


@router.get("/report/details")
def details(request: Request, context: Context, viewer: ViewerIfAny) -> Response:
    values = values_of(request.query_params)
    if not any(values.values()):
        return start_again(request, context)
    return _details(request, context, viewer, values)


@router.post("/report/details")
async def details_again(request: Request, context: Context, viewer: ViewerIfAny) -> Response:
    values = values_of(await read_form(request, context, viewer))
    return await run_in_threadpool(_details, request, context, viewer, values)


@router.post("/report")
async def report(request: Request, context: Context, viewer: ViewerIfAny) -> Response:
    reader = speaking(request, context, viewer)
    form = await read_form(request, context, viewer, max_files=MOST_FILES)
    if viewer is None:
        spend_turn(request, context)
    values = values_of(form)
    key = _key(form.get("key"))
    try:
        photos = await read_pictures(form)
        language = reader.code if reader.code in context.city.languages else None
        filled = filled_in(values, language, context.city.services.get(ServiceCode(values["service"])))
        if not form.get("seen"):
            before = await run_in_threadpool(alike, context, placed(context, values))
            if before:
                return await run_in_threadpool(_details, request, context, viewer, values, before)
        taken = await _once(context, filled.sent, viewer, key, filled.address, photos)
    except Problem as problem:
        if problem.status != 422:
            raise
        mistakes = {e.field: e.detail for e in problem.errors}
        return await run_in_threadpool(_mistaken, request, context, viewer, values, mistakes)
    except (DBAPIError, PoolTimeout) as error:
        if problem_of(error).status != 503:
            raise
        log.error("a report could not be kept: %s", type(error).__name__)
        return await run_in_threadpool(_details, request, context, viewer, values, (), unkept=key)
    token = taken.accepted.token if taken.open_link else ""
    return await run_in_threadpool(_on, context, viewer, taken.accepted.case_id, token, f"{reader.code}&said=received")


@router.post("/report/join")
async def join(request: Request, context: Context, viewer: ViewerIfAny) -> Response:
    """ "Yes, that is it": counted in for a case that was offered, which must be near what was chosen."""
    reader = speaking(request, context, viewer)
    form = await read_form(request, context, viewer)
    if viewer is None:
        spend_turn(request, context)
    values = values_of(form)
    try:
        before = await run_in_threadpool(alike, context, placed(context, values))
    except Problem as problem:
        mistakes = {e.field: e.detail for e in problem.errors}
        return await run_in_threadpool(_mistaken, request, context, viewer, values, mistakes)
    chosen = next((one.case_id for one in before if one.case_id == form.get("case")), None)
    if chosen is None:
        return await run_in_threadpool(_details, request, context, viewer, values, before, gone=True)
    try:
        follower = await count_in(context, chosen, _key(form.get("key")), reader.code)
    except Refused:
        return await run_in_threadpool(_details, request, context, viewer, values, gone=True)
    return await run_in_threadpool(_on, context, viewer, chosen, follower.token, f"{reader.code}&said=counted")


def _on(context: WebContext, viewer: Viewer | None, case_id: CaseId, token: str, lang: str) -> Response:
    """To the case, for staff who may see it; to the page by which it is followed, for all others."""
    if viewer is not None:
        with reading(context.database) as session:
            if in_sight(session, case_id, sight_of(viewer.actor)):
                return RedirectResponse(f"/cases/{case_id}?lang={lang}", 303)
    return RedirectResponse(f"/follow/{token}?lang={lang}" if token else "/", 303)


async def _once(
    context: WebContext, sent: NewCase, viewer: Viewer | None, key: str, address: str | None, photos: Sequence[Picture]
) -> Taken:
    """A form that is sent twice is one report; one that was changed and sent again is another."""
    actor = viewer.actor if viewer is not None else None
    try:
        return await take_in(context, sent, actor, f"form:{key}", address, photos)
    except Problem as problem:
        if problem.code != "conflict":
            raise
        return await take_in(context, sent, actor, None, address, photos)


def _mistaken(
    request: Request, context: WebContext, viewer: Viewer | None, values: Values, mistakes: Mistakes
) -> Response:
    """The step with the mistake, and all that was typed."""
    if {_asked(field) for field in mistakes} & {*WHERE, "location"}:
        return _where(request, context, viewer, values, mistakes)
    return _details(request, context, viewer, values, mistakes=mistakes)


def _where(
    request: Request, context: WebContext, viewer: Viewer | None, values: Values, mistakes: Mistakes, what: str = ""
) -> Response:
    reader = speaking(request, context, viewer)
    return page(
        request,
        context,
        "report.html",
        viewer=viewer,
        status=422 if mistakes else 200,
        values=values,
        carried={field: value for field, value in values.items() if value and field not in WHERE},
        what=what,
        mistakes=_told(request, context, viewer, values, mistakes),
        labels=labels(reader),
        choices=choices(context.city, reader, what),
        words=searched,
        small_words=" ".join(sorted(SMALL_WORDS)),
        neighbourhoods=sorted(context.city.neighbourhoods.values(), key=lambda n: n.name),
        map=map_of(context.places),
        margin=MARGIN,
    )


def _details(
    request: Request,
    context: WebContext,
    viewer: Viewer | None,
    values: Values,
    before: Sequence[Nearby] | None = None,
    mistakes: Mistakes = {},  # noqa: B006 - it is only read
    *,
    gone: bool = False,
    unkept: str | None = None,
) -> Response:
    """`unkept` is the key of a form whose report may not have been kept: sent again, it is the same one."""
    try:
        report = placed(context, values)
    except Problem as problem:
        return _where(request, context, viewer, values, {e.field: e.detail for e in problem.errors})
    reader = speaking(request, context, viewer)
    if before is None:
        before = alike(context, report) if not mistakes else ()
    service = context.city.services[report.service]
    return page(
        request,
        context,
        "report_details.html",
        viewer=viewer,
        status=503 if unkept is not None else 422 if mistakes else 200,
        values={**values, "language": values["language"] or reader.code},
        chosen={field: values[field] for field in WHERE if values[field]},
        service=reader.of(service.name),
        place=_place(context, report, values),
        urgency=may_be_urgent(service, viewer is not None),
        before=before,
        gone=gone,
        unkept=unkept,
        names={code: reader.of(one.name) for code, one in context.city.services.items()},
        mistakes=_told(request, context, viewer, values, mistakes),
        labels=labels(reader, service),
        questions=service.questions,
        answers=given(service, {code: [value] for code, value in answers_in(values, service).items()}),
        most_photos=MOST,
        once=uuid4,
    )


def _place(context: WebContext, report: NewReport, values: Values) -> str:
    neighbourhood = context.city.neighbourhoods[report.neighbourhood].name
    return f"{values['address']}, {neighbourhood}" if values["address"] else neighbourhood


def _told(
    request: Request, context: WebContext, viewer: Viewer | None, values: Values, mistakes: Mistakes
) -> dict[str, str]:
    """What is wrong with each field, in the reader's language."""
    reader = speaking(request, context, viewer)
    outside = reader.say("outside", city=context.city.name)
    faults = _faults(context, values)
    told = {}
    for field, detail in mistakes.items():
        if field == "location" and values["lat"]:
            told[field] = outside
        elif field == "photos":
            told[field] = reader.say(f"photos_{detail}", "mistakes", most=MOST)
        elif field in faults:
            told[field] = reader.say(faults[field], "answer_mistakes")
        else:
            told[field] = reader.say(_asked(field), "mistakes")
    return told


def _faults(context: WebContext, values: Values) -> dict[str, Fault]:
    """What is wrong with the answers to the service's questions, by field."""
    service = context.city.services.get(ServiceCode(values["service"]))
    if service is None:
        return {}
    said = given(service, {code: [value] for code, value in answers_in(values, service).items()})
    return {f"attributes.{code}": fault for code, fault in fitting(service.questions, said, context.zone)[1].items()}


def _asked(field: str) -> str:
    """A field of a report as the form calls it."""
    return field.rpartition(".")[2]


def _key(sent: object) -> str:
    """Of this form, once it is shown; made up where none came."""
    return sent if isinstance(sent, str) and 0 < len(sent) <= 64 and sent.isprintable() else str(uuid4())
