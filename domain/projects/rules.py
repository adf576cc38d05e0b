"""What a command makes happen to a project, and which commands do not go with one."""

from typing import assert_never

from domain.commands import AskResident, Assign, Command, Decline, MergeInto, Resolve, SetUrgent, Transfer, Withdraw
from domain.draft import Draft
from domain.initiatives.commands import OfferToResidents
from domain.projects.advising import advise, moderate, react, summarise
from domain.projects.answering import all_answered, answer_point, commit, move_decision
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
from domain.projects.referring import ask_advice, open_participation
from domain.refusal import Refused


def follow(draft: Draft, command: ProjectCommand) -> None:
    """Raises Refused."""
    match command:
        case AskAdvice():
            ask_advice(draft, command)
        case Advise():
            advise(draft, command)
        case OpenParticipation():
            open_participation(draft, command)
        case React():
            react(draft, command)
        case Moderate():
            moderate(draft, command)
        case Summarise():
            summarise(draft, command)
        case AnswerPoint():
            answer_point(draft, command)
        case MoveDecision():
            move_decision(draft, command)
        case Commit():
            commit(draft, command)
        case _:
            assert_never(command)


def suits(draft: Draft, command: Command) -> None:
    """Raises Refused where what is asked makes no sense of a project, or comes too early."""
    if draft.case.project is None:
        return
    match command:
        case (
            Assign()
            | Decline()
            | Transfer()
            | AskResident()
            | MergeInto()
            | SetUrgent()
            | Withdraw()
            | OfferToResidents()
        ):
            raise Refused("That cannot be done with a project.", rule="not_for_projects")
        case Resolve():
            all_answered(draft, command)
        case _:
            return
