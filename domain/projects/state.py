"""What a project adds to its case: who is asked for advice, what they said, and how it was answered."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.words import (
    AssignmentId,
    CommitmentId,
    DepartmentId,
    NeighbourhoodId,
    NoteId,
    PointId,
    RequestId,
    ServiceCode,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class AdviceRequest:
    """One department, or the manager of one neighbourhood, is asked for advice."""

    id: RequestId
    department: DepartmentId | None
    neighbourhood: NeighbourhoodId | None
    """The one whose manager advises; either this or the department is there."""
    asked_at: datetime
    advise_by: datetime
    remind_at: datetime | None = None
    advised_at: datetime | None = None
    note: NoteId | None = None
    """What was said besides the points."""
    summary: bool = False
    """Of what residents said: owed once they can react no longer."""

    @property
    def open(self) -> bool:
        """Whether the advice is still awaited."""
        return self.advised_at is None


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that was advised, and what the referring department does with it."""

    id: PointId
    request: RequestId | None
    """None: residents said it in the participation round."""
    note: NoteId
    verdict: Verdict | None = None
    answered_at: datetime | None = None
    reasons: NoteId | None = None


@dataclass(frozen=True, slots=True)
class Participation:
    """A round in which residents react; what they wrote stays outside, this counts it."""

    question: NoteId
    opened_at: datetime
    until: datetime
    reactions: int = 0
    closed_at: datetime | None = None
    """When reacting ended."""
    summary: NoteId | None = None
    summarised_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether residents may still react."""
        return self.closed_at is None

    @property
    def settled(self) -> bool:
        """Whether all that was said in it has become advice; where nobody reacted there is nothing to sum up."""
        return self.closed_at is not None and (self.summarised_at is not None or not self.reactions)


@dataclass(frozen=True, slots=True)
class Commitment:
    """Something the referring department promised to do; it becomes a case of its own."""

    id: CommitmentId
    point: PointId | None
    description: NoteId
    service: ServiceCode
    neighbourhood: NeighbourhoodId
    departments: tuple[DepartmentId, ...]
    """Those that get it; none: those that the service has."""
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Project:
    """A project, from its referral until every point of advice is answered."""

    referred_by: DepartmentId
    neighbourhoods: tuple[NeighbourhoodId, ...]
    """Those that it touches, the first being that of the case."""
    title: NoteId
    question: NoteId
    decided_on: date
    decided_at: datetime
    """Until when advice counts: the end of the city's working hours on that day."""
    requests: tuple[AdviceRequest, ...] = ()
    participation: Participation | None = None
    points: tuple[Point, ...] = ()
    bundled_at: datetime | None = None
    """When the advice was sent to the referring department."""
    answer: AssignmentId | None = None
    """The assignment in which the referring department answers it; none where nobody advised anything."""
    commitments: tuple[Commitment, ...] = ()

    @property
    def gathering(self) -> bool:
        """Whether advice can still be given."""
        return self.bundled_at is None

    @property
    def awaited(self) -> tuple[AdviceRequest, ...]:
        """The requests that can still be answered, and are not."""
        return tuple(r for r in self.requests if r.open) if self.gathering else ()

    @property
    def departments(self) -> tuple[DepartmentId, ...]:
        """Those that have a say in it: the one that refers it, and those that were asked."""
        asked = (r.department for r in self.requests if r.department is not None)
        return tuple(dict.fromkeys([self.referred_by, *asked]))

    def request(self, id: AssignmentId) -> AdviceRequest | None:
        return next((r for r in self.requests if r.id == id), None)

    def point(self, id: PointId) -> Point | None:
        return next((p for p in self.points if p.id == id), None)
