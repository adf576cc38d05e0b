"""The ladder: exactly once per rung, held, resumed, cleared, and never in the night for who works by day."""

from dataclasses import replace

import pytest

from domain.actor import Actor
from domain.commands import (
    Accept,
    Acknowledge,
    AskResident,
    Decline,
    DepartmentCommand,
    PauseAssignment,
    ReportProgress,
    Resolve,
    SetUrgent,
    Transfer,
)
from domain.durations import parse
from domain.events import EscalationCleared, EscalationRaised
from domain.words import Cause, EscalationId, Rung
from tests.cases import (
    A1,
    E1,
    E2,
    E3,
    E4,
    GREEN,
    NOTE,
    POLICE,
    ROADS,
    STANDARD,
    Story,
    at,
    clock,
    leadership,
    manager,
    roads,
    roads_head,
    rulebook,
)

SILENCE = [
    "2026-03-04 09:00 no_response 1 department_head",
    "2026-03-06 09:00 no_response 2 neighbourhood_manager",
    "2026-03-10 09:00 no_response 3 city_leadership",
]


@pytest.fixture
def story() -> Story:
    return Story().opened(ROADS, on="2026-03-02 09:00")


def test_a_department_that_does_not_answer_is_escalated_rung_by_rung(story: Story) -> None:
    assert story.until("2026-03-20 00:00").ladder == SILENCE


def test_at_the_top_it_stays_and_every_rung_was_reached_exactly_once(story: Story) -> None:
    story.until("2027-03-02 09:00")
    assert story.ladder == [
        *SILENCE,
        "2026-03-23 09:00 overdue 1 department_head",
        "2026-03-25 09:00 overdue 2 neighbourhood_manager",
        "2026-03-27 09:00 overdue 3 city_leadership",
    ]
    assert len(story.open) == 6


def test_the_first_rung_names_the_term_that_passed_and_the_others_the_ladder(story: Story) -> None:
    story.until("2026-04-01 09:00")
    rules = [h.rule for h in story.events if isinstance(h.event, EscalationRaised)]
    climbing = ["escalate_every", "escalate_every"]
    assert rules == ["respond_within", *climbing, "resolve_within", *climbing]


def test_a_department_that_answers_in_time_is_not_escalated(story: Story) -> None:
    story.does(Accept(A1), by=roads, on="2026-03-04 08:59").until("2026-03-11 08:58")
    assert story.ladder == []


@pytest.mark.parametrize(
    "command",
    [
        Accept(A1),
        ReportProgress(A1, NOTE),
        Decline(A1, Cause.NOT_OURS, NOTE),
        Transfer(A1, GREEN, NOTE),
        AskResident(A1, NOTE),
        Resolve(A1, NOTE),
    ],
)
def test_any_answer_clears_the_whole_ladder(story: Story, command: DepartmentCommand) -> None:
    story.until("2026-03-09 09:00")
    assert story.open == ["no_response 1", "no_response 2"]
    story.does(command, by=roads)
    assert story.open == []
    cleared = [h for h in story.events if isinstance(h.event, EscalationCleared)]
    assert {(h.rule, h.by) for h in cleared} == {("respond_within", None)}
    assert all(e.climbs_at is None for e in story.case.escalations)


def test_accepting_late_work_does_not_undo_that_it_is_late(story: Story) -> None:
    story.until("2026-03-23 09:00").does(Accept(A1), by=roads)
    assert story.open == ["overdue 1"]


def test_progress_clears_a_standstill_and_silence_raises_it_anew(story: Story) -> None:
    story.does(Accept(A1), by=roads).until("2026-03-09 09:00")
    assert story.open == ["stalled 1"]
    story.does(ReportProgress(A1, NOTE), by=roads)
    assert story.open == []
    story.until("2026-03-16 09:00")
    assert story.ladder == [
        "2026-03-09 09:00 stalled 1 department_head",
        "2026-03-16 09:00 stalled 1 department_head",
    ]


def test_an_acknowledgement_holds_the_ladder_until_it_runs_out(story: Story) -> None:
    story.does(Acknowledge(E1, NOTE), by=roads_head, on="2026-03-05 15:00")
    assert clock(story.case.escalations[0].held_until) == "2026-03-09 15:00"
    story.until("2026-03-11 00:00")
    assert story.ladder == [SILENCE[0], "2026-03-09 15:00 no_response 2 neighbourhood_manager"]


def test_an_acknowledgement_of_a_lower_rung_holds_the_whole_ladder(story: Story) -> None:
    story.until("2026-03-06 10:00").does(Acknowledge(E1), by=roads_head, on="2026-03-09 16:00")
    story.until("2026-03-20 00:00")
    assert story.ladder == [*SILENCE[:2], "2026-03-11 16:00 no_response 3 city_leadership"]


def test_an_acknowledgement_that_runs_out_before_the_next_rung_delays_nothing(story: Story) -> None:
    rules = rulebook(replace(STANDARD, acknowledged_for=parse("1 working hour")))
    story = Story(rules).opened(ROADS, on="2026-03-02 09:00")
    story.does(Acknowledge(E1), by=roads_head, on="2026-03-04 10:00").until("2026-03-20 00:00")
    assert story.ladder == SILENCE


