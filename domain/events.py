"""What has happened to a case. Due times are stored as they were computed, so that the past never changes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.actor import Actor
from domain.durations import Duration
from domain.initiatives.events import AssignmentRested, InitiativeEvent
from domain.inspections.events import InspectionEvent
from domain.joining.events import JoiningEvent
from domain.joining.state import Companion
from domain.projects.events import ProjectEvent
from domain.structural.events import StructuralEvent
from domain.teams.events import TeamEvent
from domain.words import (
    AssignmentId,
    CaseId,
    Cause,
    DepartmentId,
    EscalationId,
    EscalationReason,
    Kind,
    NeighbourhoodId,
    NoteId,
    Outcome,
    Rung,
    ServiceCode,
    Solved,
    Term,
)


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """A report was taken in."""

    case_id: CaseId
    number: str
    case_kind: Kind
    service: ServiceCode
    neighbourhood: NeighbourhoodId
    urgent: bool
    rules: str
    """The version of the rulebook that holds for this case."""
    kind: Literal["case_opened"] = "case_opened"


@dataclass(frozen=True, slots=True)
class DepartmentAssigned:
    """A department got a task."""

    assignment: AssignmentId
    department: DepartmentId
    respond_by: datetime | None
    resolve_by: datetime
    remind_respond_at: datetime | None = None
    remind_resolve_at: datetime | None = None
    binding: bool = False
    note: NoteId | None = None
    task: NoteId | None = None
    """What is to be done, where it is not what was reported."""
    kind: Literal["department_assigned"] = "department_assigned"


@dataclass(frozen=True, slots=True)
class PlacementNeeded:
    """Nobody owns it (any more): the neighbourhood manager has to place it."""

    reason: EscalationReason
    assignment: AssignmentId | None
    place_by: datetime | None
    resolve_by: datetime | None = None
    kind: Literal["placement_needed"] = "placement_needed"


@dataclass(frozen=True, slots=True)
class PlacementSettled:
    """The manager decided who takes it on."""

    note: NoteId | None = None
    kind: Literal["placement_settled"] = "placement_settled"


@dataclass(frozen=True, slots=True)
class AssignmentAccepted:
    """The department took the task on."""

    assignment: AssignmentId
    stalled_at: datetime
    planned_for: datetime | None = None
    note: NoteId | None = None
    kind: Literal["assignment_accepted"] = "assignment_accepted"


@dataclass(frozen=True, slots=True)
class AssignmentDeclined:
    """The department said that it cannot do it."""

    assignment: AssignmentId
    cause: Cause
    note: NoteId
    kind: Literal["assignment_declined"] = "assignment_declined"


@dataclass(frozen=True, slots=True)
class AssignmentTransferred:
    """The department passed the task on, or tried to once too often (`bounced`)."""

    assignment: AssignmentId
    to: DepartmentId
    note: NoteId
    bounced: bool = False
    kind: Literal["assignment_transferred"] = "assignment_transferred"


@dataclass(frozen=True, slots=True)
class AssignmentReplaced:
    """The manager took the task away from the department."""

    assignment: AssignmentId
    kind: Literal["assignment_replaced"] = "assignment_replaced"


@dataclass(frozen=True, slots=True)
class ProgressReported:
    """The department told how far it is."""

    assignment: AssignmentId
    note: NoteId
    stalled_at: datetime
    planned_for: datetime | None = None
    kind: Literal["progress_reported"] = "progress_reported"


@dataclass(frozen=True, slots=True)
class AssignmentPaused:
    """The resolution clock stopped, with this much left."""

    assignment: AssignmentId
    cause: Cause
    until: datetime
    resolve_left: Duration
    resolve_by: datetime
    note: NoteId
    kind: Literal["assignment_paused"] = "assignment_paused"


@dataclass(frozen=True, slots=True)
class ResidentAsked:
    """The resident was asked something; the resolution clock stopped."""

    assignment: AssignmentId
    question: NoteId
    until: datetime
    resolve_left: Duration
    resolve_by: datetime
    answered: bool = True
    """Whether the department itself asked, and thereby answered."""
    kind: Literal["resident_asked"] = "resident_asked"


@dataclass(frozen=True, slots=True)
class ResidentAnswered:
    """The resident answered."""

    text: NoteId
    kind: Literal["resident_answered"] = "resident_answered"


@dataclass(frozen=True, slots=True)
class AssignmentResumed:
    """The resolution clock runs again, with what was left."""

    assignment: AssignmentId
    resolve_by: datetime
    remind_resolve_at: datetime | None
    stalled_at: datetime | None
    climbs_at: datetime | None = None
    """When a ladder that stood still during the pause climbs on."""
    respond_by: datetime | None = None
    """The new term to answer, where the department has not answered yet."""
    remind_respond_at: datetime | None = None
    kind: Literal["assignment_resumed"] = "assignment_resumed"


@dataclass(frozen=True, slots=True)
class AssignmentResolved:
    """The department did its part."""

    assignment: AssignmentId
    note: NoteId | None = None
    kind: Literal["assignment_resolved"] = "assignment_resolved"


@dataclass(frozen=True, slots=True)
class DepartmentReminded:
    """A term is about to end."""

    assignment: AssignmentId
    term: Term
    kind: Literal["department_reminded"] = "department_reminded"


@dataclass(frozen=True, slots=True)
class EscalationRaised:
    """A rung of a ladder was reached."""

    escalation: EscalationId
    assignment: AssignmentId | None
    reason: EscalationReason
    level: int
    to: Rung
    climbs_at: datetime | None
    kind: Literal["escalation_raised"] = "escalation_raised"


@dataclass(frozen=True, slots=True)
class EscalationAcknowledged:
    """Someone took it up; the ladder is held until then."""

    escalation: EscalationId
    held_until: datetime
    note: NoteId | None = None
    cause: Cause | None = None
    """The limit behind it, if it was named."""
    kind: Literal["escalation_acknowledged"] = "escalation_acknowledged"


@dataclass(frozen=True, slots=True)
class EscalationCleared:
    """What it was raised for is over."""

    escalation: EscalationId
    kind: Literal["escalation_cleared"] = "escalation_cleared"


@dataclass(frozen=True, slots=True)
class UrgencySet:
    """The case came under the urgent policy, or left it."""

    urgent: bool
    note: NoteId
    place_by: datetime | None = None
    """What awaits placing is placed by then at the latest…"""
    resolve_by: datetime | None = None
    """…and solved by then."""
    kind: Literal["urgency_set"] = "urgency_set"


@dataclass(frozen=True, slots=True)
class TermsMoved:
    """The terms of an assignment moved (a stricter policy, or an extension)."""

    assignment: AssignmentId
    respond_by: datetime | None
    resolve_by: datetime
    remind_respond_at: datetime | None
    remind_resolve_at: datetime | None
    resolve_left: Duration | None = None
    """What is left behind the pause, where the assignment is paused."""
    kind: Literal["terms_moved"] = "terms_moved"


@dataclass(frozen=True, slots=True)
class PromiseExtended:
    """The manager moved the promise; the resident reads why."""

    assignment: AssignmentId
    until: datetime
    note: NoteId
    kind: Literal["promise_extended"] = "promise_extended"


@dataclass(frozen=True, slots=True)
class CommentAdded:
    """Someone of the staff remarked something."""

    note: NoteId
    public: bool
    kind: Literal["comment_added"] = "comment_added"


@dataclass(frozen=True, slots=True)
class FeedbackAsked:
    """Every department did its part; the resident is asked whether it is solved."""

    until: datetime
    kind: Literal["feedback_asked"] = "feedback_asked"


@dataclass(frozen=True, slots=True)
class FeedbackGiven:
    """A resident's verdict."""

    solved: Solved
    rating: int | None = None
    comment: NoteId | None = None
    supporter: bool = False
    """It is not the reporter's."""
    kind: Literal["feedback_given"] = "feedback_given"


