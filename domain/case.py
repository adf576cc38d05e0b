"""The state of a case: what has been decided so far, and when each clock runs out."""

from dataclasses import dataclass
from datetime import datetime

from domain.durations import Duration
from domain.initiatives.state import Offer
from domain.inspections.state import Inspection
from domain.joining.state import NOBODY, Companion, Hearing
from domain.projects.state import Project
from domain.structural.state import Structure
from domain.words import (
    AssignmentId,
    AssignmentState,
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
    Stage,
)

LIVE = frozenset({AssignmentState.ASSIGNED, AssignmentState.IN_PROGRESS, AssignmentState.WAITING})
"""The states in which a department still has something to do."""


@dataclass(frozen=True, slots=True)
class Pause:
    """The resolution clock of an assignment stands still."""

    since: datetime
    until: datetime
    """When the assignment resumes by itself."""
    resolve_left: Duration
    cause: Cause | None = None
    question: bool = False
    """The resident was asked something; the answer resumes the assignment."""
    with_residents: bool = False
    """The case was offered to residents; its return resumes the assignment."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """One department's task, and its clocks."""

    id: AssignmentId
    department: DepartmentId
    round: int
    state: AssignmentState
    assigned_at: datetime
    respond_by: datetime | None
    resolve_by: datetime
    """While paused: as it will be if the pause lasts until its end."""
    remind_respond_at: datetime | None = None
    remind_resolve_at: datetime | None = None
    responded_at: datetime | None = None
    planned_for: datetime | None = None
    stalled_at: datetime | None = None
    """When silence counts as a standstill; absent while nothing is expected."""
    binding: bool = False
    """Placed by a manager after bouncing or dispute: it cannot be passed on."""
    pause: Pause | None = None
    resolved_at: datetime | None = None
    cause: Cause | None = None
    """The limit that its department named last, by declining or pausing; before that: of the task it took over."""

    task: NoteId | None = None
    """What is to be done, where it is not what was reported: an action of a structural case."""

    @property
    def live(self) -> bool:
        """Whether the department still has something to do."""
        return self.state in LIVE


@dataclass(frozen=True, slots=True)
class Placement:
    """Something that only a neighbourhood manager can settle: who takes this on?"""

    since: datetime
    reason: EscalationReason
    """`unassigned`, `bounced` or `disputed`."""
    place_by: datetime | None
    """When the manager's silence is escalated; absent where the escalation was raised at once."""
    assignment: AssignmentId | None
    """The assignment that led to it, if any."""
    resolve_by: datetime | None = None
    """The promise that whoever takes over inherits."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """One rung of a ladder, reached once."""

    id: EscalationId
    assignment: AssignmentId | None
    reason: EscalationReason
    level: int
    """1 is the first rung of this ladder."""
    to: Rung
    raised_at: datetime
    climbs_at: datetime | None
    """When the next rung, where the policy has one, is reached if nothing happens; absent on rungs already passed."""
    acknowledged_at: datetime | None = None
    held_until: datetime | None = None
    cleared_at: datetime | None = None
    cause: Cause | None = None
    """The limit behind it, as whoever took it up named it; once it is cleared, as it was known in the end."""

    @property
    def open(self) -> bool:
        """Whether it still asks for attention."""
        return self.cleared_at is None


@dataclass(frozen=True, slots=True)
class Merge:
    """The case joined another, and may go on by itself again if that was a mistake."""

    into: CaseId
    seq: int
    """The sequence number of the event by which it joined."""
    until: datetime
    """From then on it may not be split any more."""
    placements: tuple[Placement, ...] = ()
    """What awaited placing when it joined…"""
    feedback_until: datetime | None = None
    """…and until when people could tell whether it was solved."""


@dataclass(frozen=True, slots=True)
class Case:
    """A referral and everything decided about it."""

    case_id: CaseId
    number: str
    kind: Kind
    service: ServiceCode
    neighbourhood: NeighbourhoodId
    urgent: bool
    opened_at: datetime
    stage: Stage = Stage.RECEIVED
    version: int = 0
    """The sequence number of the last event."""
    round: int = 1
    outcome: Outcome | None = None
    promised_by: datetime | None = None
    closed_at: datetime | None = None
    assignments: tuple[Assignment, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    placements: tuple[Placement, ...] = ()
    feedback_until: datetime | None = None
    transfers: int = 0
    reopens: int = 0
    supporters: int = 0
    withdrawn: bool = False
    """The reporter took the report back, and others keep the case alive."""
    merged_into: CaseId | None = None
    merge: Merge | None = None
    """How it joined that case, where it may still be split."""
    companions: tuple[Companion, ...] = ()
    """The reports that joined this one."""
    reachable: tuple[str, ...] = ()
    """The supporters of its own who left an address."""
    hearing: Hearing = NOBODY
    """Who is asked whether it is solved, and what they said."""
    project: Project | None = None
    """Where advice is asked on a project."""
    offers: tuple[Offer, ...] = ()
    """What was offered to residents, in its order; only the last can be running."""
    structure: Structure | None = None
    """Of a structural case."""
    inspection: Inspection | None = None
    """The last time that somebody went to look."""

    @property
    def closed(self) -> bool:
        """Whether the case has ended for good."""
        return self.stage is Stage.CLOSED

    @property
    def live(self) -> tuple[Assignment, ...]:
        """The assignments on which a department still has something to do."""
        return tuple(a for a in self.assignments if a.live)

    @property
    def offer(self) -> Offer | None:
        """The offer that is running: open, or taken on and not accounted for yet."""
        return next((offer for offer in self.offers[-1:] if offer.running), None)

    @property
    def taken_on(self) -> bool:
        """Whether a resident is at it now."""
        return self.offer is not None and self.offer.adopted

    def assignment(self, id: AssignmentId) -> Assignment | None:
        """The assignment with this id, in whatever state."""
        return next((a for a in self.assignments if a.id == id), None)

    def department_of(self, id: AssignmentId | None) -> DepartmentId | None:
        """Whose assignment it is, or who is asked for advice under this id; None where it is no department."""
        if id is None:
            return None
        assignment = self.assignment(id)
        if assignment is not None:
            return assignment.department
        request = self.project.request(id) if self.project is not None else None
        return request.department if request is not None else None

    def open_escalations(
        self, assignment: AssignmentId | None = None, reason: EscalationReason | None = None
    ) -> tuple[Escalation, ...]:
        """The escalations that ask for attention; narrowed to one assignment or one reason if given."""
        return tuple(
            e
            for e in self.escalations
            if e.open and (assignment is None or e.assignment == assignment) and (reason is None or e.reason is reason)
        )
