"""Reports that join another, are taken back, or are shared by others."""

import pytest

from domain.commands import Close, Comment, GiveFeedback, MergeInto, Resolve, Support, Withdraw
from domain.words import CaseId, Outcome, Solved, Stage
from tests.cases import A1, NOTE, ROADS, Story, manager, resident, roads, warden


@pytest.fixture
def story() -> Story:
    return Story().opened(ROADS, on="2026-03-02 09:00")


@pytest.mark.parametrize("by", [manager, warden])
def test_a_report_of_the_same_thing_joins_the_other_case(story: Story, by: type[object]) -> None:
    story.until("2026-03-05 09:00").does(MergeInto(CaseId("c2")), by=by)  # type: ignore[arg-type]
    assert (story.case.stage, story.case.outcome, story.case.merged_into) == (Stage.CLOSED, Outcome.MERGED, "c2")
    assert story.open == []


def test_a_case_does_not_join_itself(story: Story) -> None:
    refused = story.refused(MergeInto(CaseId("c1")), by=manager)
    assert (refused.code, refused.field) == ("invalid", "case_id")


def test_what_the_reporter_takes_back_is_closed(story: Story) -> None:
    story.until("2026-03-05 09:00").does(Withdraw(), by=resident)
    assert (story.case.stage, story.case.outcome, story.open) == (Stage.CLOSED, Outcome.WITHDRAWN, [])


def test_what_others_support_goes_on_without_its_reporter(story: Story) -> None:
    story.does(Support(), by=resident).does(Support(), by=resident)
    assert story.case.supporters == 2
    story.does(Withdraw(), by=resident)
    assert (story.case.stage, story.case.withdrawn) == (Stage.ASSIGNED, True)
    story.does(Resolve(A1, NOTE), by=roads).does(GiveFeedback(Solved.YES), by=resident)
    assert story.case.outcome is Outcome.SOLVED


def test_a_report_is_taken_back_once(story: Story) -> None:
    story.does(Support(), by=resident).does(Withdraw(), by=resident)
    assert story.refused(Withdraw(), by=resident).reason == "The report was taken back before."


def test_a_closed_case_refuses_everything_but_staleness_is_said_first(story: Story) -> None:
    story.does(Close(Outcome.EXPLAINED, NOTE), by=manager)
    assert story.refused(Comment(NOTE, False), by=manager).reason == "The case is closed."
    assert story.refused(Support(), by=resident).reason == "The case is closed."
    assert story.refused(Support(), by=resident, version=1).code == "stale"
    assert story.until("2027-01-01 00:00").events[-1].event.kind == "case_closed"
