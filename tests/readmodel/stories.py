"""Stories that may befall a case, made by the rules themselves."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import strategies as st

from domain.actor import Actor
from domain.case import Case
from domain.commands import (
    Accept,
    Acknowledge,
    Answer,
    AskResident,
    Assign,
    Command,
    Comment,
    Decline,
    Extend,
    GiveFeedback,
    PauseAssignment,
    ReportProgress,
    Resolve,
    Resume,
    SetUrgent,
    Submitted,
    Support,
    Transfer,
)
from domain.decide import decide, pass_time
from domain.events import Happened
from domain.evolve import evolve, opened
from domain.opening import Opening, open_case
from domain.refusal import Refused
from domain.words import CaseId, Cause, Kind, NoteId, Role, Solved
from tests.readmodel.town import CITY, DIRECTOR, GREEN, HEIDE, MORNING, RESIDENT, ROADS, rules_for

CASE = CaseId("00000000-0000-7000-8000-000000000001")


@st.composite
def stories(draw: st.DrawFn) -> tuple[Happened, ...]:
    """A case from its opening on, as far as the drawn commands and hours bring it."""
    service = draw(st.sampled_from(list(CITY.services)))
    departments = CITY.services[service].departments
    opening = Opening(CASE, "2026-000001", Kind.ISSUE, service, HEIDE, draw(st.booleans()), departments)
    story = open_case(rules_for(service, HEIDE), opening, MORNING)
    return _went_on(draw, story, "c")


@st.composite
def two_ends_of_a_story(draw: st.DrawFn) -> tuple[tuple[Happened, ...], tuple[Happened, ...]]:
    """Two stories with the same beginning, each going on in its own way."""
    one = draw(stories())
    ends = [
        place for place in range(2, len(one) + 1) if place == len(one) or _step(one[place]) != _step(one[place - 1])
    ]
    return one, _went_on(draw, one[: draw(st.sampled_from(ends))], "d")


def _step(happened: Happened) -> object:
    return happened.at, happened.command_id


def _went_on(draw: st.DrawFn, beginning: tuple[Happened, ...], commands: str) -> tuple[Happened, ...]:
    story, now = list(beginning), beginning[-1].at
    case = _after(opened(story[0]), story)
    rules = rules_for(case.service, HEIDE)
    for step in range(draw(st.integers(0, 12))):
        now += timedelta(hours=draw(st.sampled_from([0, 1, 30, 100, 400])))
        passed = pass_time(rules, case, now)
        story, case = [*story, *passed], _after(case, passed)
        by, command = draw(st.sampled_from(_possible(case, now)))
        try:
            done = decide(rules, case, Submitted(f"{commands}{step}", by, command), now)
        except Refused:
            continue
        story, case = [*story, *done], _after(case, done)
    return tuple(story)


def _after(case: Case, events: Sequence[Happened]) -> Case:
    for happened in events:
        case = evolve(case, happened)
    return case


def _possible(case: Case, now: datetime) -> list[tuple[Actor, Command]]:
    note, then = NoteId("n1"), now + timedelta(days=3)
    found: list[tuple[Actor, Command]] = [
        (DIRECTOR, Assign((GREEN,), note)),
        (DIRECTOR, SetUrgent(not case.urgent, note)),
        (DIRECTOR, Comment(note, public=True)),
        (RESIDENT, Support()),
        (RESIDENT, Answer(note)),
        (RESIDENT, GiveFeedback(Solved.YES, 4, note)),
        (RESIDENT, GiveFeedback(Solved.NO)),
    ]
    for task in case.live:
        member = Actor(Role.DEPARTMENT, "user:member", task.department)
        found += (
            (member, Accept(task.id)),
            (member, Decline(task.id, Cause.NOT_OURS, note)),
            (member, Transfer(task.id, GREEN if task.department == ROADS else ROADS, note)),
            (member, ReportProgress(task.id, note)),
            (member, PauseAssignment(task.id, Cause.CAPACITY, then, note)),
            (member, Resume(task.id)),
            (member, AskResident(task.id, note)),
            (member, Resolve(task.id, note)),
            (DIRECTOR, Extend(task.id, task.resolve_by + timedelta(days=2), note)),
        )
    found += ((DIRECTOR, Acknowledge(escalation.id, cause=Cause.NO_BUDGET)) for escalation in case.open_escalations())
    return found
