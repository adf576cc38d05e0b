"""Who may do what."""

from typing import assert_never

from domain.actor import Actor
from domain.case import Case
from domain.commands import (
    Accept,
    Acknowledge,
    Answer,
    AskResident,
    Assign,
    Close,
    Command,
    Comment,
    Decline,
    Extend,
    GiveFeedback,
    MergeInto,
    PauseAssignment,
    ReportProgress,
    Resolve,
    Resume,
    SetUrgent,
    Support,
    Transfer,
    Withdraw,
)
from domain.initiatives.commands import Account, Adopt, HandBack, OfferToResidents, WithdrawOffer
from domain.inspections.commands import Inspect
from domain.joining.commands import BeAsked, Join, Part, Split, Uncross
from domain.projects import authority as projects
from domain.projects.commands import (
    Advise,
    AnswerPoint,
    AskAdvice,
    Commit,
    Moderate,
    MoveDecision,
    OpenParticipation,
    React,
    Summarise,
)
from domain.refusal import Refused
from domain.structural.commands import Bundle, PlanAction, RecordReview, Unbundle
from domain.teams.commands import RecordDecision
from domain.words import AssignmentId, EscalationId, Kind, Role, Rung

OF_DEPARTMENT = frozenset({Role.DEPARTMENT, Role.DEPARTMENT_HEAD, Role.PARTNER})


def authorise(actor: Actor, command: Command, case: Case) -> None:
    """Raises Refused (`forbidden`) when the command is not this actor's to give."""
    if not _may(actor, command, case):
        raise Refused(
            f"This is not for {actor.role.replace('_', ' ')} to do here.",
            "forbidden",
            rule="not_yours",
            values={"role": actor.role},
        )


def _may(actor: Actor, command: Command, case: Case) -> bool:
    match command:
        case Accept() | Decline() | Transfer() | ReportProgress() | PauseAssignment() | Resume() | Resolve():
            return _holds(actor, command.assignment, case)
        case PlanAction() | Bundle() | Unbundle() | RecordReview():
            return case.structure is not None and _manages(actor, case)
        case AskResident() | MergeInto() if case.structure is not None:
            return False
        case AskResident():
            return _holds(actor, command.assignment, case) or _manages(actor, case)
        case Assign() | SetUrgent() | Extend() | Close() | RecordDecision() | OfferToResidents() | WithdrawOffer():
            return _manages(actor, case)
        case MergeInto() | Split():
            return _manages(actor, case) or _watches(actor, case)
        case Inspect():
            return case.kind is Kind.ISSUE and (_manages(actor, case) or _watches(actor, case))
        case Acknowledge():
            return _was_told(actor, command.escalation, case)
        case Comment():
            return actor.role is not Role.RESIDENT
        case GiveFeedback() | Answer() | Support() | Withdraw() | Adopt() | Uncross() | Join() | Part() | BeAsked():
            return actor.role is Role.RESIDENT and case.structure is None
        case (
            AskAdvice()
            | Advise()
            | OpenParticipation()
            | React()
            | Moderate()
            | Summarise()
            | AnswerPoint()
            | MoveDecision()
            | Commit()
        ):
            return projects.may(actor, command, case)
        case Account() | HandBack():
            return actor.role is Role.RESIDENT and _adopted(actor, case)
        case _:
            assert_never(command)


def _manages(actor: Actor, case: Case) -> bool:
    manages = actor.role is Role.NEIGHBOURHOOD_MANAGER and actor.covers(case.neighbourhood)
    return manages or actor.role is Role.ADMINISTRATOR


def _watches(actor: Actor, case: Case) -> bool:
    return actor.role is Role.WARDEN and actor.covers(case.neighbourhood)


def _adopted(actor: Actor, case: Case) -> bool:
    """Whether the actor took it on; where nobody did, that is left to the rules to refuse."""
    return case.offer is None or not case.offer.adopted or case.offer.adopter == actor.id


def _holds(actor: Actor, id: AssignmentId, case: Case) -> bool:
    """Whether the assignment is the actor's department's; an unknown one is left to the rules to refuse."""
    if actor.role not in OF_DEPARTMENT:
        return False
    assignment = case.assignment(id)
    if assignment is None:
        return any(a.department == actor.department for a in case.assignments)
    return assignment.department == actor.department


def _was_told(actor: Actor, id: EscalationId, case: Case) -> bool:
    """Whether the escalation was raised to the actor; an unknown one is left to the rules to refuse."""
    escalation = next((e for e in case.escalations if e.id == id), None)
    if escalation is None:
        return actor.role in {Role.DEPARTMENT_HEAD, Role.NEIGHBOURHOOD_MANAGER, Role.LEADERSHIP}
    match escalation.to:
        case Rung.NEIGHBOURHOOD_MANAGER:
            return actor.role is Role.NEIGHBOURHOOD_MANAGER and actor.covers(case.neighbourhood)
        case Rung.CITY_LEADERSHIP:
            return actor.role is Role.LEADERSHIP
        case Rung.DEPARTMENT_HEAD:
            department = case.department_of(escalation.assignment)
            return actor.role is Role.DEPARTMENT_HEAD and department is not None and department == actor.department
        case _:
            assert_never(escalation.to)
