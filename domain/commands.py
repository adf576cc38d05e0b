"""What people ask of a case. Free text stays outside: a command carries the id of a note."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.actor import Actor
from domain.initiatives.commands import InitiativeCommand
from domain.inspections.commands import InspectionCommand
from domain.joining.commands import JoiningCommand
from domain.projects.commands import ProjectCommand
from domain.structural.commands import StructuralCommand
from domain.teams.commands import TeamCommand
from domain.words import (
    AssignmentId,
    CaseId,
    Cause,
    DepartmentId,
    EscalationId,
    NoteId,
    Outcome,
    Solved,
)


@dataclass(frozen=True, slots=True)
class Accept:
    """The department takes the task on."""

    assignment: AssignmentId
    planned_for: datetime | None = None
    note: NoteId | None = None
    kind: Literal["accept"] = "accept"


@dataclass(frozen=True, slots=True)
class Decline:
    """The department cannot do it; the neighbourhood manager places it."""

    assignment: AssignmentId
    cause: Cause
    note: NoteId
    kind: Literal["decline"] = "decline"


@dataclass(frozen=True, slots=True)
class Transfer:
    """The department passes the task to another."""

    assignment: AssignmentId
    to: DepartmentId
    note: NoteId
    kind: Literal["transfer"] = "transfer"


@dataclass(frozen=True, slots=True)
class ReportProgress:
    """The department tells how far it is."""

    assignment: AssignmentId
    note: NoteId
    planned_for: datetime | None = None
    kind: Literal["report_progress"] = "report_progress"


@dataclass(frozen=True, slots=True)
class PauseAssignment:
    """The department has to wait for something."""

    assignment: AssignmentId
    cause: Cause
    until: datetime
    note: NoteId
    kind: Literal["pause"] = "pause"


@dataclass(frozen=True, slots=True)
class Resume:
    """The waiting is over."""

    assignment: AssignmentId
    kind: Literal["resume"] = "resume"


@dataclass(frozen=True, slots=True)
class AskResident:
    """The department or the manager needs to know something from the resident."""

    assignment: AssignmentId
    question: NoteId
    kind: Literal["ask_resident"] = "ask_resident"


@dataclass(frozen=True, slots=True)
class Resolve:
    """The department has done its part; the note says what, and the resident reads it."""

    assignment: AssignmentId
    note: NoteId
    kind: Literal["resolve"] = "resolve"


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark by staff; the resident reads it if it is public."""

    note: NoteId
    public: bool
    kind: Literal["comment"] = "comment"


@dataclass(frozen=True, slots=True)
class Assign:
    """The manager gives the case to departments: besides those that have it, or instead of one."""

    departments: tuple[DepartmentId, ...]
    note: NoteId | None = None
    instead_of: AssignmentId | None = None
    kind: Literal["assign"] = "assign"


@dataclass(frozen=True, slots=True)
class SetUrgent:
    """The manager puts the case under the urgent policy, or back under the ordinary one."""

    urgent: bool
    note: NoteId
    kind: Literal["set_urgent"] = "set_urgent"


@dataclass(frozen=True, slots=True)
class Extend:
    """The manager moves the promise; the resident reads why."""

    assignment: AssignmentId
    until: datetime
    note: NoteId
    kind: Literal["extend"] = "extend"


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Whoever an escalation was raised to takes it up: it climbs no further for a while."""

    escalation: EscalationId
    note: NoteId | None = None
    cause: Cause | None = None
    """The limit behind it, where whoever takes it up can name it."""
    kind: Literal["acknowledge"] = "acknowledge"


@dataclass(frozen=True, slots=True)
class Close:
    """The manager ends the case, with a reason that the resident reads."""

    outcome: Outcome
    note: NoteId
    kind: Literal["close"] = "close"


@dataclass(frozen=True, slots=True)
class MergeInto:
    """The same thing was reported before: this report joins that case."""

    case_id: CaseId
    kind: Literal["merge_into"] = "merge_into"


@dataclass(frozen=True, slots=True)
class GiveFeedback:
    """The resident says whether it was really solved; `rating` is 1 to 5."""

    solved: Solved
    rating: int | None = None
    comment: NoteId | None = None
    supporter: bool = False
    """It is not the reporter who says so, but someone who supports the report."""
    kind: Literal["give_feedback"] = "give_feedback"


@dataclass(frozen=True, slots=True)
class Answer:
    """The resident answers what was asked."""

    text: NoteId
    kind: Literal["answer"] = "answer"


@dataclass(frozen=True, slots=True)
class Support:
    """Another resident says: here too."""

    asked: bool = False
    """They left an address, and can be asked whether it is solved."""
    kind: Literal["support"] = "support"


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The reporter takes the report back."""

    kind: Literal["withdraw"] = "withdraw"


DepartmentCommand = Accept | Decline | Transfer | ReportProgress | PauseAssignment | Resume | AskResident | Resolve
ManagerCommand = Assign | SetUrgent | Extend | Acknowledge | Close | MergeInto | Comment
ResidentCommand = GiveFeedback | Answer | Support | Withdraw
Command = (
    DepartmentCommand
    | ManagerCommand
    | ResidentCommand
    | TeamCommand
    | JoiningCommand
    | ProjectCommand
    | InitiativeCommand
    | StructuralCommand
    | InspectionCommand
)


@dataclass(frozen=True, slots=True)
class Submitted:
    """A command as it was sent in: by whom, under which id, and on what version of the case it was based."""

    command_id: str
    by: Actor
    command: Command
    expected_version: int | None = None
