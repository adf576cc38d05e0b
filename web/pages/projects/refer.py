"""Referring a project by form: what is wrong with it is told, and what was typed stays."""

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from domain.refusal import Refused
from domain.words import CaseId, Role
from readmodel.database import writing
from readmodel.documents import MOST, NewDocument, put_documents
from web.bodies import read_json
from web.context import Context, WebContext
from web.documents import MOST_FILES, read_documents
from web.new_case import NEW_CASE, NewCase
from web.pages.acting.given import led_to
from web.pages.forms import read_form
from web.pages.frame import page, speaking
from web.pages.languages import Language
from web.pages.projects.listing import REFERRING
from web.pages.projects.looking_ahead import Ahead, looked_ahead
from web.pages.projects.refer_form import MEGABYTES, Filled, blank, field_of, filled_in, labels, told, usual_service
from web.pages.refusals import explained
from web.problems import Problem, problem_of
from web.signin.viewer import Viewer, viewing
from web.taking_in import Taken, take_in

log = logging.getLogger("aanjager.web")

router = APIRouter(include_in_schema=False)

Referring = Annotated[Viewer, Depends(viewing(*REFERRING))]
CHOOSING = frozenset({Role.NEIGHBOURHOOD_MANAGER, Role.ADMINISTRATOR})
"""Whoever says for which department a project is referred."""


@router.get("/projects/new")
def new(request: Request, context: Context, viewer: Referring) -> Response:
    return _form(request, context, viewer, blank(usual_service(context.city)))


@router.post("/projects/new")
async def refer(request: Request, context: Context, viewer: Referring) -> Response:
    form = await read_form(request, context, viewer, max_files=MOST_FILES)
    filled, key = filled_in(form), _key(form.get("key"))
    reader = speaking(request, context, viewer)
    try:
        documents = await read_documents(form)
        sent = read_json(NEW_CASE, json.dumps(filled.body()).encode())
        if form.get("do") == "look":
            ahead = await run_in_threadpool(looked_ahead, context, reader, viewer.actor, sent)
            return await run_in_threadpool(_form, request, context, viewer, filled, key=key, looked=ahead)
        taken = await _once(context, viewer, sent, key)
        public = not filled.values["internal"]
        await run_in_threadpool(_keep, context, viewer, taken.accepted.case_id, documents, public)
    except (Problem, Refused) as raised:
        if isinstance(raised, Problem) and raised.status != 422:
            raise
        mistakes = _mistakes(context, reader, raised)
        return await run_in_threadpool(_form, request, context, viewer, filled, mistakes=mistakes, key=key)
    except (DBAPIError, PoolTimeout) as error:
        if problem_of(error).status != 503:
            raise
        log.error("a project could not be kept: %s", type(error).__name__)
        return await run_in_threadpool(_form, request, context, viewer, filled, key=key, unkept=True)
    return RedirectResponse(led_to(f"/cases/{taken.accepted.case_id}", "referred", taken.accepted.number), 303)


async def _once(context: WebContext, viewer: Viewer, sent: NewCase, key: str) -> Taken:
    """A form that is sent twice is one project; one that was changed and sent again is another."""
    try:
        return await take_in(context, sent, viewer.actor, f"form:{key}")
    except Problem as problem:
        if problem.code != "conflict":
            raise
        return await take_in(context, sent, viewer.actor)


def _keep(context: WebContext, viewer: Viewer, case_id: CaseId, documents: Sequence[NewDocument], public: bool) -> None:
    """A form that is sent twice brings each document once."""
    with writing(context.database) as session:
        put_documents(session, case_id, documents, viewer.actor, context.now(), public=public)


def _mistakes(context: WebContext, reader: Language, raised: Problem | Refused) -> dict[str, str]:
    """What is wrong with each field, in the reader's language."""
    if isinstance(raised, Refused):
        return {field_of(raised.field or "") or "other": explained(context, reader, raised)}
    return told(reader, {error.field: error.detail for error in raised.errors} or {"other": raised.detail})


def _form(
    request: Request,
    context: WebContext,
    viewer: Viewer,
    filled: Filled,
    *,
    mistakes: Mapping[str, str] | None = None,
    key: str | None = None,
    looked: Ahead | None = None,
    unkept: bool = False,
) -> Response:
    """`unkept`: it may not have been kept; sent again, it is the same one."""
    reader, city = speaking(request, context, viewer), context.city
    departments = sorted(((id, reader.of(d.name)) for id, d in city.departments.items()), key=lambda d: d[1].casefold())
    values: dict[str, Any] = {
        "values": filled.values,
        "chosen": filled.chosen,
        "mistakes": mistakes or {},
        "labels": labels(reader),
        "key": key or str(uuid4()),
        "looked": looked,
        "unkept": unkept,
        "neighbourhoods": sorted(city.neighbourhoods.values(), key=lambda n: n.name.casefold()),
        "departments": [d for d in departments if d[0] != viewer.actor.department],
        "every_department": departments,
        "chooses_department": viewer.role in CHOOSING,
        "services": sorted(
            ((s.code, reader.of(s.name)) for s in city.services.values()), key=lambda s: s[1].casefold()
        ),
        "today": context.local(context.now()).date(),
        "most_documents": MOST,
        "megabytes": MEGABYTES,
    }
    status = 503 if unkept else 422 if mistakes else 200
    return page(request, context, "projects/new.html", area="refer", viewer=viewer, status=status, **values)


def _key(sent: object) -> str:
    """Of this form, once it is shown; made up where none came."""
    return sent if isinstance(sent, str) and 0 < len(sent) <= 64 and sent.isprintable() else str(uuid4())
