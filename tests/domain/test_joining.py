"""One problem, one case: everyone behind it is asked, and what was joined by mistake goes on by itself again."""

from dataclasses import replace

import pytest

from domain.actor import Actor
from domain.commands import (
    Accept,
    Assign,
    Decline,
    GiveFeedback,
    MergeInto,
    PauseAssignment,
    Resolve,
    Support,
    Withdraw,
)
from domain.events import CaseSupported
from domain.joining.commands import BeAsked, Join, Part, Split, Uncross
from domain.joining.events import CaseSplit
from domain.joining.hearing import answered, asked
from domain.joining.state import Companion
from domain.measures import Measure
from domain.words import AssignmentState, CaseId, Cause, NoteId, Outcome, Solved, Stage
from tests.cases import A1, A2, NOTE, ROADS, Story, clock, manager, resident, roads, warden
from tests.domain.test_measures import found, open_cases

ELSEWHERE, JOINED = CaseId("c2"), CaseId("c3")
an, bea = replace(resident, id="an"), replace(resident, id="bea")


@pytest.fixture
def story() -> Story:
    return Story().opened(ROADS, on="2026-03-02 09:00")


def done(story: Story, *supporters: Actor, address: bool = True) -> Story:
    """Supported, and then reported done on the third of March."""
    for supporter in supporters:
        story.does(Support(asked=address), by=supporter)
    return story.does(Resolve(A1, NOTE), by=roads, on="2026-03-03 09:00")


def says(solved: Solved, *, supporter: bool = True) -> GiveFeedback:
    return GiveFeedback(solved, supporter=supporter)


def test_the_case_closes_once_everyone_who_was_asked_has_told(story: Story) -> None:
    done(story, an, bea)
    assert asked(story.case) == 3
    for told, by in enumerate((an, resident), start=1):
        story.does(says(Solved.YES, supporter=by is an), by=by)
        assert (story.case.stage, answered(story.case)) == (Stage.RESOLVED, told)
    story.does(says(Solved.PARTLY), by=bea)
    assert story.case.outcome is Outcome.SOLVED


def test_a_no_of_anyone_reopens_the_case_at_once(story: Story) -> None:
    done(story, an).does(says(Solved.YES, supporter=False), by=resident).does(says(Solved.NO), by=an)
    assert (story.case.stage, story.case.round, story.case.feedback_until) == (Stage.ASSIGNED, 2, None)
    story.does(Resolve(A2, NOTE), by=roads)
    assert (asked(story.case), answered(story.case)) == (2, 0), "in the new round everyone is asked again"


def test_who_left_no_address_holds_nothing_up_but_is_heard(story: Story) -> None:
    done(story, an, address=False)
    assert asked(story.case) == 1
    story.does(says(Solved.YES), by=an)
    assert story.case.stage is Stage.RESOLVED, "the reporter is still to tell"
    story.does(says(Solved.YES, supporter=False), by=resident)
    assert story.case.outcome is Outcome.SOLVED


@pytest.mark.parametrize(("told", "outcome"), [(Solved.YES, Outcome.SOLVED), (None, Outcome.NO_FEEDBACK)])
def test_the_time_to_tell_ends_with_what_was_told(story: Story, told: Solved | None, outcome: Outcome) -> None:
    done(story, an)
    if told is not None:
        story.does(says(told), by=an)
    story.until("2026-03-17 09:00")
    assert (story.case.outcome, story.events[-1].rule) == (outcome, "feedback_within")


def test_everyone_tells_once_each_time_they_are_asked(story: Story) -> None:
    done(story, an).does(says(Solved.YES), by=an)
    assert story.refused(says(Solved.NO), by=an).rule == "told_before"


def test_nobody_waits_for_a_reporter_who_took_the_report_back(story: Story) -> None:
    done(story, an).does(says(Solved.YES), by=an).does(Withdraw(), by=resident)
    assert story.case.outcome is Outcome.SOLVED


