"""What holds a case back, since when, and by which cause."""

import pytest

from domain.commands import (
    Accept,
    Acknowledge,
    AskResident,
    Assign,
    Close,
    Decline,
    GiveFeedback,
    PauseAssignment,
    Resolve,
    Resume,
    Transfer,
)
from domain.limits import Limit, waits
from domain.words import Cause, Outcome, Solved
from tests.cases import (
    A1,
    A2,
    A3,
    E1,
    E2,
    GREEN,
    NOTE,
    POLICE,
    ROADS,
    Story,
    at,
    clock,
    green,
    manager,
    resident,
    roads,
    roads_head,
)


@pytest.fixture
def story() -> Story:
    return Story().opened(ROADS, on="2026-03-02 09:00")


def held(story: Story) -> list[str]:
    """ "pause a1 capacity since 2026-03-02 10:00"."""
    return [f"{w.what} {w.source} {w.cause or 'not named'} since {clock(w.since)}" for w in waits(story.case)]


def test_nothing_holds_back_what_is_on_its_way(story: Story) -> None:
    assert held(story.does(Accept(A1), by=roads, on="2026-03-02 10:00")) == []


def test_a_pause_holds_back_until_the_task_goes_on(story: Story) -> None:
    story.does(Accept(A1), by=roads, on="2026-03-02 10:00")
    story.does(PauseAssignment(A1, Cause.CAPACITY, at("2026-03-09 10:00"), NOTE), by=roads, on="2026-03-03 11:00")
    assert held(story) == ["pause a1 capacity since 2026-03-03 11:00"]
    assert held(story.does(Resume(A1), by=roads, on="2026-03-04 11:00")) == []


def test_a_pause_that_ends_by_itself_holds_back_no_longer(story: Story) -> None:
    story.does(Accept(A1), by=roads, on="2026-03-02 10:00")
    story.does(PauseAssignment(A1, Cause.CAPACITY, at("2026-03-04 10:00"), NOTE), by=roads, on="2026-03-03 11:00")
    assert held(story.until("2026-03-04 10:00")) == []


def test_a_question_to_the_resident_is_no_limit_of_the_city(story: Story) -> None:
    story.does(AskResident(A1, NOTE), by=roads, on="2026-03-02 10:00")
    assert held(story) == []


def test_a_decline_holds_back_until_the_manager_has_placed_the_task(story: Story) -> None:
    story.does(Decline(A1, Cause.NOT_OURS, NOTE), by=roads, on="2026-03-02 10:00")
    assert held(story) == ["decline a1 not_ours since 2026-03-02 10:00"]
    assert held(story.does(Assign((GREEN,)), by=manager, on="2026-03-02 11:00")) == []


def test_a_case_that_is_closed_is_held_back_by_nothing(story: Story) -> None:
    story.does(Accept(A1), by=roads, on="2026-03-02 10:00")
    story.does(PauseAssignment(A1, Cause.CAPACITY, at("2026-03-09 10:00"), NOTE), by=roads, on="2026-03-03 11:00")
    assert held(story.does(Close(Outcome.EXPLAINED, NOTE), by=manager, on="2026-03-03 12:00")) == []


def test_an_escalation_holds_back_from_its_first_rung_until_it_is_cleared(story: Story) -> None:
    story.until("2026-03-10 09:00")
    assert len(story.open) == 3
    assert held(story) == ["escalation e1 not named since 2026-03-04 09:00"]
    assert held(story.does(Accept(A1), by=roads, on="2026-03-10 10:00")) == []


def test_an_escalation_has_the_cause_that_the_department_named_last(story: Story) -> None:
    story.does(Accept(A1), by=roads, on="2026-03-02 10:00")
    story.does(PauseAssignment(A1, Cause.NO_BUDGET, at("2026-03-03 12:00"), NOTE), by=roads, on="2026-03-03 11:00")
    story.does(PauseAssignment(A1, Cause.THIRD_PARTY, at("2026-03-04 12:00"), NOTE), by=roads, on="2026-03-04 11:00")
    assert held(story.until("2026-03-13 09:00")) == ["escalation e1 third_party since 2026-03-11 13:00"]


def test_what_nobody_places_is_escalated_for_the_cause_of_the_decline(story: Story) -> None:
    story.does(Decline(A1, Cause.NO_REGULATION, NOTE), by=roads, on="2026-03-02 10:00").until("2026-03-04 09:00")
    assert [(w.what, w.cause) for w in waits(story.case)] == [
        (Limit.DECLINE, Cause.NO_REGULATION),
        (Limit.ESCALATION, Cause.NO_REGULATION),
    ]


