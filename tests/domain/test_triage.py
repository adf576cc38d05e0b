"""What no department owns is placed by the neighbourhood manager."""

from dataclasses import replace

import pytest

from domain.commands import Acknowledge, Assign, Close
from domain.words import AssignmentId, AssignmentState, DepartmentId, Outcome, Rung, Stage
from tests.cases import (
    A1,
    E1,
    GREEN,
    NOTE,
    POLICE,
    ROADS,
    STANDARD,
    Story,
    clock,
    manager,
    rulebook,
)


@pytest.fixture
def story() -> Story:
    return Story().opened(on="2026-03-02 09:00")


def test_the_manager_places_it(story: Story) -> None:
    story.does(Assign((ROADS, GREEN), NOTE), by=manager, on="2026-03-02 15:00")
    assert story.case.stage is Stage.ASSIGNED
    assert story.departments == [ROADS, GREEN]
    assert [h.event.kind for h in story.events[2:]] == [
        "placement_settled",
        "department_assigned",
        "department_assigned",
    ]
    assert all(h.by is not None and h.by.id == "mia" for h in story.events[2:])


def test_a_manager_who_does_not_place_it_is_alerted_and_then_the_leadership(story: Story) -> None:
    story.until("2026-04-01 00:00")
    assert story.ladder == [
        "2026-03-03 09:00 unassigned 1 neighbourhood_manager",
        "2026-03-05 09:00 unassigned 2 city_leadership",
    ]
    assert story.case.stage is Stage.TRIAGE


def test_placing_it_clears_the_alarm(story: Story) -> None:
    story.does(Assign((ROADS,)), by=manager, on="2026-03-04 09:00")
    assert story.open == []
    assert [h.rule for h in story.events if h.event.kind == "escalation_cleared"] == ["triage_within"]


def test_the_manager_may_take_it_up_and_place_it_somewhat_later(story: Story) -> None:
    story.does(Acknowledge(E1), by=manager, on="2026-03-05 08:30").until("2026-03-09 08:00")
    assert len(story.ladder) == 1
    assert story.until("2026-03-09 08:30").ladder[1:] == ["2026-03-09 08:30 unassigned 2 city_leadership"]


def test_a_city_whose_ladder_knows_only_heads_still_alerts_the_manager() -> None:
    rules = rulebook(replace(STANDARD, ladder=(Rung.DEPARTMENT_HEAD,)))
    story = Story(rules).opened(on="2026-03-02 09:00").until("2026-03-20 00:00")
    assert story.ladder == ["2026-03-03 09:00 unassigned 1 neighbourhood_manager"]


def test_an_urgent_case_is_placed_within_the_hour_day_and_night() -> None:
    story = Story().opened(on="2026-03-07 22:00", urgent=True).until("2026-03-07 23:00")
    assert story.ladder == ["2026-03-07 23:00 unassigned 1 neighbourhood_manager"]


@pytest.mark.parametrize(
    ("departments", "reason"),
    [
        ((), "Name at least one department."),
        ((GREEN, GREEN), "Each department is named once."),
        ((DepartmentId("moon"),), 'There is no department "moon".'),
    ],
)
def test_a_placement_names_known_departments_once(
    story: Story, departments: tuple[DepartmentId, ...], reason: str
) -> None:
    refused = story.refused(Assign(departments), by=manager)
    assert (refused.code, refused.field, refused.reason) == ("invalid", "departments", reason)


def test_the_manager_adds_a_department_to_those_at_work() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00").does(Assign((ROADS, GREEN)), by=manager)
    assert story.departments == [ROADS, GREEN]
    assert story.refused(Assign((GREEN,)), by=manager).reason == "These departments already work on this case."


def test_the_manager_gives_it_to_another_instead() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00").until("2026-03-05 09:00")
    story.does(Assign((GREEN,), instead_of=A1), by=manager)
    assert story.task(A1).state is AssignmentState.REPLACED
    assert story.departments == [GREEN]
    assert story.open == []


def test_instead_of_names_a_live_task_of_another_department() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00")
    assert story.refused(Assign((ROADS,), instead_of=A1), by=manager).reason == (
        "The department has this assignment already."
    )
    assert story.refused(Assign((GREEN,), instead_of=AssignmentId("a7")), by=manager).field == "assignment"
    story.does(Assign((GREEN,), instead_of=A1), by=manager)
    assert story.refused(Assign((POLICE,), instead_of=A1), by=manager).reason == (
        "This assignment is replaced: nothing more can be done with it."
    )


@pytest.mark.parametrize("outcome", [Outcome.SOLVED, Outcome.EXPLAINED, Outcome.DECLINED])
def test_the_manager_ends_a_case_with_a_reason(story: Story, outcome: Outcome) -> None:
    story.until("2026-03-04 09:00").does(Close(outcome, NOTE), by=manager)
    assert (story.case.stage, story.case.outcome, story.open) == (Stage.CLOSED, outcome, [])
    assert clock(story.case.closed_at) == "2026-03-04 09:00"


@pytest.mark.parametrize("outcome", [Outcome.MERGED, Outcome.WITHDRAWN, Outcome.NO_FEEDBACK, Outcome.ADOPTED])
def test_other_outcomes_are_not_the_manager_s_to_choose(story: Story, outcome: Outcome) -> None:
    refused = story.refused(Close(outcome, NOTE), by=manager)
    assert (refused.code, refused.field) == ("invalid", "outcome")
    assert refused.reason == "A manager closes a case as declined, explained, solved."
