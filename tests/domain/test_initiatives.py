"""Residents who act: a case is offered, taken on, done and accounted for; or it comes back as if nothing had been."""

import pytest

from domain.actor import Actor
from domain.commands import (
    Accept,
    AskResident,
    Assign,
    Close,
    Command,
    MergeInto,
    PauseAssignment,
    Resolve,
    SetUrgent,
    Withdraw,
)
from domain.events import AssignmentResumed, CaseClosed
from domain.forecast import forecast
from domain.initiatives.commands import Account, Adopt, HandBack, OfferToResidents, WithdrawOffer
from domain.initiatives.events import AdopterReminded, OfferAccounted, OfferAdopted, OfferReturned
from domain.initiatives.state import Ending, Offer
from domain.measures import Measure, facts
from domain.words import (
    AssignmentState,
    CaseId,
    Cause,
    DepartmentId,
    NoteId,
    OfferId,
    Outcome,
    Role,
    Stage,
)
from tests.cases import (
    A1,
    A2,
    GREEN,
    NOTE,
    ROADS,
    Story,
    at,
    clock,
    green,
    leadership,
    manager,
    manager_elsewhere,
    replay,
    resident,
    roads,
    warden,
)

AN, OMAR = (Actor(Role.RESIDENT, id) for id in ("an", "omar"))
MONDAY = "2026-03-02 09:00"
DONE = NoteId("done")
OFFER = OfferToResidents(150_00, NOTE)


def reported(*departments: DepartmentId) -> Story:
    return Story().opened(*departments or (ROADS,), on=MONDAY)


def offered(*departments: DepartmentId, on: str = "2026-03-03 10:00") -> Story:
    return reported(*departments).does(OFFER, manager, on)


def adopted(on: str = "2026-03-05 11:00") -> Story:
    return offered().does(Adopt(), AN, on)


def running(story: Story) -> Offer:
    assert story.case.offer is not None
    return story.case.offer


def test_a_case_that_is_offered_waits_for_residents_until_its_day() -> None:
    story = offered()
    assert story.case.stage is Stage.WAITING
    assert (running(story).amount, clock(running(story).until)) == (150_00, "2026-04-02 11:00"), (
        "30 days, one of them of 23 hours"
    )
    assert next(due.act for due in forecast(story.rules, story.case, story.now)) == "offer_returns"


def test_nobody_takes_it_on_and_every_clock_runs_on_with_exactly_what_was_left() -> None:
    promised = reported(ROADS, GREEN).does(Accept(A1), roads, "2026-03-02 10:00").promised
    story = reported(ROADS, GREEN).does(Accept(A1), roads, "2026-03-02 10:00")
    story.does(OFFER, manager, "2026-03-03 10:00")
    assert story.case.assignments[1].responded_at is None
    story.until("2026-04-02 11:00")
    returned = next(h for h in story.events if isinstance(h.event, OfferReturned))
    assert (clock(returned.at), returned.rule, returned.by) == ("2026-04-02 11:00", "offered_until", None)
    assert running_again(story) == [AssignmentState.IN_PROGRESS, AssignmentState.ASSIGNED]
    assert (promised, story.promised) == ("2026-03-23 09:00", "2026-04-23 10:00"), "111 working hours were left"
    assert clock(story.task(A2).respond_by) == "2026-04-07 11:00", "two working days, Easter Monday is none"


def running_again(story: Story) -> list[AssignmentState]:
    assert story.case.offer is None
    return [task.state for task in story.case.assignments]


def test_the_ladder_stands_still_while_residents_may_act_and_climbs_on_afterwards() -> None:
    story = reported().until("2026-03-04 09:00")
    assert story.open == ["no_response 1"]
    story.does(OFFER, manager, "2026-03-04 10:00").until("2026-03-20 09:00")
    assert story.open == ["no_response 1"]
    story.does(WithdrawOffer(NOTE), manager, "2026-03-20 10:00").until("2026-03-24 10:00")
    assert story.open == ["no_response 1", "no_response 2"]


def test_what_a_department_waited_with_is_counted_once() -> None:
    story = reported().does(Accept(A1), roads)
    story.does(PauseAssignment(A1, Cause.CAPACITY, at("2026-03-09 09:00"), NOTE), roads, "2026-03-03 09:00")
    left = story.task().pause
    story.does(OFFER, manager, "2026-03-05 09:00")
    rests = story.task().pause
    assert left is not None and rests is not None
    assert rests.resolve_left == left.resolve_left


def test_a_department_leaves_the_task_alone_while_it_is_with_residents() -> None:
    story = offered()
    for command in (Accept(A1), Resolve(A1, NOTE)):
        assert story.refused(command, roads).rule == "rests"
    assert story.refused(Assign((GREEN,)), manager).rule == "with_residents"
    assert story.refused(AskResident(A1, NOTE), manager).rule == "rests"


def test_someone_takes_it_on_and_has_as_long_as_the_city_itself() -> None:
    story = adopted()
    offer = running(story)
    assert (offer.adopter, clock(offer.account_by), clock(offer.remind_at)) == (
        "an",
        "2026-03-26 11:00",
        "2026-03-25 16:00",
    )
    story.until("2026-03-25 16:00")
    assert story.told(AdopterReminded) == [AdopterReminded(offer.id)]


def test_of_two_the_first_takes_it_on_and_the_second_is_thanked() -> None:
    story = adopted()
    refused = story.refused(Adopt(), OMAR)
    assert (refused.rule, refused.code) == ("adopted_before", "refused")
    assert "Thank you" in refused.reason


