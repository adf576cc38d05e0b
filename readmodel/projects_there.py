"""The projects that touch a neighbourhood and are not over, as far as someone may know of them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.words import CaseId, DepartmentId, NeighbourhoodId
from readmodel.codec import case_from_json
from readmodel.parties import Party
from readmodel.schema import CASE_PARTIES, CASES, NOTES
from readmodel.sight import EVERYTHING, Sight, reached

MOST = 20


@dataclass(frozen=True, slots=True)
class ProjectThere:
    """One of them; `title` is a text that not everyone reads."""

    case_id: CaseId
    number: str
    title: str
    referred_by: DepartmentId
    decided_on: date


def projects_there(
    session: Session, neighbourhood: NeighbourhoodId, sight: Sight = EVERYTHING
) -> tuple[ProjectThere, ...]:
    """Those that are decided on first in front; at most `MOST`."""
    touching = select(CASE_PARTIES.c.case_id).where(
        CASE_PARTIES.c.kind == Party.NEIGHBOURHOOD.value, CASE_PARTIES.c.party == neighbourhood
    )
    query = (
        select(CASES.c.case_id, CASES.c.number, CASES.c.state)
        .where(CASES.c.closed_at.is_(None), CASES.c.case_id.in_(touching), *reached(session, sight, CASES))
        .order_by(CASES.c.case_id)
    )
    told = [(row, case_from_json(row.state).project) for row in session.connection().execute(query)]
    projects = sorted(
        ((row, project) for row, project in told if project is not None),
        key=lambda pair: (pair[1].decided_on, pair[0].number),
    )[:MOST]
    titles = select(NOTES.c.note_id, NOTES.c.text).where(NOTES.c.note_id.in_([p.title for _, p in projects]))
    texts = {row.note_id: row.text for row in session.connection().execute(titles)}
    return tuple(
        ProjectThere(
            CaseId(row.case_id), row.number, texts.get(project.title, ""), project.referred_by, project.decided_on
        )
        for row, project in projects
    )
