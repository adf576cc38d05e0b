"""The commands of projects as they are sent in."""

from typing import Annotated, Literal

from pydantic import Field

from domain.words import Verdict
from web.command_base import Command
from web.fields import Day, Moment, Text, Word

Several = Annotated[tuple[Word, ...], Field(max_length=20)]
Points = Annotated[tuple[Text, ...], Field(max_length=20)]


class AskAdvice(Command):
    command: Literal["ask_advice"]
    departments: Several = ()
    neighbourhoods: Several = ()


class Advise(Command):
    command: Literal["advise"]
    request: Word
    points: Points
    note: Text | None = None


class OpenParticipation(Command):
    command: Literal["open_participation"]
    question: Text
    until: Moment


class React(Command):
    command: Literal["react"]
    text: Text


class Moderate(Command):
    command: Literal["moderate"]
    reaction: Word
    shown: bool
    note: Text | None = None


class Summarise(Command):
    command: Literal["summarise"]
    note: Text
    points: Points = ()


class AnswerPoint(Command):
    command: Literal["answer_point"]
    point: Word
    verdict: Verdict
    note: Text


class MoveDecision(Command):
    command: Literal["move_decision"]
    decided_on: Day
    note: Text


class Commit(Command):
    command: Literal["commit"]
    description: Text
    service: Word
    neighbourhood: Word
    departments: Several = ()
    point: Word | None = None


ProjectCommand = (
    AskAdvice | Advise | OpenParticipation | React | Moderate | Summarise | AnswerPoint | MoveDecision | Commit
)