def test_a_supporter_may_leave_an_address_later_and_take_it_back(story: Story) -> None:
    story.does(Support(), by=an).does(BeAsked(), by=an)
    assert story.refused(BeAsked(), by=an).rule == "known_already"
    story.does(Resolve(A1, NOTE), by=roads).does(says(Solved.YES, supporter=False), by=resident)
    assert story.case.stage is Stage.RESOLVED
    story.does(BeAsked(wanted=False), by=an)
    assert story.case.outcome is Outcome.SOLVED


def test_whoever_joins_after_the_question_holds_nothing_up(story: Story) -> None:
    done(story).does(Support(asked=True), by=an).does(says(Solved.YES, supporter=False), by=resident)
    assert story.case.outcome is Outcome.SOLVED


def test_a_report_that_joins_brings_everyone_behind_it(story: Story) -> None:
    story.does(Support(), by=an)
    story.does(Join((Companion(JOINED, 2, ("x", "y")), Companion(CaseId("c4"), 1))), by=resident)
    assert story.case.supporters == 4
    assert asked(done(story).case) == 3
    assert story.refused(Join((Companion(JOINED, 2),)), by=resident).rule == "joined_before"


def test_who_parts_takes_everyone_along_and_is_not_waited_for(story: Story) -> None:
    story.does(Support(), by=an).does(Join((Companion(JOINED, 2, ("x",)),)), by=resident)
    done(story).does(says(Solved.YES, supporter=False), by=resident)
    assert story.case.stage is Stage.RESOLVED
    story.does(Part((JOINED,)), by=resident)
    assert (story.case.supporters, story.case.outcome) == (1, Outcome.SOLVED)
    assert story.refused(Part((JOINED,)), by=resident).rule == "closed"


def test_a_case_that_nobody_stands_behind_any_more_ends_as_its_reporter_asked(story: Story) -> None:
    story.does(Join((Companion(JOINED, 1),)), by=resident).does(Withdraw(), by=resident)
    story.does(Part((JOINED,)), by=resident)
    assert (story.case.outcome, story.events[-1].rule) == (Outcome.WITHDRAWN, "split")


@pytest.mark.parametrize("by", [manager, warden])
def test_a_wrong_merge_is_split_and_the_promise_stands(story: Story, by: Actor) -> None:
    story.does(Accept(A1), by=roads, on="2026-03-02 10:00")
    before = story.case
    story.does(MergeInto(ELSEWHERE), by=manager, on="2026-03-03 10:00").does(Split(NOTE), by=by, on="2026-03-05 10:00")
    assert (story.case.assignments, story.case.promised_by) == (before.assignments, before.promised_by)
    assert (story.case.stage, story.case.outcome, story.case.merged_into) == (Stage.IN_PROGRESS, None, None)
    assert story.told(CaseSplit) == [CaseSplit(ELSEWHERE, story.events[-1].seq - 2, note=NOTE)]
    assert open_cases(story) == open_cases(story, ROADS) == 1


def test_what_ran_out_meanwhile_is_escalated_by_the_clock(story: Story) -> None:
    story.does(MergeInto(ELSEWHERE), by=manager, on="2026-03-03 10:00")
    story.does(Split(NOTE), by=manager, on="2026-03-25 10:00").until("2026-03-25 10:00")
    assert story.open == ["no_response 1", "overdue 1"]


def test_a_pause_that_ended_meanwhile_gives_back_what_was_left(story: Story) -> None:
    story.does(Accept(A1), by=roads).does(
        PauseAssignment(A1, Cause.THIRD_PARTY, story.now.replace(day=4), NOTE), by=roads
    )
    promised = story.promised
    story.does(MergeInto(ELSEWHERE), by=manager, on="2026-03-03 10:00")
    story.does(Split(NOTE), by=manager, on="2026-03-10 10:00").until("2026-03-10 10:00")
    assert (story.task().state, story.promised) == (AssignmentState.IN_PROGRESS, promised)


