"""What counts in which figure, and for whom."""

from domain.case import Case
from domain.commands import Accept, Assign, Close, Decline, GiveFeedback, Resolve, Transfer
from domain.evolve import evolve, opened
from domain.history import Past, story, taken_over
from domain.measures import Fact, Measure, facts
from domain.opening import Opening
from domain.words import CaseId, Cause, DepartmentId, Kind, Outcome, ServiceCode, Solved
from tests.cases import (
    A1,
    A2,
    GREEN,
    NOTE,
    ROADS,
    RULES,
    WINTERSLAG,
    Story,
    at,
    green,
    manager,
    resident,
    roads,
)


def found(story: Story, measure: Measure) -> list[Fact]:
    case: Case | None = None
    told: list[Fact] = []
    for happened in story.events:
        after = opened(happened) if case is None else evolve(case, happened)
        told += facts(case, happened, after)
        case = after
    return [fact for fact in told if fact.measure is measure]


def open_cases(story: Story, department: DepartmentId | None = None) -> int:
    """The open cases of the department, or of the city."""

    def number(measure: Measure) -> int:
        return sum(f.primary if department is None else f.department == department for f in found(story, measure))

    return number(Measure.OPENED) + number(Measure.RETURNED) - number(Measure.LEFT) - number(Measure.CLOSED)


def solved_by_roads() -> Story:
    story = Story().opened(ROADS, on="2026-03-02 09:00").does(Accept(A1), roads, "2026-03-02 15:00")
    story.does(Resolve(A1, NOTE), roads, "2026-03-04 09:00")
    return story.does(GiveFeedback(Solved.YES, 4), resident, "2026-03-05 09:00")


def test_a_case_of_one_department_counts_once_however_it_is_grouped() -> None:
    story = solved_by_roads()
    assert [(f.department, f.primary) for f in found(story, Measure.OPENED)] == [(None, True), (ROADS, False)]
    for measure in (Measure.RESPONDED, Measure.RESOLVED, Measure.CLOSED, Measure.FEEDBACK):
        assert [(f.department, f.primary) for f in found(story, measure)] == [(ROADS, True)]
    assert open_cases(story) == open_cases(story, ROADS) == 0


def test_a_first_answer_counts_in_hours_and_against_its_term() -> None:
    [answer] = found(solved_by_roads(), Measure.RESPONDED)
    assert (answer.value, answer.good) == (6.0, True)
    late = Story().opened(ROADS, on="2026-03-02 09:00").does(Accept(A1), roads, "2026-03-09 09:00")
    [answer] = found(late, Measure.RESPONDED)
    assert (answer.value, answer.good) == (168.0, False)


def test_the_time_to_close_is_elapsed_days_since_the_opening() -> None:
    [closed] = found(solved_by_roads(), Measure.CLOSED)
    assert (closed.value, closed.good) == (3.0, True)


def test_a_rating_is_kept_with_the_feedback() -> None:
    assert [f.value for f in found(solved_by_roads(), Measure.FEEDBACK)] == [4.0]


def test_a_case_of_two_departments_counts_for_each_and_once_for_the_city() -> None:
    story = Story().opened(ROADS, GREEN, on="2026-03-02 09:00")
    assert open_cases(story) == open_cases(story, ROADS) == open_cases(story, GREEN) == 1
    story.does(Resolve(A1, NOTE), roads, "2026-03-03 09:00").does(Resolve(A2, NOTE), green, "2026-03-04 09:00")
    assert [(f.department, f.primary) for f in found(story, Measure.RESOLVED)] == [(ROADS, False), (GREEN, True)]
    story.does(GiveFeedback(Solved.YES), resident, "2026-03-05 09:00")
    assert [(f.department, f.primary) for f in found(story, Measure.CLOSED)] == [(ROADS, True), (GREEN, False)]
    assert open_cases(story) == open_cases(story, ROADS) == open_cases(story, GREEN) == 0


