"""What departments are to do in structural cases, in the words of whoever planned it."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.words import AssignmentId, CaseId, Kind
from readmodel.cases import CaseItem
from readmodel.codec import case_from_json
from readmodel.schema import CASES, NOTES

Task = tuple[CaseId, AssignmentId]


def actions_of(session: Session, items: Iterable[CaseItem]) -> Mapping[Task, str]:
    """The texts of all actions of those among these cases that are structural."""
    structural = {item.case_id for item in items if item.kind is Kind.STRUCTURAL}
    if not structural:
        return {}
    states = session.execute(select(CASES.c.state).where(CASES.c.case_id.in_(structural))).scalars()
    tasks = {
        (case.case_id, one.id): one.task
        for case in map(case_from_json, states)
        for one in case.assignments
        if one.task is not None
    }
    notes = select(NOTES.c.note_id, NOTES.c.text).where(NOTES.c.note_id.in_(set(tasks.values())))
    texts = {row.note_id: row.text for row in session.execute(notes)}
    return {task: texts[note] for task, note in tasks.items() if note in texts}


def title_of(description: str) -> str:
    """A structural case is described in a line that names it, and paragraphs that follow."""
    return description.partition("\n")[0]
