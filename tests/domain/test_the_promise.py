"""The promise to the resident: made once, moved only by a pause, an extension, or urgency."""

from collections.abc import Callable

import pytest

from domain.commands import (
    Accept,
    Assign,
    Close,
    Decline,
    Extend,
    GiveFeedback,
    PauseAssignment,
    ReportProgress,
    Resolve,
    SetUrgent,
    Transfer,
)
from domain.events import DepartmentReminded, PromiseExtended
from domain.words import Cause, DepartmentId, Outcome, Solved
from tests.cases import (
    A1,
    A2,
    A3,
    GREEN,
    HOUSING,
    NOTE,
    POLICE,
    ROADS,
    Story,
    at,
    clock,
    green,
    manager,
    police,
    resident,
    roads,
)

PROMISED = "2026-03-23 09:00"


@pytest.fixture
def story() -> Story:
    return Story().opened(ROADS, on="2026-03-02 09:00")


@pytest.mark.parametrize(
    "happens",
    [
        lambda s: s.does(Accept(A1, planned_for=at("2026-04-20 09:00")), by=roads),
        lambda s: s.does(ReportProgress(A1, NOTE), by=roads),
        lambda s: s.does(Transfer(A1, GREEN, NOTE), by=roads),
        lambda s: s.does(Decline(A1, Cause.CAPACITY, NOTE), by=roads).does(
            Assign((GREEN,)), by=manager, on="2026-03-10 09:00"
        ),
        lambda s: s.does(Assign((GREEN,), instead_of=A1), by=manager),
        lambda s: s.does(Assign((GREEN, POLICE)), by=manager),
        lambda s: s.does(Resolve(A1, NOTE), by=roads).does(GiveFeedback(Solved.NO), by=resident),
        lambda s: s.does(Resolve(A1, NOTE), by=roads).does(Assign((ROADS,)), by=manager),
        lambda s: s.until("2026-06-01 09:00"),
    ],
)
def test_whatever_happens_the_promise_survives(story: Story, happens: Callable[[Story], Story]) -> None:
    story.until("2026-03-03 09:00")
    happens(story)
    assert story.promised == PROMISED


def test_what_nobody_owned_is_promised_when_it_is_first_assigned() -> None:
    story = Story().opened(on="2026-03-02 09:00").does(Assign((ROADS,)), by=manager, on="2026-03-04 09:00")
    assert story.promised == "2026-03-25 09:00"


def test_a_declined_task_with_the_latest_term_keeps_the_promise_until_it_is_placed() -> None:
    story = Story().opened(ROADS, POLICE, on="2026-03-02 09:00")
    story.does(Decline(A1, Cause.NOT_OURS, NOTE), by=roads)
    assert story.promised == PROMISED
    story.does(Assign((GREEN,)), by=manager)
    assert story.promised == clock(story.task(A3).resolve_by) == PROMISED


def test_who_takes_over_two_declined_tasks_has_until_the_promise() -> None:
    story = Story().opened(ROADS, POLICE, on="2026-03-02 09:00")
    story.does(Decline(A1, Cause.NOT_OURS, NOTE), by=roads).does(Decline(A2, Cause.NOT_OURS, NOTE), by=police)
    story.does(Assign((GREEN,)), by=manager)
    assert story.promised == PROMISED


def test_a_case_that_is_closed_while_a_task_awaits_placing_keeps_the_promise_it_had() -> None:
    story = Story().opened(ROADS, POLICE, on="2026-03-02 09:00").does(Decline(A1, Cause.NOT_OURS, NOTE), by=roads)
    story.does(Close(Outcome.EXPLAINED, NOTE), by=manager)
    assert story.promised == PROMISED


def test_a_manager_moves_the_promise_with_a_reason(story: Story) -> None:
    story.does(Extend(A1, at("2026-03-30 12:00"), NOTE), by=manager)
    assert story.promised == "2026-03-30 12:00"
    (moved,) = (h for h in story.events if isinstance(h.event, PromiseExtended))
    assert moved.by is not None and (moved.by.id, moved.by.neighbourhoods) == ("mia", ())
    assert clock(story.task().remind_resolve_at) == "2026-03-30 08:00"


def test_an_extension_leaves_the_term_to_answer(story: Story) -> None:
    story.does(Extend(A1, at("2026-03-30 12:00"), NOTE), by=manager)
    assert clock(story.task().respond_by) == "2026-03-04 09:00"
    story.until("2026-03-03 17:00")
    assert story.when(DepartmentReminded) == ["2026-03-03 14:00"]


