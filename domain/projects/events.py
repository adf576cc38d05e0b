"""What has happened to a project."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from domain.words import (
    AssignmentId,
    CommitmentId,
    DepartmentId,
    NeighbourhoodId,
    NoteId,
    PointId,
    ReactionId,
    RequestId,
    ServiceCode,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class ProjectReferred:
    """A department put a project before the neighbourhoods that it touches."""

    referred_by: DepartmentId
    neighbourhoods: tuple[NeighbourhoodId, ...]
    title: NoteId
    question: NoteId
    decided_on: date
    decided_at: datetime
    kind: Literal["project_referred"] = "project_referred"


@dataclass(frozen=True, slots=True)
class AdviceAsked:
    """A department, or the manager of a neighbourhood, was asked for advice."""

    request: RequestId
    department: DepartmentId | None
    neighbourhood: NeighbourhoodId | None
    advise_by: datetime
    remind_at: datetime | None = None
    summary: bool = False
    """The manager is to sum up what residents said."""
    kind: Literal["advice_asked"] = "advice_asked"


@dataclass(frozen=True, slots=True)
class AdviserReminded:
    """The term to advise is about to end."""

    request: RequestId
    kind: Literal["adviser_reminded"] = "adviser_reminded"


@dataclass(frozen=True, slots=True)
class AdviceGiven:
    """Whoever was asked gave advice; its points are numbered on."""

    request: RequestId
    points: tuple[NoteId, ...]
    note: NoteId | None = None
    kind: Literal["advice_given"] = "advice_given"


@dataclass(frozen=True, slots=True)
class AdviceTermMoved:
    """The term to advise moved, because the decision did."""

    request: RequestId
    advise_by: datetime
    remind_at: datetime | None = None
    kind: Literal["advice_term_moved"] = "advice_term_moved"


@dataclass(frozen=True, slots=True)
class ParticipationOpened:
    """Residents were asked to react."""

    question: NoteId
    until: datetime
    kind: Literal["participation_opened"] = "participation_opened"


@dataclass(frozen=True, slots=True)
class ParticipationMoved:
    """Reacting ends at another moment, because the decision moved to before its end."""

    until: datetime
    kind: Literal["participation_moved"] = "participation_moved"


@dataclass(frozen=True, slots=True)
class ReactionReceived:
    """A resident reacted."""

    reaction: ReactionId
    text: NoteId
    kind: Literal["reaction_received"] = "reaction_received"


@dataclass(frozen=True, slots=True)
class ReactionModerated:
    """A reaction was shown to everyone, or hidden."""

    reaction: ReactionId
    shown: bool
    note: NoteId | None = None
    kind: Literal["reaction_moderated"] = "reaction_moderated"


@dataclass(frozen=True, slots=True)
class ParticipationClosed:
    """Reacting ended."""

    kind: Literal["participation_closed"] = "participation_closed"


@dataclass(frozen=True, slots=True)
class ParticipationSummarised:
    """A manager summed up what residents said; its points are numbered on."""

    note: NoteId
    points: tuple[NoteId, ...]
    kind: Literal["participation_summarised"] = "participation_summarised"


@dataclass(frozen=True, slots=True)
class AdviceSent:
    """The advice went to the referring department, which answers it in this assignment."""

    answer: AssignmentId | None
    """None where there was no point to answer."""
    kind: Literal["advice_sent"] = "advice_sent"


@dataclass(frozen=True, slots=True)
class PointAnswered:
    """The referring department said what it does with a point."""

    point: PointId
    verdict: Verdict
    note: NoteId
    stalled_at: datetime
    """When silence about the others counts as a standstill."""
    kind: Literal["point_answered"] = "point_answered"


@dataclass(frozen=True, slots=True)
class DecisionMoved:
    """The decision is taken on another day."""

    decided_on: date
    decided_at: datetime
    note: NoteId
    kind: Literal["decision_moved"] = "decision_moved"


@dataclass(frozen=True, slots=True)
class CommitmentMade:
    """The referring department promised something, to be followed up as a case of its own."""

    commitment: CommitmentId
    point: PointId | None
    note: NoteId
    """What was promised."""
    service: ServiceCode
    neighbourhood: NeighbourhoodId
    departments: tuple[DepartmentId, ...] = ()
    kind: Literal["commitment_made"] = "commitment_made"


ProjectEvent = (
    ProjectReferred
    | AdviceAsked
    | AdviserReminded
    | AdviceGiven
    | AdviceTermMoved
    | ParticipationOpened
    | ParticipationMoved
    | ReactionReceived
    | ReactionModerated
    | ParticipationClosed
    | ParticipationSummarised
    | AdviceSent
    | PointAnswered
    | DecisionMoved
    | CommitmentMade
)
