"""A department refers a project: advice before the decision, an answer to each point, nobody forgotten."""

from datetime import date

import pytest

from domain import commands as c
from domain.initiatives.commands import OfferToResidents
from domain.projects import commands as p
from domain.projects.events import (
    AdviceAsked,
    AdviceSent,
    AdviceTermMoved,
    CommitmentMade,
    ParticipationClosed,
    ParticipationMoved,
)
from domain.projects.reactions import ReactionState, reactions
from domain.refusal import Refused
from domain.words import (
    AssignmentId,
    CaseId,
    Cause,
    CommitmentId,
    NoteId,
    Outcome,
    PointId,
    ReactionId,
    RequestId,
    ServiceCode,
    Stage,
    Verdict,
)
from tests.cases import (
    A1,
    BOKRIJK,
    E1,
    GREEN,
    NOTE,
    POLICE,
    ROADS,
    WINTERSLAG,
    Story,
    administrator,
    at,
    clock,
    green,
    green_head,
    leadership,
    manager,
    manager_elsewhere,
    police,
    resident,
    roads,
    roads_head,
    warden,
)
from tests.projects import V1, V2, V3, referred

P1, P2, P3 = (PointId(f"p{n}") for n in range(1, 4))
ONE, TWO = NoteId("one"), NoteId("two")


@pytest.fixture
def story() -> Story:
    """Roads refers a project in Winterslag, decided on Friday the 27th at 17:00; green advises as well."""
    return referred(GREEN, on="2026-03-02 09:00", decided_on="2026-03-27")


def advised(story: Story) -> Story:
    """The manager has two points, green has one."""
    story.does(p.Advise(V1, (ONE, TWO)), by=manager, on="2026-03-04 10:00")
    return story.does(p.Advise(V2, (ONE,)), by=green, on="2026-03-05 10:00")


def test_the_managers_of_the_neighbourhoods_and_the_chosen_departments_are_asked(story: Story) -> None:
    assert [(e.department, e.neighbourhood) for e in story.told(AdviceAsked)] == [(None, WINTERSLAG), (GREEN, None)]
    assert story.case.stage is Stage.IN_PROGRESS
    assert story.case.assignments == ()


def test_advice_is_due_so_early_that_the_whole_ladder_fits_before_the_decision(story: Story) -> None:
    of_manager, of_green = story.told(AdviceAsked)
    assert clock(of_manager.advise_by) == "2026-03-26 08:00", "one rung of two working days"
    assert clock(of_green.advise_by) == "2026-03-20 08:00", "three rungs of two working days"


def test_who_is_asked_late_still_gets_the_time_to_respond() -> None:
    story = referred(GREEN, on="2026-03-02 09:00", decided_on="2026-03-05")
    assert [clock(e.advise_by) for e in story.told(AdviceAsked)] == ["2026-03-04 09:00", "2026-03-04 09:00"]


@pytest.mark.parametrize(
    ("decided_on", "rule"),
    [("2026-03-02", "decision_too_near"), ("2026-03-01", "decision_later"), ("2099-01-01", "too_far_ahead")],
)
def test_a_decision_that_is_past_too_near_or_too_far_is_refused(decided_on: str, rule: str) -> None:
    with pytest.raises(Refused) as refused:
        referred(on="2026-03-02 09:00", decided_on=decided_on)
    assert (refused.value.field, refused.value.rule) == ("decided_on", rule)


def test_a_decision_on_a_day_off_counts_from_the_end_of_the_last_working_day_before() -> None:
    story = referred(on="2026-03-02 09:00", decided_on="2026-03-29")
    assert story.case.project is not None
    assert clock(story.case.project.decided_at) == "2026-03-27 17:00"


def test_a_silent_department_is_reminded_and_escalated_to_the_top_before_the_decision(story: Story) -> None:
    story.does(p.Advise(V1, (ONE,)), by=manager, on="2026-03-04 10:00").until("2026-03-27 16:59")
    assert story.ladder == [
        "2026-03-20 08:00 no_response 1 department_head",
        "2026-03-24 08:00 no_response 2 neighbourhood_manager",
        "2026-03-26 08:00 no_response 3 city_leadership",
    ]
    assert [h.event.kind for h in story.events].count("adviser_reminded") == 1


def test_a_silent_manager_is_escalated_to_the_leadership_only(story: Story) -> None:
    story.does(p.Advise(V2, (ONE,)), by=green, on="2026-03-04 10:00").until("2026-03-27 16:59")
    assert story.ladder == ["2026-03-26 08:00 no_response 1 city_leadership"]


