"""Who may do what with a project."""

from typing import assert_never

from domain.actor import Actor
from domain.case import Case
from domain.projects.commands import (
    Advise,
    AnswerPoint,
    AskAdvice,
    Commit,
    Moderate,
    MoveDecision,
    OpenParticipation,
    ProjectCommand,
    React,
    Summarise,
)
from domain.projects.state import Project
from domain.words import RequestId, Role

_OF_DEPARTMENT = frozenset({Role.DEPARTMENT, Role.DEPARTMENT_HEAD, Role.PARTNER})


def may(actor: Actor, command: ProjectCommand, case: Case) -> bool:
    """Whether it is the actor's to give; of a case that is no project, the rules say that it is none."""
    if isinstance(command, React):
        return actor.role is Role.RESIDENT
    project = case.project
    if project is None:
        return actor.role is not Role.RESIDENT
    match command:
        case AnswerPoint():
            return refers(actor, project)
        case AskAdvice() | OpenParticipation() | MoveDecision() | Commit():
            return refers(actor, project) or manages(actor, project)
        case Moderate() | Summarise():
            return manages(actor, project)
        case Advise(request=id):
            return _is_asked(actor, project, id)
        case _:
            assert_never(command)


def refers(actor: Actor, project: Project) -> bool:
    """Whether the actor is of the department that refers the project."""
    return actor.role in _OF_DEPARTMENT and actor.department == project.referred_by


def manages(actor: Actor, project: Project) -> bool:
    """Whether the actor is the manager of a neighbourhood that it touches."""
    if actor.role is Role.ADMINISTRATOR:
        return True
    return actor.role is Role.NEIGHBOURHOOD_MANAGER and any(actor.covers(n) for n in project.neighbourhoods)


def _is_asked(actor: Actor, project: Project, id: RequestId) -> bool:
    """An unknown request is left to the rules to refuse, to those who are asked for something."""
    request = project.request(id)
    if request is None:
        return manages(actor, project) or (actor.role in _OF_DEPARTMENT and actor.department in project.departments)
    if request.neighbourhood is not None:
        manager = actor.role is Role.NEIGHBOURHOOD_MANAGER and actor.covers(request.neighbourhood)
        return manager or actor.role is Role.ADMINISTRATOR
    return actor.role in _OF_DEPARTMENT and actor.department == request.department
