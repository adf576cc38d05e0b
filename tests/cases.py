"""A small city, and stories about its cases: given what it promises, when people act and time passes, then what."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from domain.actor import RESIDENT, Actor
from domain.case import Assignment, Case
from domain.commands import Command, Submitted
from domain.decide import decide, pass_time
from domain.durations import WorkingDays, parse
from domain.events import EscalationRaised, Event, Happened
from domain.evolve import evolve, opened
from domain.opening import Opening, open_case
from domain.policy import Policy
from domain.refusal import Refused
from domain.rulebook import Rulebook
from domain.structural.opening import Beginning, open_structural
from domain.time_rules import next_due
from domain.words import (
    AssignmentId,
    CaseId,
    DepartmentId,
    EscalationId,
    Kind,
    NeighbourhoodId,
    NoteId,
    Role,
    Rung,
    ServiceCode,
)
from domain.working_time import Calendar, always

E = TypeVar("E", bound=Event)

ZONE = ZoneInfo("Europe/Brussels")
ROADS, GREEN, HOUSING, POLICE = (DepartmentId(name) for name in ("roads", "green", "housing", "police"))
DEPARTMENTS = (ROADS, GREEN, HOUSING, POLICE)
WINTERSLAG, BOKRIJK = NeighbourhoodId("winterslag-1"), NeighbourhoodId("bokrijk")

roads, roads_head = Actor(Role.DEPARTMENT, "rik", ROADS), Actor(Role.DEPARTMENT_HEAD, "rita", ROADS)
green, green_head = Actor(Role.DEPARTMENT, "gert", GREEN), Actor(Role.DEPARTMENT_HEAD, "greet", GREEN)
housing = Actor(Role.PARTNER, "huub", HOUSING)
police = Actor(Role.DEPARTMENT, "piet", POLICE)
manager = Actor(Role.NEIGHBOURHOOD_MANAGER, "mia", neighbourhoods=(WINTERSLAG,))
manager_elsewhere = Actor(Role.NEIGHBOURHOOD_MANAGER, "mo", neighbourhoods=(BOKRIJK,))
warden = Actor(Role.WARDEN, "wim", neighbourhoods=(WINTERSLAG,))
leadership, administrator = Actor(Role.LEADERSHIP, "lea"), Actor(Role.ADMINISTRATOR, "ada")
resident = RESIDENT

A1, A2, A3, A4, A5 = (AssignmentId(f"a{n}") for n in range(1, 6))
E1, E2, E3, E4 = (EscalationId(f"e{n}") for n in range(1, 5))
NOTE = NoteId("note")

_morning, _afternoon = (8 * 3600, 12 * 3600), (13 * 3600, 17 * 3600)
BY_DAY = Calendar("Europe/Brussels", ((_morning, _afternoon),) * 5 + ((), ()), (date(2026, 4, 6), date(2026, 5, 1)))

STANDARD = Policy(
    id="standard",
    respond_within=parse("2 working days"),
    resolve_within=parse("15 working days"),
    remind_before=parse("4 working hours"),
    stalled_after=parse("5 working days"),
    escalate_every=parse("2 working days"),
    ladder=(Rung.DEPARTMENT_HEAD, Rung.NEIGHBOURHOOD_MANAGER, Rung.CITY_LEADERSHIP),
    acknowledged_for=parse("2 working days"),
    triage_within=parse("1 working days"),
    pause_at_most=parse("30 days"),
    feedback_within=parse("14 days"),
    max_transfers=2,
    max_reopens=2,
)
URGENT = replace(
    STANDARD,
    id="urgent",
    respond_within=parse("4 hours"),
    resolve_within=parse("24 hours"),
    remind_before=parse("1 hour"),
    stalled_after=parse("12 hours"),
    escalate_every=parse("4 hours"),
    acknowledged_for=parse("4 hours"),
    triage_within=parse("1 hour"),
)


def rulebook(standard: Policy = STANDARD, urgent: Policy = URGENT) -> Rulebook:
    """Roads, green and housing work by day, the police always."""
    hours = {ROADS: "city", GREEN: "city", HOUSING: "city", POLICE: "police"}
    weeks = {"city": BY_DAY, "police": always("Europe/Brussels")}
    return Rulebook("v1", standard, urgent, weeks, (), (), hours)


RULES = rulebook()


def at(local: str) -> datetime:
    """The moment that clocks in the city show as "2026-03-02 09:00"."""
    return datetime.fromisoformat(local).replace(tzinfo=ZONE).astimezone(UTC)


def clock(moment: datetime | None) -> str | None:
    """What clocks in the city show then; the inverse of `at`."""
    return None if moment is None else moment.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


class Story:
    """The life of one case. What is due happens in virtual time, before whatever is told next."""

    def __init__(self, rules: Rulebook = RULES) -> None:
        self.rules = rules
        self.events: list[Happened] = []
        self.case: Case
        self.now: datetime

    def opened(self, *departments: DepartmentId, on: str, urgent: bool = False, by: Actor | None = resident) -> "Story":
        """A report from Winterslag is routed to the departments; to none, and the manager has to place it."""
        self.now = at(on)
        opening = Opening(
            CaseId("c1"), "2026-000001", Kind.ISSUE, ServiceCode("lamp"), WINTERSLAG, urgent, departments, by
        )
        self.events = list(open_case(self.rules, opening, self.now))
        self.case = replay(self.events)
        return self

    def begun(self, *issues: str, on: str, by: Actor = manager, theme: str = "space") -> "Story":
        """A structural case for Winterslag, looked at every 20 working days, with these issues in it."""
        self.now = at(on)
        bundled = tuple(CaseId(one) for one in issues)
        beginning = Beginning(
            CaseId("c1"), "2026-000001", ServiceCode("lamp"), WINTERSLAG, theme, by, WorkingDays(20), bundled
        )
        self.events = list(open_structural(self.rules, beginning, self.now))
        self.case = replay(self.events)
        return self

    def until(self, when: str | datetime) -> "Story":
        """Time passes, each due moment in turn, up to and including then; nobody acts."""
        end = at(when) if isinstance(when, str) else when
        while (due := next_due(self.rules, self.case, self.now)) is not None and due <= end:
            self.now = max(self.now, due)
            self._happen(pass_time(self.rules, self.case, self.now))
        self.now = max(self.now, end)
        return self

    def does(self, command: Command, by: Actor, on: str | None = None, version: int | None = None) -> "Story":
        """Somebody acts, then or now. Raises Refused."""
        if on is not None:
            self.until(on)
        submitted = Submitted(f"command-{self.case.version}", by, command, version)
        self._happen(decide(self.rules, self.case, submitted, self.now))
        return self

    def refused(self, command: Command, by: Actor, on: str | None = None, version: int | None = None) -> Refused:
        """The refusal with which the command is met; it must be, and must leave the case as it was."""
        if on is not None:
            self.until(on)
        before = self.case
        try:
            self.does(command, by, version=version)
        except Refused as refused:
            assert self.case == before
            return refused
        raise AssertionError(f"{command} was not refused")

    def told(self, kind: type[E]) -> list[E]:
        """What happened of that kind."""
        return [h.event for h in self.events if isinstance(h.event, kind)]

    def when(self, kind: type[Event]) -> list[str | None]:
        """When it happened, by the clocks of the city."""
        return [clock(h.at) for h in self.events if isinstance(h.event, kind)]

    def since(self, version: int) -> list[str]:
        """The kinds of what happened after that version."""
        return [h.event.kind for h in self.events if h.seq > version]

    @property
    def ladder(self) -> list[str]:
        """Every rung that was reached: "2026-03-04 09:00 no_response 1 department_head"."""
        return [f"{clock(h.at)} {e.reason} {e.level} {e.to}" for h, e in self._raised()]

    @property
    def open(self) -> list[str]:
        """The escalations that ask for attention: "no_response 1"."""
        return [f"{e.reason} {e.level}" for e in self.case.open_escalations()]

    @property
    def promised(self) -> str | None:
        """The promise to the resident, by the clocks of the city."""
        return clock(self.case.promised_by)

    @property
    def departments(self) -> list[DepartmentId]:
        """Who has something to do."""
        return [assignment.department for assignment in self.case.live]

    def task(self, id: AssignmentId = A1) -> Assignment:
        """The assignment, which must exist."""
        found = self.case.assignment(id)
        assert found is not None, id
        return found

    def _raised(self) -> Iterator[tuple[Happened, EscalationRaised]]:
        for happened in self.events:
            if isinstance(happened.event, EscalationRaised):
                yield happened, happened.event

    def _happen(self, events: tuple[Happened, ...]) -> None:
        for happened in events:
            self.case = evolve(self.case, happened)
            self.events.append(happened)


def replay(events: list[Happened]) -> Case:
    """The case that these events make, from the first on."""
    case = opened(events[0])
    for happened in events[1:]:
        case = evolve(case, happened)
    return case