def test_the_head_of_the_silent_department_may_take_it_up_and_nobody_elses(story: Story) -> None:
    story.until("2026-03-20 12:00")
    assert story.refused(c.Acknowledge(E1), by=roads_head).code == "forbidden"
    story.does(c.Acknowledge(E1), by=green_head)
    assert story.until("2026-03-24 09:00").ladder == ["2026-03-20 08:00 no_response 1 department_head"]


def test_advice_clears_the_escalation_about_it(story: Story) -> None:
    story.until("2026-03-20 09:00")
    assert story.open == ["no_response 1"]
    assert story.does(p.Advise(V2, (ONE,)), by=green).open == []


def test_the_last_advice_sends_all_of_it_with_terms_that_the_decision_starts(story: Story) -> None:
    advised(story)
    assert story.told(AdviceSent) == [AdviceSent(A1)]
    assert story.departments == [ROADS]
    assert story.case.stage is Stage.ASSIGNED
    task = story.task()
    assert (clock(task.respond_by), clock(task.resolve_by)) == ("2026-03-31 17:00", "2026-04-20 17:00")


def test_at_the_decision_the_advice_leaves_without_what_is_missing(story: Story) -> None:
    story.does(p.Advise(V2, (ONE,)), by=green, on="2026-03-04 10:00").until("2026-03-27 17:00")
    assert story.when(AdviceSent) == ["2026-03-27 17:00"]
    assert story.open == []
    assert story.refused(p.Advise(V1, (TWO,)), by=manager).rule == "advice_sent"


def test_where_nobody_advised_anything_the_case_closes_at_the_decision(story: Story) -> None:
    story.does(p.Advise(V1, (), NOTE), by=manager).until("2026-03-30 09:00")
    assert (story.case.outcome, clock(story.case.closed_at)) == (Outcome.EXPLAINED, "2026-03-27 17:00")
    assert story.told(AdviceSent) == [AdviceSent(None)]


def test_the_referring_department_answers_every_point_before_it_is_done(story: Story) -> None:
    advised(story).does(p.AnswerPoint(P1, Verdict.FOLLOWED, NOTE), by=roads)
    assert story.case.stage is Stage.IN_PROGRESS
    refused = story.refused(c.Resolve(A1, NOTE), by=roads)
    assert (refused.rule, refused.values["points"]) == ("points_left", "p2, p3")
    story.does(p.AnswerPoint(P2, Verdict.PARTLY, NOTE), by=roads_head)
    story.does(p.AnswerPoint(P3, Verdict.NOT_FOLLOWED, NOTE), by=roads)
    story.does(c.Resolve(A1, NOTE), by=roads)
    assert story.case.outcome is Outcome.EXPLAINED
    assert "feedback_asked" not in story.since(0)


def test_a_point_is_answered_once(story: Story) -> None:
    advised(story).does(p.AnswerPoint(P1, Verdict.FOLLOWED, NOTE), by=roads)
    assert story.refused(p.AnswerPoint(P1, Verdict.PARTLY, NOTE), by=roads).rule == "answered_before"
    assert story.refused(p.AnswerPoint(PointId("p9"), Verdict.PARTLY, NOTE), by=roads).field == "point"


def test_a_referring_department_that_keeps_silent_is_escalated(story: Story) -> None:
    advised(story).until("2026-04-02 09:00")
    assert story.ladder == ["2026-04-01 08:00 no_response 1 department_head"]


def test_answering_a_point_is_an_answer_and_silence_about_the_rest_is_a_standstill(story: Story) -> None:
    advised(story).until("2026-04-02 09:00").does(p.AnswerPoint(P1, Verdict.FOLLOWED, NOTE), by=roads)
    assert story.open == []
    assert story.until("2026-04-10 12:00").ladder[1:] == ["2026-04-10 09:00 stalled 1 department_head"]


def test_an_answer_waits_while_the_task_is_paused(story: Story) -> None:
    advised(story).does(c.Accept(A1), by=roads)
    story.does(c.PauseAssignment(A1, Cause.CAPACITY, at("2026-03-10 09:00"), NOTE), by=roads)
    assert story.refused(p.AnswerPoint(P1, Verdict.FOLLOWED, NOTE), by=roads).rule == "paused"


def test_a_decision_that_moves_later_moves_every_term_and_clears_who_was_late(story: Story) -> None:
    story.until("2026-03-20 09:00").does(p.MoveDecision(date(2026, 4, 24), NOTE), by=roads)
    assert [clock(e.advise_by) for e in story.told(AdviceTermMoved)] == ["2026-04-23 08:00", "2026-04-17 08:00"]
    assert story.open == []
    assert story.until("2026-04-17 09:00").open == ["no_response 1"]
    assert story.until("2026-04-24 17:00").when(AdviceSent) == ["2026-04-24 17:00"]


