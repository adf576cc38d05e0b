"""One case, several departments: each with its own task and clocks, under one director."""

import pytest

from domain.commands import Accept, AskResident, Assign, Decline, Resolve
from domain.events import FeedbackAsked
from domain.words import Cause, Stage
from tests.cases import A1, A2, A3, GREEN, HOUSING, NOTE, POLICE, ROADS, Story, clock, green, manager, police, roads


@pytest.fixture
def story() -> Story:
    return Story().opened(ROADS, GREEN, on="2026-03-02 09:00")


def test_the_resident_is_asked_when_the_last_one_is_done(story: Story) -> None:
    story.does(Resolve(A1, NOTE), by=roads)
    assert story.told(FeedbackAsked) == []
    story.does(Resolve(A2, NOTE), by=green)
    assert story.case.stage is Stage.RESOLVED
    assert len(story.told(FeedbackAsked)) == 1


def test_the_case_is_where_its_furthest_department_is(story: Story) -> None:
    stages = [story.does(AskResident(id, NOTE), by=by).case.stage for id, by in ((A1, roads), (A2, green))]
    assert stages == [Stage.IN_PROGRESS, Stage.WAITING]


def test_each_department_climbs_its_own_ladder() -> None:
    story = Story().opened(ROADS, POLICE, on="2026-03-06 09:00").does(Accept(A2), by=police, on="2026-03-07 03:00")
    story.until("2026-03-10 09:00")
    assert story.ladder == ["2026-03-10 09:00 no_response 1 department_head"]
    assert story.case.escalations[0].assignment == A1


def test_one_that_declines_leaves_the_others_at_work_while_the_manager_is_asked(story: Story) -> None:
    story.does(Accept(A1), by=roads).does(Decline(A2, Cause.NOT_OURS, NOTE), by=green, on="2026-03-03 09:00")
    assert story.case.stage is Stage.IN_PROGRESS
    assert len(story.case.placements) == 1
    story.until("2026-03-04 09:00")
    assert story.open == ["unassigned 1"]


def test_the_manager_may_leave_a_declined_task_to_a_department_at_work(story: Story) -> None:
    story.does(Decline(A2, Cause.NOT_OURS, NOTE), by=green, on="2026-03-03 09:00").until("2026-03-04 09:00")
    version = story.case.version
    story.does(Assign((ROADS,)), by=manager)
    assert story.since(version) == ["placement_settled", "escalation_cleared"]
    assert story.departments == [ROADS]
    story.does(Resolve(A1, NOTE), by=roads)
    assert story.case.stage is Stage.RESOLVED


def test_while_a_task_awaits_placing_the_case_is_not_resolved(story: Story) -> None:
    story.does(Decline(A2, Cause.NOT_OURS, NOTE), by=green).does(Resolve(A1, NOTE), by=roads)
    assert story.case.stage is Stage.TRIAGE
    assert story.told(FeedbackAsked) == []


def test_what_is_left_may_be_placed_with_a_department_that_was_done(story: Story) -> None:
    story.does(Decline(A2, Cause.NOT_OURS, NOTE), by=green).does(Resolve(A1, NOTE), by=roads)
    story.does(Assign((ROADS,)), by=manager)
    assert story.departments == [ROADS]
    story.does(Resolve(A3, NOTE), by=roads)
    assert story.case.stage is Stage.RESOLVED


def test_one_decision_places_all_that_was_declined(story: Story) -> None:
    story.does(Decline(A1, Cause.NOT_OURS, NOTE), by=roads).does(Decline(A2, Cause.NO_BUDGET, NOTE), by=green)
    story.until("2026-03-04 09:00")
    assert story.open == ["unassigned 1", "unassigned 1"]
    story.does(Assign((HOUSING,)), by=manager)
    assert (story.departments, story.open, story.case.placements) == ([HOUSING], [], ())


def test_everything_that_is_due_at_once_happens_at_once_and_in_order() -> None:
    story = Story().opened(ROADS, GREEN, HOUSING, on="2026-03-02 09:00").until("2026-03-04 09:00")
    raised = [h for h in story.events if h.event.kind == "escalation_raised"]
    assert [clock(h.at) for h in raised] == ["2026-03-04 09:00"] * 3
    assert [h.seq for h in story.events] == list(range(1, len(story.events) + 1))
