"""Months of follow-up, in virtual time on the real engine."""

from datetime import datetime, timedelta

from domain.actor import Actor
from domain.commands import (
    Accept,
    Acknowledge,
    Command,
    Extend,
    GiveFeedback,
    PauseAssignment,
    ReportProgress,
    Resolve,
)
from domain.events import EscalationRaised
from domain.words import AssignmentId, Cause, EscalationId, NoteId, Outcome, Role, Solved, Stage
from tests.cases import RULES, ZONE, Story
from tests.readmodel.town import DIRECTOR, MEMBER, RESIDENT, ROADS
from tests.workflows.by_the_rules import due_moments
from tests.workflows.living import Referral, Town

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TASK, AGAIN = AssignmentId("a1"), AssignmentId("a2")
NOTE = NoteId("n1")
HEAD = Actor(Role.DEPARTMENT_HEAD, "user:head", ROADS)


def days(referral: Referral, moment: datetime) -> float:
    """Since the case was opened, to the nearest hour."""
    return round((moment - referral.accepted.case.opened_at) / HOUR) / 24


def ladder(referral: Referral) -> list[tuple[float, str, int]]:
    return [
        (days(referral, h.at), str(h.event.reason), h.event.level)
        for h in referral.events
        if isinstance(h.event, EscalationRaised)
    ]


async def test_silence_climbs_the_ladder_and_an_acknowledgement_holds_it_until_it_runs_out(town: Town) -> None:
    referral = await town.begin()
    await referral.passes(3 * DAY)
    assert ladder(referral) == [(2, "no_response", 1)]
    await referral.does(Acknowledge(EscalationId("e1")), HEAD)
    await referral.passes(timedelta(days=1, hours=12))
    assert ladder(referral) == [(2, "no_response", 1)], "held, though the next rung was due on the fourth day"
    await referral.passes(DAY)
    assert ladder(referral) == [(2, "no_response", 1), (5, "no_response", 2)]
    await referral.passes(5 * DAY)
    assert ladder(referral) == [(2, "no_response", 1), (5, "no_response", 2), (7, "no_response", 3)]
    await referral.does(Accept(TASK), MEMBER)
    assert referral.case.open_escalations() == ()


async def test_a_pause_ends_by_itself_and_gives_back_what_was_left_of_the_promise(town: Town) -> None:
    referral = await town.begin()
    await referral.does(Accept(TASK), MEMBER)
    until = referral.accepted.case.opened_at + 20 * DAY
    await referral.does(PauseAssignment(TASK, Cause.THIRD_PARTY, until, NOTE), MEMBER)
    await referral.passes(19 * DAY)
    paused = referral.case
    assert paused.stage is Stage.WAITING
    assert ladder(referral) == []
    await referral.passes(2 * DAY)
    resumed = referral.case
    assert referral.kinds[-1] == "assignment_resumed"
    assert resumed.stage is Stage.IN_PROGRESS
    assert resumed.promised_by is not None
    assert days(referral, resumed.promised_by) == 35


async def test_the_feedback_window_closes_the_case_and_its_workflow(town: Town) -> None:
    referral = await town.begin()
    await referral.does(Resolve(TASK, NOTE), MEMBER)
    await referral.passes(13 * DAY)
    assert referral.case.stage is Stage.RESOLVED
    await referral.passes(2 * DAY)
    await referral.ends()
    assert (referral.case.outcome, days(referral, referral.events[-1].at)) == (Outcome.NO_FEEDBACK, 14)


async def test_ninety_days_are_recorded_as_the_rules_tell_them_in_virtual_time(town: Town) -> None:
    referral = await town.begin()
    told = Story(referral.rules)
    told.case, told.events, told.now = referral.accepted.case, referral.events, referral.accepted.case.opened_at

    async def does(day: float, command: Command, by: Actor) -> None:
        moment = told.case.opened_at + day * DAY
        told.until(moment)
        await referral.until(moment)
        id = f"command-{told.case.version}"
        told.does(command, by)
        await referral.does(command, by, id)

    opened = told.case.opened_at
    await does(3.25, Acknowledge(EscalationId("e1")), HEAD)
    await does(8.75, Accept(TASK, planned_for=opened + 12 * DAY), MEMBER)
    await does(18.25, Acknowledge(EscalationId("e4")), HEAD)
    await does(19.25, ReportProgress(TASK, NOTE), MEMBER)
    await does(21.25, PauseAssignment(TASK, Cause.NO_BUDGET, opened + 45 * DAY, NOTE), MEMBER)
    await does(47.25, Extend(TASK, opened + 70 * DAY, NOTE), DIRECTOR)
    await does(60.25, Resolve(TASK, NOTE), MEMBER)
    await does(62.75, GiveFeedback(Solved.NO), RESIDENT)
    await does(76.25, Resolve(AGAIN, NOTE), MEMBER)
    told.until(opened + 91 * DAY)
    await referral.passes(15.5 * DAY)
    await referral.ends()

    assert [(h.event.kind, h.rule, h.command_id) for h in referral.events] == [
        (h.event.kind, h.rule, h.command_id) for h in told.events
    ]
    assert len(referral.events) > 35
    assert all(abs(lived.at - made.at) < HOUR for lived, made in zip(referral.events, told.events, strict=True))
    assert referral.case.outcome is Outcome.NO_FEEDBACK


async def test_a_department_that_works_by_day_is_escalated_by_day_and_nothing_is_late(town: Town) -> None:
    referral = await town.begin(rules=lambda *_: RULES)
    await referral.passes(40 * DAY)
    await referral.does(Accept(TASK), MEMBER)
    await referral.passes(30 * DAY)
    raised = [h.at.astimezone(ZONE) for h in referral.events if isinstance(h.event, EscalationRaised)]
    assert len(raised) == 9, "no answer, overdue, stalled: three rungs each"
    for moment in raised:
        assert moment.weekday() < 5
        assert 8 <= moment.hour < 12 or 13 <= moment.hour < 17
    moments = due_moments(referral.rules, referral.events)
    assert len(moments) > 9
    assert all(due <= at < due + HOUR for due, at in moments)