def test_a_decision_that_moves_after_the_advice_was_sent_moves_the_terms_of_the_answer(story: Story) -> None:
    advised(story).until("2026-04-02 09:00").does(p.MoveDecision(date(2026, 4, 24), NOTE), by=manager)
    assert story.open == []
    assert clock(story.task().respond_by) == "2026-04-28 17:00"


def test_a_decision_moves_to_another_day_that_leaves_time_to_advise(story: Story) -> None:
    for day, rule in ((27, "decision_same_day"), (1, "decision_later"), (3, "decision_too_near")):
        assert story.refused(p.MoveDecision(date(2026, 3, day), NOTE), by=roads).rule == rule


def test_others_can_be_asked_later_and_nobody_twice(story: Story) -> None:
    story.does(p.AskAdvice((POLICE,), (BOKRIJK,)), by=roads)
    assert story.case.project is not None
    assert story.case.project.neighbourhoods == (WINTERSLAG, BOKRIJK)
    story.does(p.Advise(V3, (ONE,)), by=manager_elsewhere)
    for command, rule in (
        (p.AskAdvice((POLICE,)), "asked_before"),
        (p.AskAdvice((), (WINTERSLAG,)), "asked_before"),
        (p.AskAdvice((GREEN, GREEN)), "named_twice"),
        (p.AskAdvice((ROADS,)), "refers_it"),
        (p.AskAdvice(), "nobody_asked"),
    ):
        assert story.refused(command, by=roads).rule == rule


def test_advice_is_given_once_and_says_something(story: Story) -> None:
    assert story.refused(p.Advise(V1, ()), by=manager).field == "points"
    assert story.refused(p.Advise(RequestId(AssignmentId("v9")), (ONE,)), by=manager).field == "request"
    story.does(p.Advise(V1, (ONE,)), by=manager)
    assert story.refused(p.Advise(V1, (ONE,)), by=manager).rule == "advised_before"


def test_everyone_does_their_own_part_only(story: Story) -> None:
    story.does(p.OpenParticipation(NOTE, at("2026-03-15 12:00")), by=roads).does(p.React(NOTE), by=resident)
    for command, strangers in (
        (p.Advise(V1, (ONE,)), (roads, green, manager_elsewhere, warden, leadership, resident)),
        (p.Advise(V2, (ONE,)), (roads, manager, police, leadership, resident)),
        (p.MoveDecision(date(2026, 4, 24), NOTE), (green, manager_elsewhere, leadership, resident)),
        (p.Moderate(ReactionId("r1"), shown=True), (roads, green, manager_elsewhere, leadership, resident)),
        (p.Summarise(NOTE), (roads, green, leadership, resident)),
        (p.AskAdvice((POLICE,)), (green, police, leadership, resident)),
        (p.Commit(NOTE, ServiceCode("lamp"), WINTERSLAG), (green, police, leadership, resident)),
        (p.React(NOTE), (roads, manager, leadership, administrator)),
    ):
        for stranger in strangers:
            assert story.refused(command, by=stranger).code == "forbidden", (command.kind, stranger.role)
    advised(story).until("2026-03-27 17:00")
    for stranger in (green, manager, administrator, leadership, resident):
        assert story.refused(p.AnswerPoint(P1, Verdict.FOLLOWED, NOTE), by=stranger).code == "forbidden"


def test_residents_react_until_a_date_and_what_they_said_goes_into_the_advice() -> None:
    story = referred(on="2026-03-02 09:00", decided_on="2026-03-27", round_until="2026-03-15 12:00")
    story.does(p.React(ONE), by=resident).does(p.React(TWO), by=resident)
    story.does(p.Advise(V1, (NOTE,)), by=manager)
    assert story.refused(p.Summarise(NOTE), by=manager).rule == "round_open"
    story.until("2026-03-15 12:00")
    assert story.when(ParticipationClosed) == ["2026-03-15 12:00"]
    assert story.refused(p.React(ONE), by=resident).rule == "no_round"
    assert story.case.stage is Stage.IN_PROGRESS, "it waits for the summary"
    story.does(p.Summarise(NOTE, (TWO,)), by=manager)
    assert story.case.project is not None
    assert [(point.id, point.request) for point in story.case.project.points] == [(P1, V1), (P2, None)]
    assert story.told(AdviceSent) == [AdviceSent(A1)]


def test_a_manager_who_does_not_sum_up_what_residents_said_is_escalated_before_the_decision() -> None:
    story = referred(on="2026-03-02 09:00", decided_on="2026-03-27", round_until="2026-03-15 12:00")
    story.does(p.React(ONE), by=resident).does(p.Advise(V1, (NOTE,)), by=manager)
    story.until("2026-03-26 09:00")
    assert story.ladder == ["2026-03-26 08:00 no_response 1 city_leadership"]
    assert story.refused(p.Advise(V2, (ONE,)), by=manager).rule == "sum_it_up"
    story.does(p.Summarise(NOTE, (TWO,)), by=manager)
    assert story.open == []
    assert story.told(AdviceSent) == [AdviceSent(A1)]


