"""Wardens inspect in the field: what is worth a look and why, what they tell, and what that does not decide."""

from dataclasses import replace

import pytest

from domain.commands import Accept, Assign, Close, GiveFeedback, Resolve
from domain.inspections.commands import Inspect
from domain.inspections.events import CaseInspected
from domain.inspections.rules import contradicts
from domain.inspections.state import Found, Inspection
from domain.inspections.worth import Look, Worth, worth_a_look
from domain.structural.commands import PlanAction
from domain.words import Outcome, Role, Solved, Stage
from readmodel.letters import LetterKind, letters_for
from tests.cases import A1, GREEN, NOTE, ROADS, Story, at, manager, resident, roads, warden


def worth(story: Story, *, photo: bool = True) -> Worth | None:
    look = worth_a_look(story.case, story.now, photo=photo)
    return look.worth if look is not None else None


def reported_done() -> Story:
    return Story().opened(ROADS, on="2026-03-02 09:00").does(Resolve(A1, NOTE), by=roads, on="2026-03-03 10:00")


def test_what_is_reported_done_is_looked_at_while_the_resident_can_answer() -> None:
    story = reported_done()
    done, until = at("2026-03-03 10:00"), story.case.feedback_until
    assert until is not None
    assert worth_a_look(story.case, story.now, photo=True) == Look(Worth.SAID_DONE, done, until)
    story.does(GiveFeedback(Solved.YES), by=resident)
    assert worth(story) is None


def test_what_is_new_is_looked_at_where_there_is_no_photo_of_it() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00")
    assert (worth(story), worth(story, photo=False)) == (None, Worth.NO_PHOTO)
    story.does(Accept(A1), by=roads)
    assert worth(story, photo=False) is None


def test_what_stands_still_or_is_late_is_looked_at() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00").does(Accept(A1), by=roads, on="2026-03-02 10:00")
    assert worth(story) is None
    assert worth(story.until("2026-03-11 09:00")) is Worth.STANDING_STILL
    assert worth(story.until("2026-03-24 09:00")) is Worth.LATE


def test_what_was_looked_at_is_left_out_until_something_new_happens() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00").does(Inspect(Found.NOTHING_THERE), by=warden)
    assert worth(story, photo=False) is None
    story.does(Resolve(A1, NOTE), by=roads, on="2026-03-03 10:00")
    assert worth(story) is Worth.SAID_DONE
    story.does(Inspect(Found.DONE), by=warden, on="2026-03-03 11:00")
    assert worth(story) is None


def test_a_plan_of_several_actions_is_no_place_to_look_at() -> None:
    story = Story().begun(on="2026-03-02 09:00").does(PlanAction(ROADS, NOTE), by=manager)
    assert worth(story, photo=False) is None
    assert story.refused(Inspect(Found.DONE), by=warden).code == "forbidden"


@pytest.mark.parametrize("found", Found)
@pytest.mark.parametrize("by", [warden, manager])
def test_an_inspection_is_kept_and_decides_nothing(found: Found, by: object) -> None:
    for story in (Story().opened(ROADS, on="2026-03-02 09:00"), reported_done()):
        before = story.case
        story.does(Inspect(found, NOTE), by=by)  # type: ignore[arg-type]
        assert story.told(CaseInspected) == [CaseInspected(found, NOTE)]
        assert story.case.inspection == Inspection(found, story.now)
        assert replace(story.case, version=before.version, inspection=None) == before


def test_nobody_inspects_what_is_over() -> None:
    story = reported_done().does(Close(Outcome.SOLVED, NOTE), by=manager)
    assert story.refused(Inspect(Found.DONE), by=warden).rule == "closed"


@pytest.mark.parametrize(
    ("found", "by", "told"),
    [
        (Found.NOT_DONE, warden, [(LetterKind.CONTRADICTED, "manager:winterslag-1", None)]),
        (Found.NOT_DONE, manager, []),
        (Found.PARTLY, warden, []),
        (Found.DONE, warden, []),
    ],
)
def test_the_manager_hears_at_once_that_what_was_reported_done_is_not(found: Found, by: object, told: object) -> None:
    story = reported_done()
    before = story.case
    story.does(Inspect(found), by=by)  # type: ignore[arg-type]
    letters = letters_for(before, story.events[-1], story.case)
    assert [(letter.kind, letter.recipient, letter.digest) for letter in letters] == told
    assert contradicts(before, found) is (found is Found.NOT_DONE)


def test_before_it_is_reported_done_it_is_no_news_that_it_is_not() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00").does(Inspect(Found.NOT_DONE), by=warden)
    assert letters_for(story.case, story.events[-1], story.case) == []


def test_a_manager_who_hears_that_it_is_not_done_gives_it_to_a_department_again() -> None:
    for department in (ROADS, GREEN):
        story = reported_done().does(Inspect(Found.NOT_DONE), by=warden)
        story.does(Assign((department,), NOTE), by=manager)
        assert (story.case.stage, story.departments) == (Stage.ASSIGNED, [department])
        assert story.case.feedback_until is None
        assert story.case.live[0].resolve_by > story.now
        assert story.events[-1].by is not None
        assert story.events[-1].by.role is Role.NEIGHBOURHOOD_MANAGER
