"""How a project begins, and who is asked for advice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.draft import Draft
from domain.projects.commands import AskAdvice, OpenParticipation
from domain.projects.events import AdviceAsked, ParticipationOpened, ProjectReferred
from domain.projects.standing import gathering, next_request, of
from domain.projects.terms import advise_by, decision
from domain.refusal import Refused
from domain.words import DepartmentId, NeighbourhoodId, NoteId


@dataclass(frozen=True, slots=True)
class Referral:
    """A project as a department refers it; the texts are notes."""

    referred_by: DepartmentId
    neighbourhoods: tuple[NeighbourhoodId, ...]
    title: NoteId
    question: NoteId
    decided_on: date
    departments: tuple[DepartmentId, ...] = ()
    """Those that are asked for advice besides the neighbourhoods' managers."""
    participation: OpenParticipation | None = None


def refer(draft: Draft, referral: Referral) -> None:
    """The managers of the neighbourhoods and the chosen departments are asked for advice. Raises Refused."""
    referred_by = draft.department(referral.referred_by, "referred_by")
    if not referral.neighbourhoods:
        raise Refused("Name at least one neighbourhood.", "invalid", "neighbourhoods", "no_neighbourhood")
    decided_at = decision(draft, referral.decided_on)
    draft.add(
        ProjectReferred(
            referred_by, referral.neighbourhoods, referral.title, referral.question, referral.decided_on, decided_at
        )
    )
    _ask(draft, referral.departments, referral.neighbourhoods)
    if referral.participation is not None:
        open_participation(draft, referral.participation)


def ask_advice(draft: Draft, command: AskAdvice) -> None:
    """Others are asked as well, each with a term of its own."""
    gathering(draft)
    if not command.departments and not command.neighbourhoods:
        raise Refused("Name a department or a neighbourhood.", "invalid", "departments", "nobody_asked")
    _ask(draft, command.departments, command.neighbourhoods)


def open_participation(draft: Draft, command: OpenParticipation) -> None:
    """Residents may react, once for each project, until some time before the decision."""
    project = gathering(draft)
    if project.participation is not None:
        raise Refused("Residents were asked before.", rule="round_before")
    until = draft.ahead(command.until, "until", "Reacting ends", "round_ends_later")
    if until >= project.decided_at:
        raise Refused(
            "Reacting ends before the decision.",
            "invalid",
            "until",
            "round_after_decision",
            {"until": project.decided_at.isoformat(timespec="seconds")},
        )
    draft.add(ParticipationOpened(command.question, until))


def _ask(draft: Draft, departments: Sequence[DepartmentId], neighbourhoods: Sequence[NeighbourhoodId]) -> None:
    project = of(draft)
    if len(set(departments)) < len(departments):
        raise Refused("Each department is named once.", "invalid", "departments", "named_twice")
    if len(set(neighbourhoods)) < len(neighbourhoods):
        raise Refused("Each neighbourhood is named once.", "invalid", "neighbourhoods", "neighbourhood_twice")
    for neighbourhood in neighbourhoods:
        if any(r.neighbourhood == neighbourhood for r in project.requests):
            raise Refused("This neighbourhood was asked before.", "invalid", "neighbourhoods", "asked_before")
        _request(draft, None, neighbourhood)
    for department in departments:
        if draft.department(department, "departments") == project.referred_by:
            raise Refused("The department refers the project itself.", "invalid", "departments", "refers_it")
        if any(r.department == department for r in project.requests):
            raise Refused("This department was asked before.", "invalid", "departments", "asked_before")
        _request(draft, department, None)


def _request(draft: Draft, department: DepartmentId | None, neighbourhood: NeighbourhoodId | None) -> None:
    project = of(draft)
    due: datetime = advise_by(draft, project.decided_at, department)
    draft.add(AdviceAsked(next_request(project), department, neighbourhood, due, draft.reminder(due, department)))
