"""`/cases/{case_id}/documents`: the documents about a project."""

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from domain.words import CaseId
from readmodel.case_detail import in_sight
from readmodel.database import reading
from readmodel.documents import document, documents_of
from web.adding_documents import add_documents, check
from web.api.answers import problems, shown
from web.api.bearer import SignedIn
from web.api.cases import CaseIdInPath
from web.api.ids import IdInPath
from web.context import Context, WebContext
from web.documents import FIELD, JPEG, MOST_FILES, PDF, at_fault, given_out, read_documents
from web.pages.forms import form_of
from web.problems import Problem, invalid, not_found
from web.project_view import documents_shown
from web.project_views import DocumentShown, DocumentsKept
from web.sight import sees_texts, sight_of

router = APIRouter(prefix="/cases/{case_id}/documents", tags=["cases"])

_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [FIELD],
                    "properties": {
                        FIELD: {"type": "array", "items": {"type": "string", "format": "binary"}},
                        "public": {"type": "string", "enum": ["true", "false"], "default": "false"},
                    },
                }
            }
        },
    }
}


@router.post(
    "",
    summary="Add documents",
    status_code=201,
    response_model=DocumentsKept,
    responses=problems(401, 404, 413, 415, 422, 503),
    openapi_extra=_FORM,
)
async def add(request: Request, context: Context, actor: SignedIn, case_id: CaseIdInPath) -> Response:
    """PDF files and pictures, told by what is in them; the same content is kept once.

    By those who refer the project, and the managers whom it concerns. `public`: residents who are asked read them, too.
    """
    await run_in_threadpool(check, context, actor, case_id)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "multipart/form-data":
        raise Problem(415, "unsupported_media_type", "Send a form with files: multipart/form-data.")
    form = await _form(request)
    documents = await read_documents(form)
    public = _public(form)
    if not documents:
        raise at_fault("none", "Send at least one document.")
    ids = await run_in_threadpool(add_documents, context, actor, case_id, documents, public=public)
    kept = await run_in_threadpool(_kept, context, case_id)
    return shown(DocumentsKept(items=tuple(one for one in kept if one.document in ids)), 201)


@router.get(
    "/{document_id}",
    summary="Read a document",
    response_class=Response,
    responses={200: {"content": {PDF: {}, JPEG: {}}}, **problems(401, 404, 503)},
)
def read(context: Context, actor: SignedIn, case_id: CaseIdInPath, document_id: IdInPath) -> Response:
    """As `documents` of its project name it. Not for leadership, which sees no texts."""
    with reading(context.database) as session:
        known = sees_texts(actor) and in_sight(session, case_id, sight_of(actor))
        found = document(session, case_id, document_id) if known else None
    if found is None:
        raise not_found("There is no such document.")
    return given_out(found)


async def _form(request: Request) -> FormData:
    """Raises Problem 422 for what is no form, or has too many parts."""
    try:
        return await form_of(request, MOST_FILES)
    except HTTPException as unreadable:
        raise Problem(422, "malformed", f"{unreadable.detail.rstrip('.')}.") from None
    except Problem as unreadable:
        if unreadable.status != 400:
            raise
        raise Problem(422, unreadable.code, unreadable.detail) from None


def _public(form: FormData) -> bool:
    said = form.get("public", "false")
    if said not in ("true", "false"):
        raise invalid("public", "must be true or false")
    return said == "true"


def _kept(context: WebContext, case_id: CaseId) -> tuple[DocumentShown, ...]:
    with reading(context.database) as session:
        return documents_shown(context, case_id, documents_of(session, case_id))
