"""A project as it comes in, and the notes that its texts become."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import NAMESPACE_URL, uuid5

from domain.actor import Actor
from domain.projects.commands import OpenParticipation
from domain.projects.referring import Referral
from domain.words import CaseId, DepartmentId, NeighbourhoodId, NoteId
from readmodel.notes import Note


@dataclass(frozen=True, slots=True)
class NewProject:
    """A project on which advice is asked; its texts become notes."""

    referred_by: DepartmentId
    neighbourhoods: tuple[NeighbourhoodId, ...]
    title: str
    question: str
    decided_on: date
    departments: tuple[DepartmentId, ...] = ()
    participation: tuple[str, datetime] | None = None
    """What residents are asked, and until when they may react."""


def referral(case_id: CaseId, project: NewProject) -> Referral:
    asked = project.participation
    return Referral(
        referred_by=project.referred_by,
        neighbourhoods=project.neighbourhoods,
        title=_note_id(case_id, "title"),
        question=_note_id(case_id, "question"),
        decided_on=project.decided_on,
        departments=project.departments,
        participation=OpenParticipation(_note_id(case_id, "round"), asked[1]) if asked is not None else None,
    )


def texts_of(case_id: CaseId, project: NewProject, by: Actor, now: datetime) -> list[Note]:
    """Residents who take part read the title, and what they are asked."""
    texts = [("title", project.title, True), ("question", project.question, False)]
    if project.participation is not None:
        texts.append(("round", project.participation[0], True))
    return [Note(_note_id(case_id, name), case_id, text, public, by.role, by.id, now) for name, text, public in texts]


def _note_id(case_id: CaseId, name: str) -> NoteId:
    return NoteId(str(uuid5(NAMESPACE_URL, f"aanjager:project:{case_id}/{name}")))


def title_note(case_id: CaseId) -> NoteId:
    """Under which the title of the project is kept."""
    return _note_id(case_id, "title")
