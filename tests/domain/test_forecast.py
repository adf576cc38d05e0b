"""What is told to happen by itself is what happens."""

from collections.abc import Callable

import pytest

from domain.commands import Accept, Acknowledge, AskResident, Decline, PauseAssignment, Resolve
from domain.events import AssignmentResumed, CaseClosed, DepartmentReminded, EscalationRaised
from domain.forecast import HORIZON, forecast
from domain.time_rules import Act, next_due
from domain.words import Cause, EscalationReason, Rung, Term
from tests.cases import A1, E1, GREEN, NOTE, POLICE, ROADS, Story, at, clock, green, manager, roads, roads_head

ACTS = {
    AssignmentResumed: Act.RESUME,
    DepartmentReminded: Act.REMIND,
    EscalationRaised: Act.ESCALATE,
    CaseClosed: Act.CLOSE,
}


def told(story: Story) -> list[tuple[str | None, Act]]:
    return [(clock(due.at), due.act) for due in forecast(story.rules, story.case, story.now)]


def lived(story: Story) -> list[tuple[str | None, Act]]:
    version = story.case.version
    story.until("2028-01-01 00:00")
    return [(clock(h.at), ACTS[type(h.event)]) for h in story.events if h.seq > version and type(h.event) in ACTS]


STORIES: dict[str, Callable[[], Story]] = {
    "silence": lambda: Story().opened(ROADS, on="2026-03-02 09:00"),
    "two departments": lambda: Story().opened(ROADS, POLICE, on="2026-03-06 16:00"),
    "triage": lambda: Story().opened(on="2026-03-06 23:00"),
    "urgent": lambda: Story().opened(GREEN, on="2026-03-07 23:00", urgent=True),
    "accepted": lambda: Story().opened(ROADS, on="2026-03-02 09:00").does(Accept(A1), by=roads),
    "paused": lambda: (
        Story()
        .opened(ROADS, on="2026-03-02 09:00")
        .does(Accept(A1), by=roads)
        .does(PauseAssignment(A1, Cause.CAPACITY, at("2026-03-08 09:00"), NOTE), by=roads)
    ),
    "asked": lambda: Story().opened(ROADS, on="2026-03-02 09:00").does(AskResident(A1, NOTE), by=manager),
    "acknowledged": lambda: (
        Story().opened(ROADS, on="2026-03-02 09:00").does(Acknowledge(E1), by=roads_head, on="2026-03-05 16:00")
    ),
    "declined": lambda: (
        Story().opened(ROADS, GREEN, on="2026-03-02 09:00").does(Decline(A1, Cause.CAPACITY, NOTE), by=roads)
    ),
    "resolved": lambda: Story().opened(ROADS, on="2026-03-02 09:00").does(Resolve(A1, NOTE), by=roads),
}


@pytest.mark.parametrize("name", STORIES)
def test_the_forecast_is_what_happens_when_nobody_acts(name: str) -> None:
    story = STORIES[name]()
    expected = told(story)
    assert expected
    assert lived(story)[:HORIZON] == expected


def test_the_forecast_says_what_whom_and_which_rung() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00")
    reminder, first, second = forecast(story.rules, story.case, story.now)[:3]
    assert (reminder.act, reminder.assignment, reminder.term) == (Act.REMIND, A1, Term.RESPOND)
    assert (first.reason, first.level, first.to) == (EscalationReason.NO_RESPONSE, 1, Rung.DEPARTMENT_HEAD)
    assert (second.level, second.to) == (2, Rung.NEIGHBOURHOOD_MANAGER)


def test_the_first_of_the_forecast_is_what_the_engine_waits_for() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00")
    assert next_due(story.rules, story.case, story.now) == forecast(story.rules, story.case, story.now)[0].at


def test_a_closed_case_expects_nothing() -> None:
    story = Story().opened(GREEN, on="2026-03-02 09:00").does(Resolve(A1, NOTE), by=green).until("2026-04-01 00:00")
    assert forecast(story.rules, story.case, story.now) == ()
    assert next_due(story.rules, story.case, story.now) is None