def test_what_was_acknowledged_can_be_acknowledged_again_once_it_has_run_out(story: Story) -> None:
    story.does(Acknowledge(E1), by=roads_head, on="2026-03-05 15:00")
    assert story.refused(Acknowledge(E1), by=roads_head).reason == "This escalation was acknowledged before."
    story.does(Acknowledge(E1), by=roads_head, on="2026-03-09 15:00").until("2026-03-11 15:00")
    assert story.ladder[-1] == "2026-03-11 15:00 no_response 3 city_leadership"


def test_an_acknowledgement_holds_one_ladder_and_not_the_other(story: Story) -> None:
    story.until("2026-03-23 09:00").does(Acknowledge(E3), by=leadership).until("2026-03-25 09:00")
    assert story.ladder[-1] == "2026-03-25 09:00 overdue 2 neighbourhood_manager"


@pytest.mark.parametrize(
    ("escalation", "by"), [(E1, roads_head), (E2, manager), (E3, leadership)], ids=["head", "manager", "leadership"]
)
def test_each_rung_is_acknowledged_by_whom_it_reached(story: Story, escalation: EscalationId, by: Actor) -> None:
    story.until("2026-03-10 09:00").does(Acknowledge(escalation), by=by)
    for other in {roads_head, manager, leadership} - {by}:
        assert story.refused(Acknowledge(escalation), by=other).code == "forbidden"


def test_only_what_is_open_can_be_acknowledged(story: Story) -> None:
    story.does(Accept(A1), by=roads, on="2026-03-05 09:00")
    assert story.refused(Acknowledge(E1), by=roads_head).reason == "This escalation was cleared before."
    refused = story.refused(Acknowledge(E4), by=roads_head)
    assert (refused.code, refused.field) == ("invalid", "escalation")


def test_a_ladder_never_climbs_in_the_night_for_a_department_that_works_by_day() -> None:
    story = Story().opened(ROADS, on="2026-03-06 16:59").until("2027-01-01 00:00")
    for line in story.ladder:
        assert "08:00" <= line[11:16] < "17:00" and not "12:00" <= line[11:16] < "13:00", line


def test_a_term_that_ends_as_the_department_closes_is_escalated_when_it_opens() -> None:
    story = Story().opened(ROADS, on="2026-03-02 08:00").until("2026-03-05 09:00")
    assert clock(story.task().respond_by) == "2026-03-03 17:00"
    assert story.ladder[0].startswith("2026-03-04 08:00")


def test_a_late_engine_waits_for_the_morning_too(story: Story) -> None:
    story.now = at("2026-03-04 22:00")
    story.until("2026-03-05 12:00")
    assert story.ladder == ["2026-03-05 08:00 no_response 1 department_head"]


def test_it_climbs_at_any_hour_for_a_department_that_is_always_open() -> None:
    story = Story().opened(POLICE, on="2026-03-06 23:30").until("2026-03-13 00:00")
    assert story.ladder[:2] == [
        "2026-03-08 23:30 no_response 1 department_head",
        "2026-03-10 23:30 no_response 2 neighbourhood_manager",
    ]


def test_terms_in_plain_hours_climb_at_night() -> None:
    story = Story().opened(ROADS, on="2026-03-07 20:00", urgent=True).until("2026-03-08 12:00")
    assert story.ladder == [
        "2026-03-08 00:00 no_response 1 department_head",
        "2026-03-08 04:00 no_response 2 neighbourhood_manager",
        "2026-03-08 08:00 no_response 3 city_leadership",
    ]


def test_after_a_long_absence_the_engine_climbs_one_rung_and_then_in_step(story: Story) -> None:
    story.now = at("2026-03-16 10:00")
    story.until("2026-03-21 00:00")
    assert story.ladder == [
        "2026-03-16 10:00 no_response 1 department_head",
        "2026-03-18 10:00 no_response 2 neighbourhood_manager",
        "2026-03-20 10:00 no_response 3 city_leadership",
    ]


def test_a_ladder_of_one_rung_is_climbed_once() -> None:
    rules = rulebook(replace(STANDARD, ladder=(Rung.CITY_LEADERSHIP,)))
    story = Story(rules).opened(ROADS, on="2026-03-02 09:00").until("2026-03-20 00:00")
    assert story.ladder == ["2026-03-04 09:00 no_response 1 city_leadership"]


def test_a_case_that_becomes_urgent_climbs_on_where_the_urgent_ladder_is_longer() -> None:
    rules = rulebook(replace(STANDARD, ladder=(Rung.DEPARTMENT_HEAD,)))
    story = Story(rules).opened(ROADS, on="2026-03-02 09:00").until("2026-03-10 09:00")
    assert story.ladder == ["2026-03-04 09:00 no_response 1 department_head"]
    story.does(SetUrgent(True, NOTE), by=manager).until("2026-03-10 09:00")
    assert story.ladder[1:] == ["2026-03-10 09:00 no_response 2 neighbourhood_manager"]


def test_a_pause_takes_away_the_reason_to_climb(story: Story) -> None:
    story.does(Accept(A1), by=roads).until("2026-03-09 09:00")
    story.does(PauseAssignment(A1, Cause.CAPACITY, at("2026-03-20 09:00"), NOTE), by=roads).until("2026-03-20 08:00")
    assert story.ladder == ["2026-03-09 09:00 stalled 1 department_head"]