@dataclass(frozen=True, slots=True)
class CaseReopened:
    """It was not solved: a new round begins."""

    round: int
    kind: Literal["case_reopened"] = "case_reopened"


@dataclass(frozen=True, slots=True)
class CaseSupported:
    """Another resident joined, or reports did with everyone behind them."""

    supporters: int
    asked: bool = False
    """Whether that resident left an address."""
    companions: tuple[Companion, ...] = ()
    """The reports that joined."""
    kind: Literal["case_supported"] = "case_supported"


@dataclass(frozen=True, slots=True)
class ReportWithdrawn:
    """The reporter took the report back; the case goes on where others support it."""

    kind: Literal["report_withdrawn"] = "report_withdrawn"


@dataclass(frozen=True, slots=True)
class CaseMerged:
    """The report joined another case."""

    into: CaseId
    until: datetime | None = None
    """Before then it may be split again; never, where it joined before that was possible."""
    kind: Literal["case_merged"] = "case_merged"


@dataclass(frozen=True, slots=True)
class CaseClosed:
    """The case ended."""

    outcome: Outcome
    note: NoteId | None = None
    kind: Literal["case_closed"] = "case_closed"


Event = (
    CaseOpened
    | DepartmentAssigned
    | PlacementNeeded
    | PlacementSettled
    | AssignmentAccepted
    | AssignmentDeclined
    | AssignmentTransferred
    | AssignmentReplaced
    | ProgressReported
    | AssignmentPaused
    | ResidentAsked
    | ResidentAnswered
    | AssignmentResumed
    | AssignmentResolved
    | DepartmentReminded
    | EscalationRaised
    | EscalationAcknowledged
    | EscalationCleared
    | UrgencySet
    | TermsMoved
    | PromiseExtended
    | CommentAdded
    | FeedbackAsked
    | FeedbackGiven
    | CaseReopened
    | CaseSupported
    | ReportWithdrawn
    | CaseMerged
    | CaseClosed
    | StructuralEvent
    | TeamEvent
    | JoiningEvent
    | ProjectEvent
    | AssignmentRested
    | InitiativeEvent
    | InspectionEvent
)


@dataclass(frozen=True, slots=True)
class Happened:
    """An event in its place: the how-manieth of its case, when, by whom or by which rule."""

    seq: int
    at: datetime
    event: Event
    by: Actor | None = None
    """Absent: the engine itself."""
    rule: str | None = None
    """The rule that made the engine act, in the policy's own word."""
    command_id: str | None = None
