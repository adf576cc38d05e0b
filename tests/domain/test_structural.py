"""A structural case: a plan of actions for several departments, looked at until it is done."""

import pytest

from domain.commands import Accept, AskResident, Assign, Close, Decline, GiveFeedback, MergeInto, Resolve, Transfer
from domain.events import DepartmentAssigned, FeedbackAsked
from domain.forecast import forecast
from domain.options import options
from domain.structural.commands import Bundle, PlanAction, RecordReview, Unbundle
from domain.structural.events import IssuesBundled, ReviewDue, Reviewed
from domain.structural.state import Structure
from domain.words import CaseId, Cause, DepartmentId, Kind, NoteId, Outcome, Solved, Stage
from tests.cases import (
    A1,
    A2,
    A3,
    GREEN,
    NOTE,
    POLICE,
    ROADS,
    Story,
    administrator,
    at,
    clock,
    green,
    leadership,
    manager,
    manager_elsewhere,
    resident,
    roads,
    warden,
)

LIGHT, HEDGE = NoteId("more light"), NoteId("lower the hedge")
MONDAY = "2026-03-02 09:00"


def structure_of(story: Story) -> Structure:
    assert story.case.structure is not None
    return story.case.structure


@pytest.fixture
def story() -> Story:
    return Story().begun("i1", "i2", on=MONDAY)


def test_a_manager_opens_it_with_its_issues_and_nobody_has_anything_to_do_yet(story: Story) -> None:
    structure = structure_of(story)
    assert (story.case.kind, story.case.stage, story.case.placements) == (Kind.STRUCTURAL, Stage.RECEIVED, ())
    assert structure.issues == (CaseId("i1"), CaseId("i2"))
    assert clock(structure.review_at) == "2026-03-30 09:00", "20 working days on"
    assert all(happened.by == manager.signature() for happened in story.events)


def test_each_action_has_clocks_of_its_own_and_a_department_may_have_several(story: Story) -> None:
    story.does(PlanAction(ROADS, LIGHT), manager).does(PlanAction(GREEN, HEDGE, at("2026-06-30 17:00")), manager)
    story.does(PlanAction(ROADS, HEDGE, at("2026-03-03 12:00")), manager)
    tasks = [(a.department, a.task, clock(a.respond_by), clock(a.resolve_by)) for a in story.case.live]
    assert tasks == [
        (ROADS, LIGHT, "2026-03-04 09:00", "2026-03-23 09:00"),
        (GREEN, HEDGE, "2026-03-04 09:00", "2026-06-30 17:00"),
        (ROADS, HEDGE, "2026-03-03 12:00", "2026-03-03 12:00"),
    ]
    story.until("2026-03-04 10:00")
    assert story.open == ["no_response 1", "overdue 1", "no_response 1", "no_response 1"]


def test_an_action_keeps_what_is_to_be_done_through_every_hand(story: Story) -> None:
    story.does(PlanAction(ROADS, LIGHT), manager).does(Transfer(A1, GREEN, NOTE), roads)
    assert story.task(A2).task == LIGHT
    story.does(Decline(A2, Cause.NOT_OURS, NOTE), green).does(Assign((POLICE,)), manager)
    assert (story.task(A3).department, story.task(A3).task) == (POLICE, LIGHT)
    story.does(Assign((ROADS,), None, A3), manager)
    assert story.case.live[0].task == LIGHT


def test_two_actions_that_were_given_back_are_both_placed_even_with_who_is_at_work(story: Story) -> None:
    for action in (LIGHT, HEDGE):
        story.does(PlanAction(ROADS, action), manager)
    story.does(PlanAction(GREEN, NOTE), manager)
    for task in (A1, A2):
        story.does(Decline(task, Cause.CAPACITY, NOTE), roads)
    story.does(Assign((GREEN,)), manager)
    assert [(a.department, a.task) for a in story.case.live] == [(GREEN, NOTE), (GREEN, LIGHT), (GREEN, HEDGE)]


def test_a_review_falls_due_at_its_time_and_is_escalated_to_leadership_when_nobody_looks(story: Story) -> None:
    story.until("2026-04-10 17:00")
    assert story.when(ReviewDue) == ["2026-03-30 09:00"]
    assert story.ladder == [
        "2026-03-31 09:00 stalled 1 neighbourhood_manager",
        "2026-04-02 09:00 stalled 2 city_leadership",
    ]
    story.does(RecordReview(NOTE), manager, on="2026-04-13 09:00")
    assert story.open == []
    assert clock(story.told(Reviewed)[0].next_at) == "2026-05-12 09:00", "20 working days on, May Day left out"
    [review] = structure_of(story).reviews
    assert clock(review.at) == "2026-04-13 09:00"