@pytest.mark.parametrize("decided", [Decline(A1, Cause.NOT_OURS, NOTE), None])
def test_what_awaited_placing_awaits_it_again(decided: Decline | None) -> None:
    story = Story().opened(*([ROADS] if decided else []), on="2026-03-02 09:00")
    if decided is not None:
        story.does(decided, by=roads)
    before = story.case
    story.does(MergeInto(ELSEWHERE), by=manager, on="2026-03-02 10:00").does(Split(NOTE), by=manager)
    assert (story.case.stage, story.case.placements) == (Stage.TRIAGE, before.placements)
    story.until("2026-03-03 09:00")
    assert len(story.open) == 1
    assert story.does(Assign((ROADS,)), by=manager).case.stage is Stage.ASSIGNED


def test_people_who_were_asked_have_the_time_that_was_left(story: Story) -> None:
    done(story, an).does(says(Solved.YES), by=an)
    story.does(MergeInto(ELSEWHERE), by=manager).does(Split(NOTE), by=manager, on="2026-03-10 09:00")
    assert (clock(story.case.feedback_until), answered(story.case)) == ("2026-03-17 09:00", 1)


def test_people_are_asked_anew_where_the_time_to_tell_is_over(story: Story) -> None:
    done(story).does(MergeInto(ELSEWHERE), by=manager).does(Split(NOTE), by=manager, on="2026-03-20 09:00")
    assert (story.case.stage, clock(story.case.feedback_until)) == (Stage.RESOLVED, "2026-04-03 10:00")


def test_a_merge_can_be_split_for_thirty_days(story: Story) -> None:
    assert story.refused(Split(NOTE), by=manager).rule == "not_merged"
    story.does(MergeInto(ELSEWHERE), by=manager)
    assert story.refused(Split(NOTE), by=manager, on="2026-04-01 10:00").rule == "split_too_late"


def test_a_merge_of_before_that_was_possible_cannot_be_split(story: Story) -> None:
    story.does(MergeInto(ELSEWHERE), by=manager)
    story.case = replace(story.case, merge=None)
    assert story.refused(Split(NOTE), by=manager).rule == "merged_before"


def test_a_case_may_be_joined_and_split_again_and_again(story: Story) -> None:
    for _ in range(2):
        story.does(MergeInto(ELSEWHERE), by=manager).does(Split(NOTE), by=manager)
    assert len({split.merge for split in story.told(CaseSplit)}) == 2
    assert story.case.stage is Stage.ASSIGNED


def test_of_reports_that_joined_each_other_the_engine_lets_one_go_on(story: Story) -> None:
    story.does(MergeInto(ELSEWHERE), by=manager).does(Uncross(), by=resident)
    assert story.case.stage is Stage.ASSIGNED
    assert (story.events[-1].rule, story.events[-1].by) == ("crossed", None)


def test_who_came_along_may_part_from_a_case_that_joined_another_itself(story: Story) -> None:
    story.does(Join((Companion(JOINED, 1),)), by=resident).does(MergeInto(ELSEWHERE), by=manager)
    story.does(Part((JOINED,)), by=resident).does(Split(NOTE), by=manager)
    assert (story.case.supporters, story.case.companions) == (0, ())
    assert story.told(CaseSupported) == [CaseSupported(1, companions=(Companion(JOINED, 1),))]


def test_a_split_counts_as_neither_a_report_nor_a_reopening(story: Story) -> None:
    story.does(MergeInto(ELSEWHERE), by=manager).does(Split(NoteId("why")), by=manager)
    counted = {
        m: sum(fact.primary for fact in found(story, m)) for m in (Measure.OPENED, Measure.RETURNED, Measure.REOPENED)
    }
    assert list(counted.values()) == [1, 1, 0]