def test_whoever_took_it_on_accounts_for_it_and_the_case_closes() -> None:
    story = adopted().does(Account(120_00, DONE), AN, "2026-03-10 18:00")
    assert story.told(OfferAccounted) == [OfferAccounted(OfferId("o1"), 120_00, DONE)]
    assert story.told(CaseClosed) == [CaseClosed(Outcome.ADOPTED, DONE)]
    assert (story.case.offers[0].spent, story.case.offer, story.case.outcome) == (120_00, None, Outcome.ADOPTED)
    assert not story.told(AssignmentResumed)


def test_no_more_is_spent_than_was_agreed() -> None:
    story = adopted()
    assert story.refused(Account(150_01, DONE), AN).rule == "spent_too_much"
    assert story.refused(Account(-1, DONE), AN).field == "spent"
    story.does(Account(150_00, DONE), AN)


def test_what_nobody_accounts_for_goes_back_to_the_department() -> None:
    story = adopted().until("2026-03-26 11:00")
    returned = story.events[-2]
    assert returned.event == OfferReturned(OfferId("o1"), Ending.NOT_ACCOUNTED)
    assert returned.rule == "resolve_within"
    assert running_again(story) == [AssignmentState.ASSIGNED]


def test_whoever_took_it_on_may_hand_it_back_and_then_it_can_be_offered_again() -> None:
    story = adopted().does(HandBack(NOTE), AN, "2026-03-09 10:00")
    assert [offer.ending for offer in story.case.offers] == [Ending.HANDED_BACK]
    story.does(OfferToResidents(0, NOTE), manager, "2026-03-09 11:00")
    assert [offer.id for offer in story.case.offers] == ["o1", "o2"]
    assert story.refused(Adopt(OfferId("o1")), OMAR).rule == "offer_changed"


def test_the_manager_may_take_it_back_from_whoever_took_it_on() -> None:
    story = adopted().does(WithdrawOffer(NOTE), manager, "2026-03-06 09:00")
    assert story.told(OfferReturned) == [OfferReturned(OfferId("o1"), Ending.WITHDRAWN, NOTE)]


@pytest.mark.parametrize(
    ("command", "by", "ending"),
    [
        (SetUrgent(True, NOTE), manager, Ending.URGENT),
        (Close(Outcome.EXPLAINED, NOTE), manager, Ending.CLOSED),
    ],
)
def test_a_case_that_gets_urgent_or_ends_is_with_residents_no_more(command: Command, by: Actor, ending: Ending) -> None:
    story = adopted().does(command, by)
    assert [event.ending for event in story.told(OfferReturned)] == [ending]
    assert story.case.offer is None


def test_a_report_that_is_taken_back_goes_on_where_someone_has_taken_it_on() -> None:
    assert offered().does(Withdraw(), resident).case.closed
    story = adopted().does(Withdraw(), resident)
    assert not story.case.closed
    assert story.does(Account(0, DONE), AN).case.outcome is Outcome.ADOPTED


def test_only_what_residents_can_wait_with_is_offered() -> None:
    assert reported().does(SetUrgent(True, NOTE), manager).refused(OFFER, manager).rule == "offer_urgent"
    assert Story().opened(on=MONDAY).refused(OFFER, manager).rule == "offer_unplaced"
    assert reported().does(Resolve(A1, NOTE), roads).refused(OFFER, manager).rule == "offer_unplaced"
    assert reported().does(AskResident(A1, NOTE), manager).refused(OFFER, manager).rule == "offer_question"
    assert offered().refused(OFFER, manager).rule == "offered_already"
    assert reported().refused(OfferToResidents(-1, NOTE), manager).field == "amount"
    late = OfferToResidents(0, NOTE, at("2026-06-01 09:00"))
    assert reported().refused(late, manager).rule == "offer_at_most"


def test_each_does_their_own_part() -> None:
    for stranger in (manager_elsewhere, roads, green, warden, leadership, resident):
        assert reported().refused(OFFER, stranger).code == "forbidden"
        assert offered().refused(WithdrawOffer(NOTE), stranger).code == "forbidden"
    assert offered().refused(Adopt(), manager).code == "forbidden"
    for command in (Account(0, DONE), HandBack()):
        assert adopted().refused(command, OMAR).code == "forbidden"
        assert adopted().refused(command, manager).code == "forbidden"
        assert offered().refused(command, AN).rule == "not_adopted"
        assert reported().refused(command, AN).rule == "no_offer"


def test_an_offer_that_is_over_is_not_taken_on_even_where_the_engine_is_late() -> None:
    story = offered()
    story.now = running(story).until
    assert story.refused(Adopt(), AN).rule == "offer_over"
    assert not story.told(OfferAdopted)


def test_what_residents_did_counts_as_closed_and_neither_for_nor_against_the_city() -> None:
    story = adopted().does(Account(0, DONE), AN)
    [closed] = facts(replay(story.events[:-1]), story.events[-1], story.case)
    assert (closed.measure, closed.good, closed.detail) == (Measure.CLOSED, None, ("adopted",))


def test_a_case_that_is_with_residents_joins_no_other() -> None:
    assert offered().refused(MergeInto(CaseId("c2")), manager).rule == "with_residents"


def test_what_comes_back_after_its_report_was_taken_back_ends_as_its_reporter_asked() -> None:
    story = adopted().does(Withdraw(), resident).does(HandBack(), AN)
    assert story.case.outcome is Outcome.WITHDRAWN
