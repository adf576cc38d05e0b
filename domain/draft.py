"""A decision in the making: each event is applied at once, so that the next rule sees its effect."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.actor import Actor
from domain.case import Assignment, Case
from domain.durations import Duration
from domain.events import Event, Happened
from domain.evolve import evolve
from domain.policy import Policy
from domain.refusal import Refused
from domain.rulebook import Rulebook
from domain.words import AssignmentId, DepartmentId, EscalationId
from domain.working_time import Calendar, end_of, start_of

FURTHEST = timedelta(days=3652)
"""Nothing is promised further ahead; the calendars reach well beyond."""


@dataclass(slots=True)
class Draft:
    """The case so far, the rules that hold for it, and the events decided in this step."""

    rules: Rulebook
    case: Case
    now: datetime
    by: Actor | None = None
    command_id: str | None = None
    events: list[Happened] = field(default_factory=list)

    def add(self, event: Event, rule: str | None = None) -> None:
        """The event happens now; `rule` names what made the engine act by itself."""
        by = None if rule is not None or self.by is None else self.by.signature()
        happened = Happened(self.case.version + 1, self.now, event, by, rule, self.command_id)
        self.events.append(happened)
        self.case = evolve(self.case, happened)

    @property
    def policy(self) -> Policy:
        """The policy in force: the urgent one while the case is urgent."""
        return self.rules.urgent_policy if self.case.urgent else self.rules.policy

    def calendar(self, department: DepartmentId | None = None) -> Calendar:
        """The hours that count for the department; the city's own where none is given."""
        return self.rules.calendar(department)

    def term(self, duration: Duration, department: DepartmentId | None = None) -> datetime:
        """When a term that starts now ends."""
        return end_of(self.calendar(department), self.now, duration)

    def reminder(self, due: datetime | None, department: DepartmentId | None = None) -> datetime | None:
        """When to remind of a due time; never, when that moment has passed already."""
        if due is None:
            return None
        at = start_of(self.calendar(department), due, self.policy.remind_before)
        return at if at > self.now else None

    def assignment(self, id: AssignmentId) -> Assignment:
        """The assignment on which the department still has something to do.

        Raises Refused when there is none such.
        """
        found = self.case.assignment(id)
        if found is None:
            raise Refused(f'This case has no assignment "{id}".', "invalid", "assignment", "no_such_task")
        if not found.live:
            raise Refused(
                f"This assignment is {found.state}: nothing more can be done with it.",
                rule="task_over",
                values={"state": found.state},
            )
        return found

    def promise(self, assignment: Assignment) -> datetime:
        """The promise that a task carries from now on; a paused clock starts again with what was left.

        It starts when the pause was to end, where the engine comes to it later.
        """
        pause = assignment.pause
        if pause is None:
            return assignment.resolve_by
        return end_of(self.calendar(assignment.department), min(self.now, pause.until), pause.resolve_left)

    def department(self, id: DepartmentId, field_name: str) -> DepartmentId:
        """The id, if the city has such a department. Raises Refused otherwise."""
        if id not in self.rules.hours:
            raise Refused(f'There is no department "{id}".', "invalid", field_name, "no_such_department")
        return id

    def ahead(self, moment: datetime, field_name: str, what: str, rule: str) -> datetime:
        """The moment, if it lies in the future and within ten years. Raises Refused otherwise."""
        if moment <= self.now:
            raise Refused(f"{what} in the future.", "invalid", field_name, rule)
        if moment > self.now + FURTHEST:
            raise Refused("More than ten years ahead is too far.", "invalid", field_name, "too_far_ahead")
        return moment

    def next_assignment(self) -> AssignmentId:
        """The id of the next assignment: a1, a2, …"""
        return AssignmentId(f"a{len(self.case.assignments) + 1}")

    def next_escalation(self) -> EscalationId:
        """The id of the next escalation: e1, e2, …"""
        return EscalationId(f"e{len(self.case.escalations) + 1}")
