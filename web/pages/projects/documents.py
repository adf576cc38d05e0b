"""Documents of a project: added by those who refer it, read by all who may read it."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from domain.words import CaseId
from readmodel.case_detail import case_state
from readmodel.database import reading
from readmodel.documents import document
from web.adding_documents import add_documents
from web.context import Context
from web.documents import MOST_FILES, given_out, read_documents
from web.pages.forms import read_form
from web.pages.frame import Told, speaking
from web.pages.projects.refer_form import told
from web.problems import Problem, not_found
from web.sight import sees_texts, sight_of
from web.signin.viewer import AnyStaff

router = APIRouter(include_in_schema=False)


@router.get("/projects/{project_id:uuid}/documents/{document_id}")
def read(context: Context, viewer: AnyStaff, project_id: UUID, document_id: str) -> Response:
    """Raises Problem 404 also for those who read no texts."""
    with reading(context.database) as session:
        found = case_state(session, CaseId(str(project_id)), sight_of(viewer.actor))
        kept = document(session, CaseId(str(project_id)), document_id) if found is not None else None
    if kept is None or not sees_texts(viewer.actor):
        raise not_found("There is no such document.")
    return given_out(kept)


@router.post("/projects/{project_id:uuid}/documents")
async def add(request: Request, context: Context, viewer: AnyStaff, project_id: UUID) -> Response:
    form = await read_form(request, context, viewer, max_files=MOST_FILES)
    reader = speaking(request, context, viewer)
    try:
        documents = await read_documents(form)
        public = form.get("internal") != "yes"
        await run_in_threadpool(
            partial(add_documents, context, viewer.actor, CaseId(str(project_id)), documents, public=public)
        )
    except Problem as problem:
        if problem.status != 422:
            raise
        why = told(reader, {error.field: error.detail for error in problem.errors})
        raise Told(422, "invalid", " ".join(why.values())) from None
    return RedirectResponse(f"/cases/{project_id}?said=documents.", 303)