def test_a_round_in_which_nobody_reacts_holds_up_nothing() -> None:
    story = referred(on="2026-03-02 09:00", decided_on="2026-03-27", round_until="2026-03-15 12:00")
    story.does(p.Advise(V1, (ONE,)), by=manager).until("2026-03-15 12:00")
    assert story.when(AdviceSent) == ["2026-03-15 12:00"]


def test_a_round_that_would_end_after_a_decision_that_moved_ends_before_it() -> None:
    story = referred(on="2026-03-02 09:00", decided_on="2026-03-27", round_until="2026-03-20 12:00")
    story.does(p.MoveDecision(date(2026, 3, 25), NOTE), by=roads)
    assert story.told(ParticipationMoved) == []
    story.does(p.MoveDecision(date(2026, 3, 18), NOTE), by=roads)
    assert [clock(e.until) for e in story.told(ParticipationMoved)] == ["2026-03-17 08:00"]


def test_a_round_is_opened_once_and_ends_before_the_decision(story: Story) -> None:
    for until, rule in (("2026-03-01 12:00", "round_ends_later"), ("2026-03-27 17:00", "round_after_decision")):
        assert story.refused(p.OpenParticipation(NOTE, at(until)), by=roads).rule == rule
    assert story.refused(p.Summarise(NOTE), by=manager).rule == "no_round"
    assert story.refused(p.React(NOTE), by=resident).rule == "no_round"
    story.does(p.OpenParticipation(NOTE, at("2026-03-15 12:00")), by=manager)
    assert story.refused(p.OpenParticipation(NOTE, at("2026-03-16 12:00")), by=manager).rule == "round_before"


def test_a_reaction_waits_until_a_manager_shows_or_hides_it() -> None:
    story = referred(on="2026-03-02 09:00", decided_on="2026-03-27", round_until="2026-03-15 12:00")
    for text in (ONE, TWO, NOTE):
        story.does(p.React(text), by=resident)
    story.does(p.Moderate(ReactionId("r1"), shown=False), by=manager)
    story.does(p.Moderate(ReactionId("r1"), shown=True), by=manager)
    story.does(p.Moderate(ReactionId("r2"), shown=False, note=NOTE), by=manager)
    assert [(r.text, r.state, r.remark) for r in reactions(story.events)] == [
        (ONE, ReactionState.SHOWN, None),
        (TWO, ReactionState.HIDDEN, NOTE),
        (NOTE, ReactionState.WAITING, None),
    ]
    assert story.refused(p.Moderate(ReactionId("r9"), shown=True), by=manager).field == "reaction"


def test_a_promise_becomes_a_commitment(story: Story) -> None:
    advised(story).does(p.Commit(NOTE, ServiceCode("lamp"), WINTERSLAG, (GREEN,), P1), by=roads)
    assert story.told(CommitmentMade) == [
        CommitmentMade(CommitmentId("k1"), P1, NOTE, ServiceCode("lamp"), WINTERSLAG, (GREEN,))
    ]
    for command, field in (
        (p.Commit(NOTE, ServiceCode("lamp"), WINTERSLAG, (GREEN, GREEN)), "departments"),
        (p.Commit(NOTE, ServiceCode("lamp"), WINTERSLAG, point=PointId("p9")), "point"),
    ):
        assert story.refused(command, by=roads).field == field


@pytest.mark.parametrize(
    ("command", "by"),
    [
        (c.Assign((POLICE,)), manager),
        (c.SetUrgent(True, NOTE), manager),
        (c.MergeInto(CaseId("c2")), manager),
        (c.Transfer(A1, POLICE, NOTE), roads),
        (c.Decline(A1, Cause.OTHER, NOTE), roads),
        (c.AskResident(A1, NOTE), roads),
        (c.Withdraw(), resident),
        (OfferToResidents(0, NOTE), manager),
    ],
)
def test_what_makes_no_sense_of_a_project_is_refused(story: Story, command: c.Command, by: object) -> None:
    assert advised(story).refused(command, by=by).rule == "not_for_projects"  # type: ignore[arg-type]


def test_an_ordinary_case_knows_no_projects() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00")
    assert story.refused(p.MoveDecision(date(2026, 4, 24), NOTE), by=roads).rule == "no_project"
    assert story.refused(p.React(NOTE), by=resident).rule == "no_project"


def test_the_manager_can_end_a_project_at_any_time(story: Story) -> None:
    story.until("2026-03-20 09:00").does(c.Close(Outcome.DECLINED, NOTE), by=manager)
    assert story.case.closed
    assert story.open == []
