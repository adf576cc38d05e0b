"""What was promised about projects, and the cases in which it is followed up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from domain.actor import Actor
from domain.city import City
from domain.words import (
    CaseId,
    CommitmentId,
    DepartmentId,
    Kind,
    NeighbourhoodId,
    NoteId,
    Outcome,
    Role,
    ServiceCode,
    Stage,
)
from readmodel.intake import Accepted, NewReport, RulesFor, accept
from readmodel.notes import get_note
from readmodel.origin import COMMITMENT
from readmodel.schema import CASES, COMMITMENTS


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """A commitment, and how its case stands; there is none for a moment."""

    commitment: CommitmentId
    made_at: datetime
    case_id: CaseId | None
    number: str | None
    stage: Stage | None
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class Promised:
    """Where a case comes from that follows a commitment up."""

    case_id: CaseId
    """The project."""
    number: str
    commitment: CommitmentId


def commitments_of(session: Session, case_id: CaseId) -> tuple[FollowedUp, ...]:
    """Of a project, in the order in which they were made."""
    query = (
        select(COMMITMENTS, CASES.c.number, CASES.c.stage, CASES.c.outcome)
        .outerjoin(CASES, CASES.c.case_id == COMMITMENTS.c.opened)
        .where(COMMITMENTS.c.case_id == case_id)
        .order_by(COMMITMENTS.c.seq)
    )
    return tuple(
        FollowedUp(
            CommitmentId(row.commitment),
            row.made_at,
            CaseId(row.opened) if row.opened is not None else None,
            row.number,
            Stage(row.stage) if row.stage is not None else None,
            Outcome(row.outcome) if row.outcome is not None else None,
        )
        for row in session.connection().execute(query)
    )


def promised_in(session: Session, case_id: CaseId) -> Promised | None:
    """None of a case that follows no commitment up."""
    query = (
        select(COMMITMENTS.c.case_id, COMMITMENTS.c.commitment, CASES.c.number)
        .join(CASES, CASES.c.case_id == COMMITMENTS.c.case_id)
        .where(COMMITMENTS.c.opened == case_id)
    )
    row = session.connection().execute(query).first()
    return Promised(CaseId(row.case_id), row.number, CommitmentId(row.commitment)) if row is not None else None


def to_open(session: Session, limit: int, of: CaseId | None = None) -> list[tuple[CaseId, CommitmentId]]:
    """Commitments that are no case yet, oldest first; perhaps those of one project only."""
    query = select(COMMITMENTS.c.case_id, COMMITMENTS.c.commitment).where(COMMITMENTS.c.opened.is_(None))
    if of is not None:
        query = query.where(COMMITMENTS.c.case_id == of)
    rows = session.connection().execute(query.order_by(COMMITMENTS.c.made_at).limit(limit))
    return [(CaseId(row.case_id), CommitmentId(row.commitment)) for row in rows]


def open_commitment(
    session: Session, city: City, rules_for: RulesFor, project: CaseId, commitment: CommitmentId, now: datetime
) -> Accepted | None:
    """The case of the commitment, opened now unless it was; None where the city's files know its place no more.

    The same commitment gives the same case, whoever opens it and however often.
    """
    connection = session.connection()
    its = (COMMITMENTS.c.case_id == project, COMMITMENTS.c.commitment == commitment)
    row = connection.execute(select(COMMITMENTS).where(*its)).one()
    if row.service not in city.services or row.neighbourhood not in city.neighbourhoods:
        return None
    note = get_note(session, NoteId(row.note_id))
    accepted = accept(session, city, rules_for, _report(row, note.text if note is not None else ""), now)
    connection.execute(update(COMMITMENTS).where(*its).values(opened=accepted.case_id))
    return accepted


def _report(row: Row[tuple[object, ...]], description: str) -> NewReport:
    departments: Sequence[str] = row.departments
    by = None
    if row.by_role is not None:
        by = Actor(Role(row.by_role), row.by_id, DepartmentId(row.by_department) if row.by_department else None)
    return NewReport(
        kind=Kind.ISSUE,
        service=ServiceCode(row.service),
        neighbourhood=NeighbourhoodId(row.neighbourhood),
        description=description,
        by=by,
        source=COMMITMENT,
        source_ref=row.note_id,
        departments=tuple(DepartmentId(d) for d in departments),
    )
