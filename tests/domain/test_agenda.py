"""What a neighbourhood's team should talk about, and what the engine does about its meetings."""

from dataclasses import replace
from datetime import datetime

import pytest

from domain.city import Neighbourhood, Service
from domain.commands import Accept, Assign, Decline, ReportProgress, Resolve, Transfer
from domain.projects.commands import Advise
from domain.teams.agenda import Reason, Why, concerns, looks_ahead_to, reasons
from domain.teams.attention import Attention, attention
from domain.teams.commands import RecordDecision
from domain.teams.course import Meeting, MeetingAct, MeetingState, agenda_goes_again, comes_next, following
from domain.teams.events import DecisionRecorded
from domain.words import CaseId, Cause, EscalationReason, MeetingId, NeighbourhoodId, Rung, ServiceCode, Tier
from tests.cases import (
    A1,
    BOKRIJK,
    BY_DAY,
    GREEN,
    NOTE,
    ROADS,
    WINTERSLAG,
    ZONE,
    Story,
    at,
    clock,
    green,
    manager,
    resident,
    roads,
)
from tests.projects import V1, referred

MEETING = at("2026-03-19 13:30")
M1 = MeetingId("m1")


def why(story: Story, meeting: datetime = MEETING) -> list[Reason]:
    return [w.reason for w in reasons(story.case, WINTERSLAG, meeting, looks_ahead_to(BY_DAY, meeting))]


def why_elsewhere(story: Story) -> list[Reason]:
    return [w.reason for w in reasons(story.case, BOKRIJK, story.now, looks_ahead_to(BY_DAY, MEETING))]


def test_a_case_that_goes_well_is_not_on_the_agenda() -> None:
    story = Story().opened(ROADS, on="2026-03-18 09:00").does(Accept(A1), by=roads)
    assert why(story) == []


def test_a_silent_department_is_on_the_agenda_with_whom_it_reached_and_since_when() -> None:
    story = Story().opened(ROADS, on="2026-03-10 09:00").until("2026-03-16 10:00")
    [escalated] = reasons(story.case, WINTERSLAG, at("2026-03-16 10:00"), at("2026-03-23 10:00"))
    first = story.case.escalations[0].raised_at
    assert escalated == Why(Reason.ESCALATED, first, Rung.NEIGHBOURHOOD_MANAGER, EscalationReason.NO_RESPONSE)


def test_what_was_passed_on_is_bouncing() -> None:
    story = Story().opened(ROADS, on="2026-03-18 09:00").does(Transfer(A1, GREEN, NOTE), by=roads)
    assert reasons(story.case, WINTERSLAG, MEETING, MEETING) == (Why(Reason.BOUNCING, times=1),)


def test_what_no_department_has_waits_to_be_placed() -> None:
    story = Story().opened(ROADS, on="2026-03-18 09:00").does(Decline(A1, Cause.NOT_OURS, NOTE), by=roads)
    assert why(story) == [Reason.TO_PLACE]
    story.does(Assign((GREEN,)), by=manager)
    assert why(story) == []


@pytest.mark.parametrize(
    ("meeting", "found"),
    [
        ("2026-03-13 13:30", []),
        ("2026-03-17 13:30", [Reason.ALMOST_LATE]),
        ("2026-03-24 13:30", [Reason.ALMOST_LATE]),
    ],
)
def test_a_promise_is_about_to_be_late_when_it_ends_before_five_working_days_after_the_meeting(
    meeting: str, found: list[Reason]
) -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00").does(Accept(A1), by=roads)
    assert story.promised == "2026-03-23 09:00"
    soon = looks_ahead_to(BY_DAY, at(meeting))
    assert [w.reason for concern in concerns([story.case], WINTERSLAG, story.now, soon) for w in concern.whys] == found


def test_a_promise_that_passed_is_told_once() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00").does(Accept(A1), by=roads, on="2026-03-03 09:00")
    story.does(ReportProgress(A1, NOTE), by=roads, on="2026-03-23 08:30").until("2026-03-23 09:30")
    assert story.open == ["overdue 1"]
    assert why(story, story.now) == [Reason.ESCALATED]


def test_advice_that_a_neighbourhood_owes_is_on_its_agenda_and_on_no_other() -> None:
    story = referred(on="2026-03-02 09:00", decided_on="2026-06-26", neighbourhoods=(WINTERSLAG, BOKRIJK))
    due = min(request.advise_by for request in story.case.project.requests)  # type: ignore[union-attr]
    for here in (WINTERSLAG, BOKRIJK):
        assert reasons(story.case, here, story.now, story.now) == (Why(Reason.ADVICE_DUE, due),)
    assert reasons(story.case, NeighbourhoodId("elsewhere"), story.now, story.now) == ()
    story.does(Advise(V1, (), NOTE), by=manager)
    assert reasons(story.case, WINTERSLAG, story.now, story.now) == ()
    assert why_elsewhere(story) == [Reason.ADVICE_DUE]


def test_a_structural_case_is_on_the_agenda_when_it_is_to_be_looked_at_again() -> None:
    story = Story().begun(on="2026-03-02 09:00")
    assert story.case.structure is not None
    review_at = story.case.structure.review_at
    found = reasons(story.case, WINTERSLAG, story.now, review_at)
    assert Why(Reason.REVIEW_DUE, review_at) in found
    assert Reason.REVIEW_DUE not in [w.reason for w in reasons(story.case, WINTERSLAG, story.now, MEETING)]


