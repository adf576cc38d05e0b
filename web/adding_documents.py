"""Adding documents to a project, by form or by program."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from domain.actor import Actor
from domain.case import Case
from domain.projects.authority import manages, refers
from domain.words import CaseId
from readmodel.case_detail import case_state
from readmodel.database import reading, writing
from readmodel.documents import MOST_OF_A_CASE, DocumentId, NewDocument, TooManyDocuments, put_documents
from web.context import WebContext
from web.documents import at_fault
from web.problems import not_found
from web.sight import sight_of


def adds(actor: Actor, case: Case) -> bool:
    """Whether the actor may add documents: those who refer the project, and the managers whom it concerns."""
    project = case.project
    return project is not None and not case.closed and (refers(actor, project) or manages(actor, project))


def check(context: WebContext, actor: Actor, case_id: CaseId) -> None:
    """Raises Problem 404 for whoever may not add any."""
    with reading(context.database) as session:
        _check(session, actor, case_id)


def add_documents(
    context: WebContext, actor: Actor, case_id: CaseId, documents: Sequence[NewDocument], *, public: bool = True
) -> tuple[DocumentId, ...]:
    """Kept when this returns; the same content once. Raises Problem 404 for whoever may not add any."""
    with writing(context.database) as session:
        _check(session, actor, case_id)
        try:
            return put_documents(session, case_id, documents, actor, context.now(), public=public)
        except TooManyDocuments:
            raise at_fault("too_many", f"A project holds at most {MOST_OF_A_CASE} documents.") from None


def _check(session: Session, actor: Actor, case_id: CaseId) -> None:
    found = case_state(session, case_id, sight_of(actor))
    if found is None or not adds(actor, found[0]):
        raise not_found("There is no project to which you may add documents.")
