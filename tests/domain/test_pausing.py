"""A task that waits: the resolution clock stands still, and gives back exactly what was left."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.commands import Accept, Answer, AskResident, Extend, PauseAssignment, ReportProgress, Resume
from domain.events import AssignmentResumed, ResidentAsked
from domain.words import AssignmentState, Cause, Stage
from domain.working_time import worked_between
from tests.cases import A1, A2, BY_DAY, GREEN, NOTE, ROADS, Story, at, clock, manager, resident, roads


@pytest.fixture
def story() -> Story:
    return Story().opened(ROADS, on="2026-03-02 09:00").does(Accept(A1), by=roads)


def pause(until: str) -> PauseAssignment:
    return PauseAssignment(A1, Cause.THIRD_PARTY, at(until), NOTE)


def test_a_pause_shows_what_is_promised_if_it_lasts_until_its_end(story: Story) -> None:
    story.does(pause("2026-03-10 09:00"), by=roads, on="2026-03-03 09:00")
    assert story.case.stage is Stage.WAITING
    assert story.promised == "2026-03-30 09:00"


def test_a_pause_ends_by_itself(story: Story) -> None:
    story.does(pause("2026-03-10 09:00"), by=roads, on="2026-03-03 09:00").until("2026-03-10 09:00")
    assert story.case.stage is Stage.IN_PROGRESS
    (resumed,) = (h for h in story.events if isinstance(h.event, AssignmentResumed))
    assert (clock(resumed.at), resumed.rule, resumed.by) == ("2026-03-10 09:00", "pause_ended", None)
    assert story.promised == "2026-03-30 09:00"


def test_resuming_sooner_gives_back_what_was_left_and_no_more(story: Story) -> None:
    story.does(pause("2026-03-24 09:00"), by=roads, on="2026-03-03 09:00")
    story.does(Resume(A1), by=roads, on="2026-03-05 09:00")
    assert story.promised == "2026-03-25 09:00"
    assert clock(story.task().stalled_at) == "2026-03-12 09:00"
    assert clock(story.task().remind_resolve_at) == "2026-03-24 14:00"


def test_an_engine_that_comes_late_does_not_prolong_the_pause(story: Story) -> None:
    story.does(pause("2026-03-10 09:00"), by=roads, on="2026-03-03 09:00")
    story.now = at("2026-03-12 09:00")
    story.until("2026-03-12 09:00")
    assert story.promised == "2026-03-30 09:00"


@given(st.integers(0, 14 * 24 * 60), st.integers(1, 20 * 24 * 60))
def test_whenever_it_pauses_and_resumes_the_working_time_left_is_the_same(after: int, lasting: int) -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00").does(Accept(A1), by=roads)
    story.until(story.now + timedelta(minutes=after))
    left = worked_between(BY_DAY, story.now, story.task().resolve_by)
    until = story.now + timedelta(minutes=lasting)
    story.does(PauseAssignment(A1, Cause.OTHER, until, NOTE), by=roads).until(until)
    assert worked_between(BY_DAY, story.now, story.task().resolve_by) == left


def test_while_it_waits_nobody_is_reminded_and_nothing_climbs(story: Story) -> None:
    story.does(pause("2026-03-30 09:00"), by=roads, on="2026-03-03 09:00")
    version = story.case.version
    story.until("2026-03-30 08:00")
    assert story.since(version) == []


def test_a_ladder_stands_still_while_the_task_waits_and_climbs_on_afterwards(story: Story) -> None:
    story.does(ReportProgress(A1, NOTE, at("2026-04-20 09:00")), by=roads).until("2026-03-23 10:00")
    story.does(pause("2026-04-02 09:00"), by=roads).until("2026-04-30 00:00")
    assert story.ladder[:3] == [
        "2026-03-23 09:00 overdue 1 department_head",
        "2026-04-07 09:00 overdue 2 neighbourhood_manager",
        "2026-04-09 09:00 overdue 3 city_leadership",
    ]


def test_waiting_clears_a_standstill(story: Story) -> None:
    story.until("2026-03-09 10:00")
    assert story.open == ["stalled 1"]
    story.does(pause("2026-03-20 09:00"), by=roads)
    assert story.open == []


@pytest.mark.parametrize(
    ("until", "code", "reason"),
    [
        ("2026-03-02 09:00", "invalid", "A pause ends in the future."),
        ("2026-04-01 10:01", "refused", "A pause may last until 2026-04-01T08:00:00+00:00 at most."),
    ],
)
def test_a_pause_ends_in_the_future_but_not_too_far(story: Story, until: str, code: str, reason: str) -> None:
    refused = story.refused(pause(until), by=roads)
    assert (refused.code, refused.field, refused.reason) == (code, "until", reason)


def test_a_pause_may_last_as_long_as_the_policy_allows(story: Story) -> None:
    story.does(pause("2026-04-01 10:00"), by=roads)
    assert story.case.stage is Stage.WAITING


def test_what_was_not_accepted_cannot_pause() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00")
    assert story.refused(pause("2026-03-10 09:00"), by=roads).reason == "The assignment was not accepted yet."


def test_what_waits_can_neither_pause_nor_be_accepted_nor_make_progress_nor_ask(story: Story) -> None:
    story.does(pause("2026-03-10 09:00"), by=roads)
    assert story.refused(pause("2026-03-12 09:00"), by=roads).reason == "The assignment is paused already."
    assert story.refused(Accept(A1), by=roads).reason == "The assignment is paused: resume it first."
    assert story.refused(ReportProgress(A1, NOTE), by=roads).reason == "The assignment is paused: resume it first."
    assert story.refused(AskResident(A1, NOTE), by=roads).reason == (
        "The assignment is paused already: resume it before asking."
    )


def test_only_what_waits_can_resume(story: Story) -> None:
    assert story.refused(Resume(A1), by=roads).reason == "The assignment is not paused."


def test_a_question_stops_the_clock_until_the_resident_answers(story: Story) -> None:
    asked = story.does(AskResident(A1, NOTE), by=roads, on="2026-03-03 09:00").case.stage
    answered = story.does(Answer(NOTE), by=resident, on="2026-03-05 09:00").case.stage
    assert (asked, answered) == (Stage.WAITING, Stage.IN_PROGRESS)
    assert story.promised == "2026-03-25 09:00"
    assert [(h.event.kind, h.rule) for h in story.events[-2:]] == [
        ("resident_answered", None),
        ("assignment_resumed", "answered"),
    ]


def test_a_question_that_nobody_answers_runs_out(story: Story) -> None:
    story.does(AskResident(A1, NOTE), by=roads, on="2026-03-03 09:00").until("2026-04-02 10:00")
    assert clock(story.told(ResidentAsked)[0].until) == "2026-04-02 10:00"
    assert story.when(AssignmentResumed) == ["2026-04-02 10:00"]


def test_one_answer_sets_every_department_going_that_asked_but_none_that_waits_for_something_else() -> None:
    story = Story().opened(ROADS, GREEN, on="2026-03-02 09:00").does(Accept(A1), by=roads)
    story.does(pause("2026-03-20 09:00"), by=roads).does(AskResident(A2, NOTE), by=manager)
    story.does(Answer(NOTE), by=resident)
    assert story.task(A1).state is AssignmentState.WAITING
    assert story.task(A2).state is AssignmentState.ASSIGNED


def test_without_a_question_there_is_nothing_to_answer(story: Story) -> None:
    story.does(pause("2026-03-20 09:00"), by=roads)
    assert story.refused(Answer(NOTE), by=resident).reason == "No question is open."


def test_a_department_that_asks_has_answered() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00").until("2026-03-04 10:00")
    story.does(AskResident(A1, NOTE), by=roads)
    assert clock(story.task().responded_at) == "2026-03-04 10:00"
    assert story.open == []


def test_a_manager_s_question_does_not_answer_for_the_department() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00").does(AskResident(A1, NOTE), by=manager)
    story.does(Answer(NOTE), by=resident, on="2026-03-10 09:00")
    assert story.task().responded_at is None
    assert story.case.stage is Stage.ASSIGNED
    assert clock(story.task().respond_by) == "2026-03-12 09:00"
    story.until("2026-03-12 09:00")
    assert story.ladder == ["2026-03-12 09:00 no_response 1 department_head"]


def test_a_manager_s_question_holds_the_ladder_of_a_silent_department() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00").until("2026-03-04 10:00")
    story.does(AskResident(A1, NOTE), by=manager).does(Answer(NOTE), by=resident, on="2026-03-10 09:00")
    story.until("2026-03-13 00:00")
    assert story.ladder == [
        "2026-03-04 09:00 no_response 1 department_head",
        "2026-03-12 09:00 no_response 2 neighbourhood_manager",
    ]


def test_a_promise_that_moves_during_a_pause_is_kept_from_its_end(story: Story) -> None:
    story.does(pause("2026-03-10 09:00"), by=roads, on="2026-03-03 09:00")
    story.does(Extend(A1, at("2026-04-08 09:00"), NOTE), by=manager)
    assert story.promised == "2026-04-08 09:00"
    story.until("2026-03-10 09:00")
    assert story.promised == "2026-04-08 09:00"