def test_what_is_done_or_over_needs_no_team() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00").does(Resolve(A1, NOTE), by=roads, on="2026-03-30 09:00")
    assert why(story) == []


def test_a_case_stands_once_with_all_its_reasons_and_what_needs_placing_comes_first() -> None:
    late = Story().opened(ROADS, on="2026-02-02 09:00").does(Transfer(A1, GREEN, NOTE), by=roads).until(MEETING)
    unplaced = Story().opened(on="2026-03-19 09:00")
    urgent = Story().opened(on="2026-03-19 09:00", urgent=True)
    cases = [
        replace(story.case, case_id=CaseId(id))
        for id, story in (("late", late), ("unplaced", unplaced), ("urgent", urgent))
    ]
    agenda = concerns(cases, WINTERSLAG, MEETING, looks_ahead_to(BY_DAY, MEETING))
    assert [c.case_id for c in agenda] == ["urgent", "unplaced", "late"]
    assert [w.reason for w in agenda[2].whys] == [Reason.ESCALATED, Reason.BOUNCING, Reason.OVERDUE]


def watched(*themes: str, tier: Tier = Tier.ATTENTION) -> Attention | None:
    """Winterslag before its meeting, in a city of lamps and of what is about people."""
    place = Neighbourhood(WINTERSLAG, "Winterslag", tier, "mia@town.example", (GREEN,), 0, themes)
    lamp = Service(ServiceCode("lamp"), {}, "roads", "safety", (ROADS,), "standard", "urgent", (), ())
    return attention(place, (lamp, replace(lamp, code=ServiceCode("care"), private=True)), BY_DAY, MEETING)


@pytest.mark.parametrize(
    ("opened", "here", "found"),
    [
        ("2026-03-18 09:00", watched(), [Reason.ATTENTION]),
        ("2026-03-18 09:00", watched("safety"), [Reason.ATTENTION]),
        ("2026-03-18 09:00", watched("poverty"), []),
        ("2026-03-18 09:00", watched(tier=Tier.STANDARD), []),
        ("2026-02-19 13:30", watched(), [Reason.OVERDUE, Reason.ATTENTION]),
        ("2026-02-19 13:00", watched(), [Reason.OVERDUE]),
    ],
)
def test_new_cases_of_its_themes_are_before_the_team_of_an_attention_neighbourhood(
    opened: str, here: Attention | None, found: list[Reason]
) -> None:
    story = Story().opened(ROADS, on=opened).does(Accept(A1), by=roads)
    told = reasons(story.case, WINTERSLAG, MEETING, MEETING, here)
    assert [w.reason for w in told] == found
    assert (Why(Reason.ATTENTION, story.case.opened_at) in told) == (Reason.ATTENTION in found)
    assert reasons(story.case, BOKRIJK, MEETING, MEETING, here) == ()
    story.does(Resolve(A1, NOTE), by=roads)
    assert reasons(story.case, WINTERSLAG, MEETING, MEETING, here) == (), "it is done"


def test_a_decision_is_kept_with_the_case_and_moves_nothing() -> None:
    story = Story().opened(ROADS, on="2026-03-18 09:00").does(Accept(A1), by=roads)
    before = story.case
    story.does(RecordDecision(NOTE, M1, public=True), by=manager)
    assert story.told(DecisionRecorded) == [DecisionRecorded(NOTE, M1, public=True)]
    assert replace(story.case, version=before.version) == before


@pytest.mark.parametrize("who", [roads, green, resident])
def test_nobody_but_the_manager_records_what_was_decided(who: object) -> None:
    story = Story().opened(ROADS, on="2026-03-18 09:00")
    assert story.refused(RecordDecision(NOTE), by=who).code == "forbidden"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "sent", "reminded", "then"),
    [
        (MeetingState.PLANNED, None, None, ("2026-03-17 13:30", MeetingAct.SEND_AGENDA)),
        (MeetingState.PLANNED, MEETING, None, ("2026-03-19 13:30", MeetingAct.BEGIN)),
        (MeetingState.BEGUN, MEETING, None, ("2026-03-20 13:30", MeetingAct.REMIND)),
        (MeetingState.BEGUN, MEETING, MEETING, None),
        (MeetingState.HELD, MEETING, None, None),
        (MeetingState.CANCELLED, None, None, None),
    ],
)
def test_the_agenda_goes_out_two_working_days_before_and_a_reminder_one_after(
    state: MeetingState, sent: datetime | None, reminded: datetime | None, then: tuple[str, MeetingAct] | None
) -> None:
    found = comes_next(Meeting(M1, state, MEETING, sent, reminded), BY_DAY)
    assert ((clock(found.at), found.act) if found is not None else None) == then


def test_a_meeting_on_monday_has_its_agenda_on_thursday() -> None:
    found = comes_next(Meeting(M1, MeetingState.PLANNED, at("2026-03-23 10:00")), BY_DAY)
    assert found is not None and clock(found.at) == "2026-03-19 10:00"


def test_a_meeting_that_is_moved_far_enough_gets_an_agenda_anew() -> None:
    assert agenda_goes_again(BY_DAY, at("2026-03-30 10:00"), MEETING)
    assert not agenda_goes_again(BY_DAY, at("2026-03-20 16:00"), MEETING)


def test_a_meeting_every_four_weeks_keeps_its_hour_when_summer_time_begins() -> None:
    first = at("2026-03-19 13:30").astimezone(ZONE)
    assert following(first, 4).isoformat() == "2026-04-16T13:30:00+02:00"