def test_a_transfer_moves_the_open_case_to_the_other_department() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00").does(Transfer(A1, GREEN, NOTE), roads, "2026-03-02 10:00")
    assert (open_cases(story), open_cases(story, ROADS), open_cases(story, GREEN)) == (1, 0, 1)
    assert [f.department for f in found(story, Measure.TRANSFERRED)] == [ROADS]
    assert [f.department for f in found(story, Measure.LEFT)] == [ROADS]


def test_a_department_that_gets_a_case_back_does_not_count_it_as_opened_twice() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00")
    story.does(Decline(A1, Cause.NOT_OURS, NOTE), roads, "2026-03-02 10:00")
    assert open_cases(story, ROADS) == 0
    story.does(Assign((ROADS,), NOTE), manager, "2026-03-02 11:00")
    assert [f.department for f in found(story, Measure.OPENED)] == [None, ROADS]
    assert open_cases(story, ROADS) == 1


def test_a_reopened_case_is_not_solved_at_the_first_try() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00").does(Resolve(A1, NOTE), roads, "2026-03-03 09:00")
    story.does(GiveFeedback(Solved.NO, 1), resident, "2026-03-03 10:00")
    assert [f.department for f in found(story, Measure.REOPENED)] == [ROADS]
    story.does(Resolve(A2, NOTE), roads, "2026-03-04 09:00").does(GiveFeedback(Solved.YES), resident)
    [closed] = found(story, Measure.CLOSED)
    assert closed.good is False
    assert open_cases(story, ROADS) == 0


def test_a_case_that_was_only_explained_is_not_solved() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00")
    story.does(Close(Outcome.EXPLAINED, NOTE), manager, "2026-03-03 09:00")
    assert [f.good for f in found(story, Measure.CLOSED)] == [False]


def test_a_case_without_a_department_counts_for_the_city_only() -> None:
    story = Story().opened(on="2026-03-02 09:00").does(Close(Outcome.EXPLAINED, NOTE), manager, "2026-03-02 10:00")
    assert [(f.department, f.primary) for f in found(story, Measure.CLOSED)] == [(None, True)]
    assert open_cases(story) == 0


def test_each_rung_counts_for_the_department_that_is_silent() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00").until("2026-03-16 09:00")
    assert [f.department for f in found(story, Measure.ESCALATED)] == [ROADS] * len(story.ladder)
    assert story.ladder


def past(due: str | None) -> Story:
    told = Story()
    due_at = at(due) if due is not None else None
    referral = Past(
        CaseId("c1"), "2011-000001", Kind.ISSUE, ServiceCode("lamp"), WINTERSLAG, (ROADS,),
        at("2011-07-01 09:00"), due_at, at("2011-07-03 21:00"),
    )  # fmt: skip
    told.events = list(story(referral, "v1", NOTE))
    return told


def test_history_from_elsewhere_counts_by_its_promise_and_answers_nothing() -> None:
    assert [f.good for f in found(past("2011-07-04 09:00"), Measure.RESOLVED)] == [True]
    assert [f.good for f in found(past("2011-07-02 09:00"), Measure.RESOLVED)] == [False]
    assert [f.good for f in found(past("2011-06-30 09:00"), Measure.RESOLVED)] == [False]
    assert found(past(None), Measure.RESOLVED) == []
    for referral in (past(None), past("2011-07-04 09:00")):
        assert found(referral, Measure.RESPONDED) == []
        assert [(f.value, f.good) for f in found(referral, Measure.CLOSED)] == [(2.5, True)]


def test_a_case_taken_over_counts_as_opened_when_it_was_opened_elsewhere() -> None:
    opening = Opening(CaseId("c1"), "2011-000001", Kind.ISSUE, ServiceCode("lamp"), WINTERSLAG, False, (ROADS,))
    told = Story()
    told.events = list(taken_over(RULES, opening, at("2011-07-01 09:00"), at("2026-03-02 09:00")))
    case = opened(told.events[0])
    assert case.opened_at == at("2011-07-01 09:00")
    assert [f.at for f in found(told, Measure.OPENED)] == [None, at("2011-07-01 09:00")]
    after = evolve(case, told.events[1])
    assert after.assignments[0].respond_by == at("2026-03-04 09:00")
