"""What people ask of a project."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from domain.words import DepartmentId, NeighbourhoodId, NoteId, PointId, ReactionId, RequestId, ServiceCode, Verdict


@dataclass(frozen=True, slots=True)
class AskAdvice:
    """Others are asked as well; a neighbourhood is one that the project touches from then on."""

    departments: tuple[DepartmentId, ...] = ()
    neighbourhoods: tuple[NeighbourhoodId, ...] = ()
    kind: Literal["ask_advice"] = "ask_advice"


@dataclass(frozen=True, slots=True)
class Advise:
    """Advice is given, point by point; no point means that there is nothing to advise."""

    request: RequestId
    points: tuple[NoteId, ...]
    note: NoteId | None = None
    kind: Literal["advise"] = "advise"


@dataclass(frozen=True, slots=True)
class OpenParticipation:
    """Residents may react to a question, until then."""

    question: NoteId
    until: datetime
    kind: Literal["open_participation"] = "open_participation"


@dataclass(frozen=True, slots=True)
class React:
    """A resident says something about the project."""

    text: NoteId
    kind: Literal["react"] = "react"


@dataclass(frozen=True, slots=True)
class Moderate:
    """A reaction is shown to everyone, or hidden; the note says why."""

    reaction: ReactionId
    shown: bool
    note: NoteId | None = None
    kind: Literal["moderate"] = "moderate"


@dataclass(frozen=True, slots=True)
class Summarise:
    """What residents said, in short, and the points that follow from it."""

    note: NoteId
    points: tuple[NoteId, ...] = ()
    kind: Literal["summarise"] = "summarise"


@dataclass(frozen=True, slots=True)
class AnswerPoint:
    """The referring department says what it does with a point, and why."""

    point: PointId
    verdict: Verdict
    note: NoteId
    kind: Literal["answer_point"] = "answer_point"


@dataclass(frozen=True, slots=True)
class MoveDecision:
    """The decision is taken on another day; every term that hangs on it moves along."""

    decided_on: date
    note: NoteId
    kind: Literal["move_decision"] = "move_decision"


@dataclass(frozen=True, slots=True)
class Commit:
    """Something is promised; it is followed up as a case of its own."""

    description: NoteId
    service: ServiceCode
    neighbourhood: NeighbourhoodId
    departments: tuple[DepartmentId, ...] = ()
    point: PointId | None = None
    kind: Literal["commit"] = "commit"


ProjectCommand = (
    AskAdvice | Advise | OpenParticipation | React | Moderate | Summarise | AnswerPoint | MoveDecision | Commit
)