def test_whoever_takes_over_inherits_the_cause_until_they_name_their_own(story: Story) -> None:
    story.does(Decline(A1, Cause.NO_REGULATION, NOTE), by=roads, on="2026-03-02 10:00")
    story.does(Assign((GREEN,)), by=manager, on="2026-03-02 11:00").until("2026-03-05 09:00")
    assert [w.cause for w in waits(story.case)] == [Cause.NO_REGULATION]
    story.does(Accept(A2), by=green)
    story.does(PauseAssignment(A2, Cause.CAPACITY, at("2026-03-06 09:00"), NOTE), by=green).until("2026-03-16 09:00")
    assert [w.cause for w in waits(story.case)] == [Cause.CAPACITY]


def test_a_task_that_is_passed_on_takes_its_cause_along(story: Story) -> None:
    story.does(Accept(A1), by=roads, on="2026-03-02 10:00")
    story.does(PauseAssignment(A1, Cause.CAPACITY, at("2026-03-03 12:00"), NOTE), by=roads, on="2026-03-03 11:00")
    story.does(Transfer(A1, GREEN, NOTE), by=roads, on="2026-03-03 14:00").until("2026-03-06 09:00")
    assert [(w.assignment, w.cause) for w in waits(story.case)] == [(A2, Cause.CAPACITY)]


def test_a_department_that_worked_beside_it_all_the_time_inherits_nothing() -> None:
    story = Story().opened(ROADS, POLICE, on="2026-03-02 09:00")
    story.does(Decline(A1, Cause.NO_BUDGET, NOTE), by=roads, on="2026-03-02 10:00")
    story.does(Assign((GREEN,)), by=manager, on="2026-03-02 11:00").until("2026-03-04 09:00")
    assert [(w.assignment, w.cause) for w in waits(story.case)] == [(A2, None)]


def test_whoever_takes_an_escalation_up_may_name_the_cause_for_its_whole_ladder(story: Story) -> None:
    story.does(Acknowledge(E1, cause=Cause.CAPACITY), by=roads_head, on="2026-03-04 10:00")
    assert held(story) == ["escalation e1 capacity since 2026-03-04 09:00"]
    story.until("2026-03-12 09:00")
    assert {e.cause for e in story.case.open_escalations()} == {Cause.CAPACITY}
    assert len(story.case.open_escalations()) == 3


def test_the_cause_that_is_named_last_wins_and_taking_up_without_one_leaves_it(story: Story) -> None:
    story.does(Acknowledge(E1, cause=Cause.CAPACITY), by=roads_head, on="2026-03-04 10:00").until("2026-03-06 10:00")
    story.does(Acknowledge(E2, cause=Cause.THIRD_PARTY), by=manager, on="2026-03-09 10:00")
    assert [w.cause for w in waits(story.case)] == [Cause.THIRD_PARTY]
    story.does(Acknowledge(E1), by=roads_head, on="2026-03-10 10:00")
    assert [w.cause for w in waits(story.case)] == [Cause.THIRD_PARTY]


def test_a_named_cause_goes_before_the_one_of_the_task(story: Story) -> None:
    story.does(Decline(A1, Cause.NOT_OURS, NOTE), by=roads, on="2026-03-02 10:00").until("2026-03-04 09:00")
    raised = story.case.open_escalations()[-1]
    story.does(Acknowledge(raised.id, cause=Cause.NO_BUDGET), by=manager)
    assert [(w.what, w.cause) for w in waits(story.case)] == [
        (Limit.DECLINE, Cause.NOT_OURS),
        (Limit.ESCALATION, Cause.NO_BUDGET),
    ]


def test_a_new_ladder_begins_without_the_cause_of_the_one_before(story: Story) -> None:
    story.does(Acknowledge(E1, cause=Cause.CAPACITY), by=roads_head, on="2026-03-04 10:00")
    story.does(Accept(A1), by=roads, on="2026-03-04 11:00").until("2026-03-12 09:00")
    assert held(story) == ["escalation e2 not named since 2026-03-11 11:00"]


def test_a_dispute_has_no_cause_until_somebody_names_it(story: Story) -> None:
    for task in (A1, A2, A3):
        story.does(Resolve(task, NOTE), by=roads, on="2026-03-02 10:00").does(GiveFeedback(Solved.NO), by=resident)
    assert held(story) == ["escalation e1 not named since 2026-03-02 10:00"]
    story.does(Acknowledge(E1, cause=Cause.INDIVIDUAL_CIRCUMSTANCES), by=manager)
    assert held(story) == ["escalation e1 individual_circumstances since 2026-03-02 10:00"]
