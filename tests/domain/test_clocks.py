"""What a task took, waited and has left, as it is drawn."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.clocks import Clock, SegmentKind, WorkLeft, clocks, counting, time_left
from domain.commands import (
    Accept,
    Answer,
    AskResident,
    Assign,
    Close,
    Decline,
    Extend,
    GiveFeedback,
    PauseAssignment,
    Resolve,
    Resume,
    SetUrgent,
    Transfer,
)
from domain.durations import Elapsed, WorkingDays, WorkingHours
from domain.words import AssignmentId, AssignmentState, Cause, Outcome, Solved, Term
from domain.working_time import Calendar, end_of, worked_between
from tests.cases import (
    A1,
    A2,
    BY_DAY,
    GREEN,
    NOTE,
    POLICE,
    ROADS,
    RULES,
    Story,
    at,
    clock,
    green,
    manager,
    resident,
    roads,
)
from tests.domain.test_options import lives

HOUR, DAY = 3_600, 8 * 3_600


def of(story: Story, id: AssignmentId = A1, now: str | None = None) -> Clock:
    if now is not None:
        story.until(now)
    return next(c for c in clocks(story.rules, story.case, story.events, story.now) if c.assignment == id)


def drawn(clock_: Clock) -> list[str]:
    """ "elapsed until 2026-03-03 09:00", one after the other."""
    return [f"{segment.kind} until {clock(segment.end)}" for segment in clock_.segments]


@pytest.fixture
def story() -> Story:
    return Story().opened(ROADS, on="2026-03-02 09:00")


def pause(until: str) -> PauseAssignment:
    return PauseAssignment(A1, Cause.THIRD_PARTY, at(until), NOTE)


def test_a_task_that_runs_has_some_time_behind_and_some_before_it(story: Story) -> None:
    found = of(story, now="2026-03-03 11:00")
    assert drawn(found) == ["elapsed until 2026-03-03 11:00", "left until 2026-03-23 09:00"]
    assert (found.worked, found.paused, found.late) == (DAY + 2 * HOUR, 0, None)
    assert found.left == WorkingHours(14 * DAY - 2 * HOUR)


def test_a_promise_that_passed_is_over_until_now(story: Story) -> None:
    found = of(story, now="2026-03-24 10:00")
    assert drawn(found) == ["elapsed until 2026-03-23 09:00", "over until 2026-03-24 10:00"]
    assert (found.left, found.late) == (WorkingHours(0), WorkingHours(DAY + HOUR))


def test_a_pause_is_drawn_to_its_planned_end_with_what_is_left_behind_it(story: Story) -> None:
    story.does(Accept(A1), by=roads).does(pause("2026-03-10 09:00"), by=roads, on="2026-03-03 09:00")
    found = of(story, now="2026-03-04 09:00")
    assert drawn(found) == [
        "elapsed until 2026-03-03 09:00",
        "paused until 2026-03-10 09:00",
        "left until 2026-03-30 09:00",
    ]
    assert (found.worked, found.paused, found.left) == (DAY, DAY, WorkingHours(14 * DAY))


def test_a_pause_that_ended_early_gives_back_what_was_left(story: Story) -> None:
    story.does(Accept(A1), by=roads).does(pause("2026-03-24 09:00"), by=roads, on="2026-03-03 09:00")
    story.does(Resume(A1), by=roads, on="2026-03-05 09:00")
    assert drawn(of(story, now="2026-03-06 09:00")) == [
        "elapsed until 2026-03-03 09:00",
        "paused until 2026-03-05 09:00",
        "elapsed until 2026-03-06 09:00",
        "left until 2026-03-25 09:00",
    ]


def test_a_pause_whose_end_the_engine_has_not_seen_yet_is_over_all_the_same(story: Story) -> None:
    story.does(Accept(A1), by=roads).does(pause("2026-03-10 09:00"), by=roads, on="2026-03-03 09:00")
    story.now = at("2026-03-12 09:00")
    assert drawn(of(story))[1:] == [
        "paused until 2026-03-10 09:00",
        "elapsed until 2026-03-12 09:00",
        "left until 2026-03-30 09:00",
    ]


def test_waiting_for_an_answer_is_a_pause(story: Story) -> None:
    story.does(AskResident(A1, NOTE), by=roads, on="2026-03-03 09:00")
    story.does(Answer(NOTE), by=resident, on="2026-03-05 09:00")
    assert drawn(of(story))[:2] == ["elapsed until 2026-03-03 09:00", "paused until 2026-03-05 09:00"]


def test_a_promise_extended_after_it_passed_shows_that_it_had_passed(story: Story) -> None:
    story.does(Extend(A1, at("2026-04-08 09:00"), NOTE), by=manager, on="2026-03-24 09:00")
    found = of(story, now="2026-03-25 09:00")
    assert drawn(found) == [
        "elapsed until 2026-03-23 09:00",
        "over until 2026-03-24 09:00",
        "elapsed until 2026-03-25 09:00",
        "left until 2026-04-08 09:00",
    ]
    assert found.late is None


def test_an_urgent_case_has_less_left_in_plain_hours(story: Story) -> None:
    story.does(SetUrgent(True, NOTE), by=manager, on="2026-03-06 16:00")
    found = of(story, now="2026-03-06 20:00")
    assert drawn(found) == ["elapsed until 2026-03-06 20:00", "left until 2026-03-07 16:00"]
    assert (found.worked, found.left) == (5 * DAY - HOUR, Elapsed(20 * HOUR))


def test_a_task_that_was_passed_on_ends_there_and_the_next_one_keeps_the_promise(story: Story) -> None:
    story.does(Transfer(A1, GREEN, NOTE), by=roads, on="2026-03-04 09:00").until("2026-03-05 09:00")
    first, second = clocks(story.rules, story.case, story.events, story.now)
    assert (first.state, clock(first.ended_at)) == (AssignmentState.TRANSFERRED, "2026-03-04 09:00")
    assert drawn(first) == ["elapsed until 2026-03-04 09:00", "left until 2026-03-23 09:00"]
    assert (clock(second.start), second.ended_at) == ("2026-03-04 09:00", None)
    assert drawn(second) == ["elapsed until 2026-03-05 09:00", "left until 2026-03-23 09:00"]


def test_each_round_has_clocks_of_its_own(story: Story) -> None:
    story.does(Resolve(A1, NOTE), by=roads, on="2026-03-03 09:00")
    story.does(GiveFeedback(Solved.NO), by=resident, on="2026-03-06 09:00")
    first, again = clocks(story.rules, story.case, story.events, story.now)
    assert (first.round, clock(first.ended_at)) == (1, "2026-03-03 09:00")
    assert (again.round, clock(again.start), again.department) == (2, "2026-03-06 09:00", ROADS)
    assert clock(again.resolve_by) == "2026-03-23 09:00"


def test_a_clock_stops_when_the_case_closes(story: Story) -> None:
    story.does(Accept(A1), by=roads).does(pause("2026-03-10 09:00"), by=roads, on="2026-03-03 09:00")
    story.does(Close(Outcome.EXPLAINED, NOTE), by=manager, on="2026-03-04 09:00").until("2026-06-01 09:00")
    found = of(story)
    assert clock(found.ended_at) == "2026-03-04 09:00"
    assert (found.worked, found.paused, found.late) == (DAY, DAY, None)


def test_a_task_taken_away_or_declined_has_ended() -> None:
    story = Story().opened(ROADS, GREEN, on="2026-03-02 09:00")
    story.does(Assign((POLICE,), None, A1), by=manager, on="2026-03-03 09:00")
    story.does(Decline(A2, Cause.NOT_OURS, NOTE), by=green, on="2026-03-04 09:00").until("2026-03-05 09:00")
    assert [clock(of(story, id).ended_at) for id in (A1, A2)] == ["2026-03-03 09:00", "2026-03-04 09:00"]


def test_the_term_to_answer_is_met_or_not_once_that_is_known(story: Story) -> None:
    before = of(story, now="2026-03-04 08:00").response
    missed = of(story, now="2026-03-04 10:00").response
    story.does(Accept(A1), by=roads)
    answered = of(story, now="2026-03-05 10:00").response
    assert before is not None and missed is not None and answered is not None
    assert (clock(before.start), clock(before.respond_by)) == ("2026-03-02 09:00", "2026-03-04 09:00")
    assert (before.in_time, missed.in_time, answered.in_time) == (None, False, False)
    assert clock(answered.answered_at) == "2026-03-04 10:00"
    soon = of(Story().opened(ROADS, on="2026-03-02 09:00").does(Accept(A1), by=roads, on="2026-03-03 09:00")).response
    assert soon is not None and soon.in_time


def test_after_a_manager_s_question_the_term_to_answer_starts_anew(story: Story) -> None:
    story.does(AskResident(A1, NOTE), by=manager, on="2026-03-03 09:00")
    waiting = of(story, now="2026-03-05 09:00").response
    assert waiting is not None and waiting.in_time is None
    story.does(Answer(NOTE), by=resident, on="2026-03-09 09:00")
    renewed = of(story).response
    assert renewed is not None
    assert (clock(renewed.start), clock(renewed.respond_by)) == ("2026-03-09 09:00", "2026-03-11 09:00")


@settings(max_examples=60, deadline=None)
@given(lives(), st.timedeltas(timedelta(0), timedelta(days=40)))
def test_segments_are_contiguous_and_add_up(story: Story, after: timedelta) -> None:
    now = story.now + after
    found = clocks(story.rules, story.case, story.events, now)
    assert [c.assignment for c in found] == [a.id for a in story.case.assignments]
    for one in found:
        calendar, stop = story.rules.calendar(one.department), one.ended_at or now
        assert all(a.end == b.start and a.kind is not b.kind for a, b in pairwise(one.segments))
        assert all(segment.start < segment.end for segment in one.segments)
        last = max(one.resolve_by, stop)
        assert (one.segments[0].start, one.segments[-1].end) == (one.start, last) if one.segments else last == one.start
        assert one.worked + one.paused == worked_between(calendar, one.start, stop)
        assert all(s.kind in (SegmentKind.LEFT, SegmentKind.PAUSED) for s in one.segments if s.start >= stop)
        assert (one.late is not None) <= (one.left in (WorkingHours(0), Elapsed(0)))


MINUTES = st.integers(0, 60 * 24 * 60)


@pytest.mark.parametrize(
    ("now", "due", "days", "hours", "minutes"),
    [
        ("2026-03-02 09:00", "2026-03-04 09:00", 2, 0, 0),
        ("2026-03-02 08:00", "2026-03-03 17:00", 2, 0, 0),
        ("2026-03-02 10:00", "2026-03-04 09:00", 1, 7, 0),
        ("2026-03-06 16:30", "2026-03-09 09:15", 0, 1, 45),
        ("2026-03-06 20:00", "2026-03-09 08:00", 0, 0, 0),
        ("2026-04-03 09:00", "2026-04-07 09:00", 1, 0, 0),
    ],
)
def test_time_left_is_said_in_working_days_and_hours(now: str, due: str, days: int, hours: int, minutes: int) -> None:
    found = time_left(BY_DAY, at(now), at(due))
    assert (found.late, found.days, found.hours, found.minutes) == (False, days, hours, minutes)
    assert time_left(BY_DAY, at(due), at(now)) == WorkLeft(True, days, found.seconds)


@given(MINUTES, MINUTES)
def test_as_many_working_days_are_left_as_a_term_of_them_would_fit(after: int, lasting: int) -> None:
    now = at("2026-03-02 00:00") + timedelta(minutes=after)
    due = now + timedelta(minutes=lasting)
    found = time_left(BY_DAY, now, due)
    assert found.days == _days_that_fit(BY_DAY, now, due)
    rest = end_of(BY_DAY, now, WorkingDays(found.days)) if found.days else now
    assert found.seconds == worked_between(BY_DAY, rest, due)


def _days_that_fit(calendar: Calendar, now: datetime, due: datetime) -> int:
    days = 0
    while end_of(calendar, now, WorkingDays(days + 1)) <= due:
        days += 1
    return days


def test_what_is_promised_in_plain_hours_is_left_day_and_night() -> None:
    now, due = at("2026-03-07 10:00"), at("2026-03-07 14:30")
    in_plain_hours = time_left(counting(RULES, True, ROADS, Term.RESPOND), now, due)
    assert (in_plain_hours.days, in_plain_hours.hours, in_plain_hours.minutes) == (0, 4, 30)
    assert counting(RULES, False, ROADS, Term.RESOLVE) == BY_DAY
