"""A task that is passed on, given back, or bounces between departments."""

import pytest

from domain.actor import Actor
from domain.commands import Accept, Assign, Decline, PauseAssignment, Transfer
from domain.events import AssignmentDeclined, AssignmentTransferred, PlacementNeeded
from domain.words import AssignmentState, Cause, DepartmentId, Stage
from tests.cases import (
    A1,
    A2,
    A3,
    A4,
    GREEN,
    HOUSING,
    NOTE,
    POLICE,
    ROADS,
    Story,
    at,
    clock,
    green,
    housing,
    manager,
    police,
    roads,
)


@pytest.fixture
def story() -> Story:
    return Story().opened(ROADS, on="2026-03-02 09:00")


@pytest.fixture
def bounced(story: Story) -> Story:
    """Roads, green, housing, and then once too often."""
    story.does(Transfer(A1, GREEN, NOTE), by=roads, on="2026-03-03 09:00")
    story.does(Transfer(A2, HOUSING, NOTE), by=green, on="2026-03-04 09:00")
    return story.does(Transfer(A3, ROADS, NOTE), by=housing, on="2026-03-05 09:00")


def test_the_other_department_gets_a_term_to_answer_and_the_same_promise(story: Story) -> None:
    story.does(Transfer(A1, GREEN, NOTE), by=roads, on="2026-03-04 08:30")
    assert story.task(A1).state is AssignmentState.TRANSFERRED
    assert story.departments == [GREEN]
    assert clock(story.task(A2).respond_by) == "2026-03-06 08:30"
    assert clock(story.task(A2).resolve_by) == story.promised == "2026-03-23 09:00"
    assert story.case.transfers == 1


def test_passing_on_answers_for_the_department(story: Story) -> None:
    story.does(Transfer(A1, GREEN, NOTE), by=roads, on="2026-03-05 09:00")
    assert story.open == []
    assert clock(story.task(A1).responded_at) == "2026-03-05 09:00"


def test_a_paused_task_takes_along_exactly_what_was_left(story: Story) -> None:
    story.does(Accept(A1), by=roads)
    story.does(PauseAssignment(A1, Cause.CAPACITY, at("2026-03-30 09:00"), NOTE), by=roads, on="2026-03-03 09:00")
    story.does(Transfer(A1, GREEN, NOTE), by=roads, on="2026-03-10 09:00")
    assert story.promised == "2026-03-30 09:00"


@pytest.mark.parametrize(
    ("to", "code", "reason"),
    [
        (DepartmentId("moon"), "invalid", 'There is no department "moon".'),
        (ROADS, "invalid", "The department has this assignment already."),
        (POLICE, "refused", 'Department "police" already works on this case.'),
    ],
)
def test_a_task_goes_to_another_department_that_does_not_have_it_yet(to: DepartmentId, code: str, reason: str) -> None:
    story = Story().opened(ROADS, POLICE, on="2026-03-02 09:00")
    refused = story.refused(Transfer(A1, to, NOTE), by=roads)
    assert (refused.code, refused.reason) == (code, reason)


def test_beyond_the_last_transfer_the_manager_is_alerted_at_once(bounced: Story) -> None:
    assert bounced.case.stage is Stage.TRIAGE
    assert bounced.departments == []
    assert bounced.case.transfers == 2
    assert [e.bounced for e in bounced.told(AssignmentTransferred)] == [False, False, True]
    assert bounced.ladder == ["2026-03-05 09:00 bounced 1 neighbourhood_manager"]
    assert [h.rule for h in bounced.events[-2:]] == ["max_transfers", "max_transfers"]


def test_a_bounced_case_climbs_to_the_leadership_when_the_manager_is_silent(bounced: Story) -> None:
    bounced.until("2026-03-31 00:00")
    assert bounced.ladder[1:] == ["2026-03-09 09:00 bounced 2 city_leadership"]


@pytest.mark.parametrize("chosen", [(ROADS, roads), (POLICE, police)])
def test_what_the_manager_assigns_after_bouncing_binds(bounced: Story, chosen: tuple[DepartmentId, Actor]) -> None:
    department, actor = chosen
    bounced.does(Assign((department,)), by=manager)
    assert bounced.open == []
    assert bounced.promised == "2026-03-23 09:00"
    for command in (Transfer(A4, GREEN, NOTE), Decline(A4, Cause.NOT_OURS, NOTE)):
        assert bounced.refused(command, by=actor).reason.startswith("A manager placed this here for good")


def test_the_manager_may_point_at_the_task_that_bounced(bounced: Story) -> None:
    bounced.does(Assign((POLICE,), instead_of=A3), by=manager)
    assert bounced.departments == [POLICE]
    assert bounced.case.placements == ()


def test_what_a_department_declines_the_manager_places(story: Story) -> None:
    story.does(Decline(A1, Cause.NO_BUDGET, NOTE), by=roads, on="2026-03-03 09:00")
    assert story.case.stage is Stage.TRIAGE
    assert story.told(AssignmentDeclined)[0].cause is Cause.NO_BUDGET
    (need,) = story.told(PlacementNeeded)
    assert (need.assignment, clock(need.place_by), clock(need.resolve_by)) == (
        A1,
        "2026-03-04 09:00",
        "2026-03-23 09:00",
    )
    story.does(Assign((GREEN,), NOTE), by=manager, on="2026-03-03 10:00")
    assert story.departments == [GREEN]
    assert story.promised == "2026-03-23 09:00"


def test_placing_what_was_declined_does_not_bind(story: Story) -> None:
    story.does(Decline(A1, Cause.NOT_OURS, NOTE), by=roads).does(Assign((GREEN,)), by=manager)
    story.does(Transfer(A2, HOUSING, NOTE), by=green)
    assert story.departments == [HOUSING]
