"""The resident says whether it was really solved; who is not satisfied gets a new round."""

import pytest

from domain.commands import Accept, Assign, GiveFeedback, Resolve, Transfer
from domain.events import FeedbackGiven
from domain.words import AssignmentId, NoteId, Outcome, Solved, Stage
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
    clock,
    green,
    housing,
    manager,
    resident,
    roads,
)


@pytest.fixture
def story() -> Story:
    """Resolved on the third of March, with the promise still ahead."""
    return Story().opened(ROADS, on="2026-03-02 09:00").does(Resolve(A1, NOTE), by=roads, on="2026-03-03 09:00")


def disputed() -> Story:
    """Solved according to roads, three times, and never according to the resident."""
    story = Story().opened(ROADS, on="2026-03-02 09:00")
    for round_ in (1, 2, 3):
        story.does(Resolve(AssignmentId(f"a{round_}"), NOTE), by=roads).does(GiveFeedback(Solved.NO), by=resident)
    return story


@pytest.mark.parametrize("solved", [Solved.YES, Solved.PARTLY])
def test_yes_and_partly_close_the_case(story: Story, solved: Solved) -> None:
    story.does(GiveFeedback(solved, rating=4, comment=NoteId("thanks")), by=resident, on="2026-03-04 22:00")
    assert (story.case.stage, story.case.outcome) == (Stage.CLOSED, Outcome.SOLVED)
    assert clock(story.case.closed_at) == "2026-03-04 22:00"
    assert story.told(FeedbackGiven) == [FeedbackGiven(solved, 4, NoteId("thanks"))]


def test_silence_closes_it_too_but_says_so(story: Story) -> None:
    story.until("2026-03-17 08:59")
    assert story.case.stage is Stage.RESOLVED
    story.until("2026-03-17 09:00")
    assert (story.case.stage, story.case.outcome) == (Stage.CLOSED, Outcome.NO_FEEDBACK)
    assert (story.events[-1].rule, story.events[-1].by) == ("feedback_within", None)


def test_no_gives_the_task_back_to_the_department_with_a_new_term_to_answer(story: Story) -> None:
    story.does(GiveFeedback(Solved.NO, rating=1), by=resident, on="2026-03-05 10:00")
    assert (story.case.stage, story.case.round, story.case.reopens) == (Stage.ASSIGNED, 2, 1)
    assert story.departments == [ROADS]
    assert clock(story.task(A2).respond_by) == "2026-03-09 10:00"
    assert clock(story.task(A2).resolve_by) == "2026-03-23 09:00"
    assert story.task(A2).round == 2


def test_a_reopened_case_whose_promise_has_passed_is_overdue_at_once() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00").does(Accept(A1), by=roads)
    story.does(Resolve(A1, NOTE), by=roads, on="2026-03-20 09:00")
    story.does(GiveFeedback(Solved.NO), by=resident, on="2026-03-25 21:00").until("2026-03-26 09:00")
    assert story.ladder[-1] == "2026-03-26 08:00 overdue 1 department_head"
    assert story.promised == "2026-03-23 09:00"


def test_every_department_of_the_round_gets_it_back_once() -> None:
    story = Story().opened(ROADS, GREEN, on="2026-03-02 09:00").does(Resolve(A1, NOTE), by=roads)
    story.does(Assign((ROADS,)), by=manager)
    story.does(Resolve(A2, NOTE), by=green).does(Resolve(A3, NOTE), by=roads)
    story.does(GiveFeedback(Solved.NO), by=resident)
    assert story.departments == [ROADS, GREEN]


def test_who_passed_it_on_does_not_get_it_back() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00").does(Transfer(A1, GREEN, NOTE), by=roads)
    story.does(Resolve(A2, NOTE), by=green).does(GiveFeedback(Solved.NO), by=resident)
    assert story.departments == [GREEN]


def test_beyond_the_last_reopening_the_manager_decides() -> None:
    story = disputed()
    assert (story.case.stage, story.case.round, story.case.reopens) == (Stage.TRIAGE, 3, 2)
    assert story.ladder == ["2026-03-02 09:00 disputed 1 neighbourhood_manager"]
    assert [h.rule for h in story.events[-2:]] == ["max_reopens", "max_reopens"]
    story.until("2026-03-31 00:00")
    assert story.ladder[1:] == ["2026-03-04 09:00 disputed 2 city_leadership"]


def test_what_the_manager_assigns_in_a_dispute_binds() -> None:
    story = disputed().does(Assign((HOUSING,)), by=manager)
    assert story.open == []
    assert story.case.live[0].binding
    assert story.promised == "2026-03-23 09:00"


def test_a_binding_task_binds_in_the_next_round_too() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00")
    for source, to in ((A1, GREEN), (A2, ROADS), (A3, GREEN)):
        story.does(Transfer(source, to, NOTE), by=green if source == A2 else roads)
    story.does(Assign((GREEN,)), by=manager).does(Resolve(AssignmentId("a4"), NOTE), by=green)
    story.does(GiveFeedback(Solved.NO), by=resident)
    assert story.case.live[0].binding


def test_an_unsolved_dispute_comes_before_the_manager_again() -> None:
    story = disputed().does(Assign((HOUSING,)), by=manager)
    story.does(Resolve(AssignmentId("a4"), NOTE), by=housing).does(GiveFeedback(Solved.NO), by=resident)
    assert story.open == ["disputed 1"]
    assert len(story.ladder) == 2


def test_nobody_is_asked_before_the_work_is_done() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00")
    assert story.refused(GiveFeedback(Solved.YES), by=resident).reason == (
        "Feedback is asked once the work is reported done."
    )


@pytest.mark.parametrize("rating", [0, 6, -1])
def test_a_rating_is_one_to_five(story: Story, rating: int) -> None:
    refused = story.refused(GiveFeedback(Solved.YES, rating), by=resident)
    assert (refused.code, refused.field) == ("invalid", "rating")


def test_a_manager_who_sends_another_department_takes_the_question_back(story: Story) -> None:
    story.does(Assign((POLICE,)), by=manager, on="2026-03-05 09:00").until("2026-03-19 09:00")
    assert story.case.stage is Stage.ASSIGNED
    assert story.case.feedback_until is None
