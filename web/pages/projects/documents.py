"""Documents of a project: added by those who refer it, read by all who may read it."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from domain.actor import Actor
from domain.case import Case
from domain.projects.authority import manages, refers
from domain.words import CaseId
from readmodel.case_detail import case_state
from readmodel.database import reading, writing
from readmodel.documents import NewDocument, TooManyDocuments, document, put_documents
from web.context import Context, WebContext
from web.documents import MOST_FILES, at_fault, given_out, read_documents
from web.pages.forms import read_form
from web.pages.frame import Told, speaking
from web.pages.projects.refer_form import told
from web.problems import Problem, not_found
from web.sight import sees_texts, sight_of
from web.signin.viewer import AnyStaff, Viewer

router = APIRouter(include_in_schema=False)


def adds(actor: Actor, case: Case) -> bool:
    """Whether the actor may add documents to this project."""
    project = case.project
    return project is not None and not case.closed and (refers(actor, project) or manages(actor, project))


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
        await run_in_threadpool(_add, context, viewer, CaseId(str(project_id)), documents)
    except Problem as problem:
        if problem.status != 422:
            raise
        why = told(reader, {error.field: error.detail for error in problem.errors})
        raise Told(422, "invalid", " ".join(why.values())) from None
    return RedirectResponse(f"/cases/{project_id}?said=documents.", 303)


def _add(context: WebContext, viewer: Viewer, case_id: CaseId, documents: list[NewDocument]) -> None:
    with writing(context.database) as session:
        found = case_state(session, case_id, sight_of(viewer.actor))
        if found is None or not adds(viewer.actor, found[0]):
            raise not_found()
        try:
            put_documents(session, case_id, documents, viewer.actor, context.now())
        except TooManyDocuments:
            raise at_fault("too_many", "This project holds as many documents as it can.") from None
