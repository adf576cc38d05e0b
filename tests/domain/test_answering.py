"""A department answers: it accepts, tells how far it is, and does its part."""

import pytest

from domain.commands import Accept, Comment, ReportProgress, Resolve
from domain.events import CommentAdded, DepartmentReminded, FeedbackAsked
from domain.words import AssignmentId, AssignmentState, NoteId, Stage, Term
from tests.cases import A1, GREEN, NOTE, ROADS, Story, at, clock, green, manager, roads, warden


@pytest.fixture
def story() -> Story:
    return Story().opened(ROADS, on="2026-03-02 09:00")


def test_accepting_takes_the_task_on_and_answers(story: Story) -> None:
    story.does(Accept(A1), by=roads, on="2026-03-03 10:00")
    assert story.case.stage is Stage.IN_PROGRESS
    assert clock(story.task().responded_at) == "2026-03-03 10:00"
    assert clock(story.task().stalled_at) == "2026-03-10 10:00"


def test_a_task_is_accepted_once(story: Story) -> None:
    story.does(Accept(A1), by=roads)
    assert story.refused(Accept(A1), by=roads).reason == "This assignment was accepted before."


def test_silence_counts_from_the_day_that_the_work_is_planned_for(story: Story) -> None:
    story.does(Accept(A1, planned_for=at("2026-03-12 09:00")), by=roads)
    assert clock(story.task().planned_for) == "2026-03-12 09:00"
    assert clock(story.task().stalled_at) == "2026-03-19 09:00"


def test_work_is_planned_in_the_future(story: Story) -> None:
    refused = story.refused(Accept(A1, planned_for=story.now), by=roads)
    assert (refused.code, refused.field) == ("invalid", "planned_for")
    refused = story.refused(ReportProgress(A1, NOTE, planned_for=at("2026-03-01 09:00")), by=roads)
    assert (refused.code, refused.field) == ("invalid", "planned_for")


def test_a_first_sign_of_progress_accepts_the_task(story: Story) -> None:
    version = story.case.version
    story.does(ReportProgress(A1, NOTE), by=roads)
    assert story.since(version) == ["assignment_accepted", "progress_reported"]
    assert story.task().state is AssignmentState.IN_PROGRESS


def test_each_sign_of_progress_starts_the_silence_anew_and_keeps_the_plan(story: Story) -> None:
    story.does(Accept(A1, planned_for=at("2026-03-05 09:00")), by=roads)
    story.does(ReportProgress(A1, NOTE), by=roads, on="2026-03-06 09:00")
    assert clock(story.task().planned_for) == "2026-03-05 09:00"
    assert clock(story.task().stalled_at) == "2026-03-13 09:00"
    story.does(ReportProgress(A1, NOTE, planned_for=at("2026-03-10 09:00")), by=roads)
    assert clock(story.task().planned_for) == "2026-03-10 09:00"


def test_doing_one_s_part_asks_the_resident(story: Story) -> None:
    story.does(Resolve(A1, NOTE), by=roads, on="2026-03-03 10:00")
    assert story.case.stage is Stage.RESOLVED
    assert clock(story.task().responded_at) == clock(story.task().resolved_at) == "2026-03-03 10:00"
    (asked,) = (h for h in story.events if isinstance(h.event, FeedbackAsked))
    assert (asked.rule, asked.by) == ("feedback_within", None)
    assert clock(story.case.feedback_until) == "2026-03-17 10:00"


def test_nothing_more_can_be_done_with_a_task_that_is_done(story: Story) -> None:
    story.does(Resolve(A1, NOTE), by=roads)
    assert (
        story.refused(Accept(A1), by=roads).reason == "This assignment is resolved: nothing more can be done with it."
    )


def test_a_task_that_does_not_exist_is_a_mistake_in_the_field(story: Story) -> None:
    refused = story.refused(Accept(AssignmentId("a9")), by=roads)
    assert (refused.code, refused.field, refused.reason) == (
        "invalid",
        "assignment",
        'This case has no assignment "a9".',
    )


def test_the_department_is_reminded_before_either_term_within_its_hours(story: Story) -> None:
    story.until("2026-03-24 00:00")
    assert story.told(DepartmentReminded) == [
        DepartmentReminded(A1, Term.RESPOND),
        DepartmentReminded(A1, Term.RESOLVE),
    ]
    assert story.when(DepartmentReminded) == ["2026-03-03 14:00", "2026-03-20 14:00"]
    assert {h.rule for h in story.events if isinstance(h.event, DepartmentReminded)} == {"remind_before"}


def test_who_has_answered_is_not_reminded_to_answer(story: Story) -> None:
    story.does(Accept(A1), by=roads).until("2026-03-19 00:00")
    assert story.told(DepartmentReminded) == []


def test_a_reminder_that_the_engine_missed_is_sent_late_but_never_after_the_term(story: Story) -> None:
    story.now = at("2026-03-03 15:30")
    story.until("2026-03-03 16:00")
    assert story.when(DepartmentReminded) == ["2026-03-03 15:30"]
    late = Story().opened(ROADS, on="2026-03-02 09:00")
    late.now = at("2026-03-04 09:00")
    late.until("2026-03-04 12:00")
    assert late.told(DepartmentReminded) == []


def test_any_of_the_staff_may_remark_something(story: Story) -> None:
    for someone in (roads, green, manager, warden):
        story.does(Comment(NoteId(someone.id), public=False), by=someone)
    assert [(e.note, e.public) for e in story.told(CommentAdded)] == [
        ("rik", False),
        ("gert", False),
        ("mia", False),
        ("wim", False),
    ]
    assert story.case.stage is Stage.ASSIGNED


def test_a_command_on_a_case_that_moved_on_is_stale() -> None:
    story = Story().opened(ROADS, GREEN, on="2026-03-02 09:00")
    read = story.case.version
    story.does(Accept(A1), by=roads, version=read)
    refused = story.refused(Accept(A1), by=roads, version=read)
    assert (refused.code, refused.reason) == ("stale", "The case moved on: it is at version 4, not 3.")


def test_what_is_not_one_s_to_do_is_said_before_anything_about_the_case(story: Story) -> None:
    assert story.refused(Accept(A1), by=green, version=99).code == "forbidden"