def test_what_comes_is_foretold(story: Story) -> None:
    story.does(RecordReview(NOTE, at("2026-03-16 11:00")), manager)
    told = [(clock(due.at), due.act, due.reason, due.to) for due in forecast(story.rules, story.case, story.now)]
    assert told == [
        ("2026-03-16 11:00", "review", None, None),
        ("2026-03-17 11:00", "escalate", "stalled", "neighbourhood_manager"),
        ("2026-03-19 11:00", "escalate", "stalled", "city_leadership"),
    ]


def test_when_every_action_is_done_no_resident_is_asked_and_the_plan_is_looked_at(story: Story) -> None:
    story.does(PlanAction(ROADS, LIGHT), manager).does(PlanAction(GREEN, HEDGE), manager)
    story.does(Resolve(A1, NOTE), roads, on="2026-03-05 09:00")
    assert story.told(ReviewDue) == []
    story.does(Resolve(A2, NOTE), green, on="2026-03-06 09:00")
    assert story.told(FeedbackAsked) == []
    assert (story.case.stage, story.when(ReviewDue)) == (Stage.RESOLVED, ["2026-03-06 09:00"])
    assert story.events[-1].rule == "actions_done"
    assert clock(structure_of(story).done_at) == "2026-03-06 09:00"
    story.does(PlanAction(ROADS, HEDGE), manager, on="2026-03-06 10:00")
    assert structure_of(story).done_at is None


def test_it_closes_once_no_action_is_under_way(story: Story) -> None:
    story.does(PlanAction(ROADS, LIGHT), manager).does(Accept(A1), roads)
    refused = story.refused(Close(Outcome.SOLVED, NOTE), manager)
    assert (refused.rule, refused.reason) == ("actions_under_way", "There are actions under way: a1 (roads).")
    story.does(Resolve(A1, NOTE), roads).does(Close(Outcome.SOLVED, NOTE), manager)
    assert (story.case.stage, story.open) == (Stage.CLOSED, [])
    assert forecast(story.rules, story.case, story.now) == ()


def test_issues_come_and_go(story: Story) -> None:
    story.does(Bundle((CaseId("i2"), CaseId("i3"), CaseId("i3"))), manager)
    assert story.told(IssuesBundled)[-1].cases == (CaseId("i3"),)
    story.does(Unbundle(CaseId("i1")), manager)
    assert structure_of(story).issues == (CaseId("i2"), CaseId("i3"))
    assert story.refused(Unbundle(CaseId("i1")), manager).rule == "not_bundled"
    assert story.refused(Bundle((CaseId("i2"),)), manager).rule == "bundled_already"
    assert story.refused(Bundle(()), manager).rule == "no_case_named"
    assert story.refused(Bundle((CaseId("c1"),)), manager).rule == "joins_itself"
    assert story.refused(Bundle(tuple(CaseId(f"x{n}") for n in range(199))), manager).rule == "too_many"


def test_what_lies_behind_is_no_time_for_an_action_or_a_review(story: Story) -> None:
    yesterday = at("2026-03-01 09:00")
    assert story.refused(PlanAction(ROADS, NOTE, yesterday), manager).rule == "action_ends_later"
    assert story.refused(RecordReview(NOTE, yesterday), manager).rule == "review_later"
    assert story.refused(PlanAction(DepartmentId("moon"), NOTE), manager).field == "department"


@pytest.mark.parametrize("who", [roads, warden, leadership, manager_elsewhere])
def test_only_its_manager_works_on_the_plan(story: Story, who: object) -> None:
    for command in (PlanAction(ROADS, NOTE), RecordReview(NOTE), Bundle((CaseId("i3"),)), Unbundle(CaseId("i1"))):
        assert story.refused(command, who).code == "forbidden"  # type: ignore[arg-type]


def test_what_is_for_issues_is_not_for_it_and_the_other_way_round(story: Story) -> None:
    story.does(PlanAction(ROADS, LIGHT), administrator)
    for command in (AskResident(A1, NOTE), MergeInto(CaseId("c2"))):
        assert story.refused(command, manager).code == "forbidden"
    assert story.refused(GiveFeedback(Solved.YES), resident).code == "forbidden"
    issue = Story().opened(ROADS, on=MONDAY)
    assert issue.refused(PlanAction(GREEN, NOTE), manager).code == "forbidden"
    offered = {one.command for one in options(story.rules, story.case, manager, story.now) if one.allowed}
    assert {"plan_action", "bundle", "unbundle", "review"} <= offered
    assert "plan_action" not in {one.command for one in options(issue.rules, issue.case, manager, issue.now)}


def test_an_action_tells_what_is_to_be_done(story: Story) -> None:
    story.does(PlanAction(ROADS, LIGHT), manager)
    assert story.told(DepartmentAssigned)[0].task == LIGHT