def test_an_extension_makes_an_overdue_task_timely_again_until_it_passes_too(story: Story) -> None:
    story.does(Accept(A1, at("2026-05-04 09:00")), by=roads).until("2026-03-24 09:00")
    assert story.open == ["overdue 1"]
    story.does(Extend(A1, at("2026-03-27 09:00"), NOTE), by=manager)
    assert story.open == []
    story.until("2026-03-27 10:00")
    assert story.ladder == ["2026-03-23 09:00 overdue 1 department_head", "2026-03-27 09:00 overdue 1 department_head"]


@pytest.mark.parametrize(
    ("until", "reason"),
    [
        ("2026-03-02 09:00", "The promise moves to a moment in the future."),
        (PROMISED, "The promise moves to a later moment than it has now."),
        ("2026-03-20 09:00", "The promise moves to a later moment than it has now."),
    ],
)
def test_a_promise_only_moves_to_a_later_moment(story: Story, until: str, reason: str) -> None:
    refused = story.refused(Extend(A1, at(until), NOTE), by=manager)
    assert (refused.code, refused.field, refused.reason) == ("invalid", "until", reason)


def test_urgency_shortens_the_terms_of_who_is_at_work(story: Story) -> None:
    story.does(SetUrgent(True, NOTE), by=manager, on="2026-03-03 20:00")
    assert story.case.urgent
    assert story.promised == "2026-03-04 20:00"
    assert clock(story.task().respond_by) == "2026-03-04 00:00"
    assert story.events[-1].rule == "urgent_policy"


def test_urgency_never_lengthens_a_term(story: Story) -> None:
    story.until("2026-03-23 08:00").does(SetUrgent(True, NOTE), by=manager)
    assert story.promised == PROMISED


def test_who_has_answered_gets_no_new_term_to_answer(story: Story) -> None:
    story.does(Accept(A1), by=roads, on="2026-03-03 09:00").does(SetUrgent(True, NOTE), by=manager)
    assert clock(story.task().respond_by) == "2026-03-04 09:00"
    story.until("2026-03-03 16:00")
    assert story.open == []


def test_urgency_during_a_pause_counts_from_its_end(story: Story) -> None:
    story.does(Accept(A1), by=roads)
    story.does(PauseAssignment(A1, Cause.CAPACITY, at("2026-03-10 09:00"), NOTE), by=roads)
    story.does(SetUrgent(True, NOTE), by=manager)
    assert story.promised == "2026-03-11 09:00"
    story.until("2026-03-10 09:00")
    assert story.promised == "2026-03-11 09:00"


def test_urgency_hastens_what_awaits_placing(story: Story) -> None:
    story.does(Decline(A1, Cause.NOT_OURS, NOTE), by=roads, on="2026-03-03 09:00")
    story.does(SetUrgent(True, NOTE), by=manager, on="2026-03-03 18:00").until("2026-03-03 20:00")
    assert story.ladder == ["2026-03-03 19:00 unassigned 1 neighbourhood_manager"]
    story.does(Assign((GREEN,)), by=manager)
    assert story.promised == "2026-03-04 18:00"


def test_going_back_from_urgent_leaves_what_was_promised(story: Story) -> None:
    story.does(SetUrgent(True, NOTE), by=manager, on="2026-03-03 09:00")
    story.does(SetUrgent(False, NOTE), by=manager)
    assert not story.case.urgent
    assert story.promised == "2026-03-04 09:00"


def test_urgency_is_set_once(story: Story) -> None:
    assert story.refused(SetUrgent(False, NOTE), by=manager).reason == "The case is not urgent."
    story.does(SetUrgent(True, NOTE), by=manager)
    assert story.refused(SetUrgent(True, NOTE), by=manager).reason == "The case is urgent already."


@pytest.mark.parametrize("to", [GREEN, HOUSING])
def test_an_extended_promise_is_inherited(story: Story, to: DepartmentId) -> None:
    story.does(Extend(A1, at("2026-04-10 12:00"), NOTE), by=manager).does(Transfer(A1, to, NOTE), by=roads)
    assert story.promised == clock(story.task(A2).resolve_by) == "2026-04-10 12:00"


def test_urgency_keeps_an_extension_that_was_granted_to_an_urgent_case() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00", urgent=True)
    story.does(Extend(A1, at("2026-03-10 09:00"), NOTE), by=manager).does(Transfer(A1, GREEN, NOTE), by=roads)
    story.does(Accept(A2), by=green)
    assert story.promised == "2026-03-10 09:00"
