"""What managers and residents may do with an offer, and what it makes happen."""

from datetime import datetime
from typing import assert_never

from domain.case import Assignment
from domain.draft import Draft
from domain.durations import Duration
from domain.initiatives.commands import Account, Adopt, HandBack, InitiativeCommand, OfferToResidents, WithdrawOffer
from domain.initiatives.events import AssignmentRested, OfferAccounted, OfferAdopted, OfferMade
from domain.initiatives.returning import give_back
from domain.initiatives.state import Ending, Offer
from domain.manager_rules import end
from domain.refusal import Refused
from domain.words import FollowerId, Kind, NoteId, OfferId, Outcome
from domain.working_time import end_of, left

MOST = 100_000_00
"""Euro cents that one offer may cost at most."""


def follow(draft: Draft, command: InitiativeCommand) -> None:
    """Raises Refused."""
    match command:
        case OfferToResidents():
            _offer(draft, command)
        case WithdrawOffer():
            _running(draft)
            come_back(draft, Ending.WITHDRAWN, command.note)
        case Adopt():
            _adopt(draft, command)
        case Account():
            _account(draft, command)
        case HandBack():
            _adopted(draft)
            come_back(draft, Ending.HANDED_BACK, command.note)
        case _:
            assert_never(command)


def come_back(draft: Draft, ending: Ending, note: NoteId | None = None, rule: str | None = None) -> None:
    """The departments go on, unless the reporter took the report back meanwhile and nobody else stands behind it."""
    give_back(draft, ending, note, rule)
    if draft.case.withdrawn and draft.case.supporters == 0:
        end(draft, Outcome.WITHDRAWN, rule="offer_ended")


def _offer(draft: Draft, command: OfferToResidents) -> None:
    """Residents may take it on until then; meanwhile every department's clock stands still."""
    case = draft.case
    if case.kind is not Kind.ISSUE:
        raise Refused("Only what was reported can be offered to residents.", rule="offer_only_issues")
    if case.offer is not None:
        raise Refused("The case is with residents already.", rule="offered_already")
    if case.urgent:
        raise Refused("An urgent case is not offered to residents.", rule="offer_urgent")
    if case.placements or not case.live:
        raise Refused(
            "First a department has to stand behind it, to go on if nobody takes it on.", rule="offer_unplaced"
        )
    if any(task.pause is not None and task.pause.question for task in case.live):
        raise Refused("The resident was asked something: wait for the answer first.", rule="offer_question")
    if not 0 <= command.amount <= MOST:
        raise Refused("The amount lies between 0 and 100,000 euro.", "invalid", "amount", "offer_amount")
    latest = draft.term(draft.policy.pause_at_most)
    until = command.until or latest
    draft.ahead(until, "until", "An offer stands until a moment", "offer_until_later")
    if until > latest:
        longest = latest.isoformat(timespec="seconds")
        raise Refused(
            f"An offer may stand until {longest} at most.", "refused", "until", "offer_at_most", {"until": longest}
        )
    draft.add(OfferMade(OfferId(f"o{len(case.offers) + 1}"), command.amount, command.note, until))
    _rest(draft, until)


def _adopt(draft: Draft, command: Adopt) -> None:
    """First come, first served; from now on there is a day by which it is accounted for."""
    offer = _running(draft)
    if offer.adopted:
        raise Refused("Someone else has just taken this on. Thank you for wanting to.", rule="adopted_before")
    if draft.now >= offer.until:
        raise Refused("The offer has just ended.", rule="offer_over")
    if command.offer is not None and command.offer != offer.id:
        raise Refused("The offer has changed since you read it: please read it again.", rule="offer_changed")
    assert draft.by is not None
    adopter, account_by = FollowerId(draft.by.id), draft.term(draft.policy.resolve_within)
    draft.add(OfferAdopted(offer.id, adopter, offer.amount, account_by, draft.reminder(account_by)))
    _rest(draft, account_by)


def _account(draft: Draft, command: Account) -> None:
    """Done: the case closes, and what was not spent is free again."""
    offer = _adopted(draft)
    if command.spent < 0:
        raise Refused("What it cost is an amount of euro, 0 or more.", "invalid", "spent", "spent_amount")
    if command.spent > offer.amount:
        most = f"{offer.amount / 100:.2f}"
        raise Refused(
            f"At most {most} euro was agreed.", "refused", "spent", "spent_too_much", {"amount": str(offer.amount)}
        )
    draft.add(OfferAccounted(offer.id, command.spent, command.note))
    end(draft, Outcome.ADOPTED, command.note)


def _rest(draft: Draft, until: datetime) -> None:
    """Every department's clock stands still, with what was left when it stopped."""
    for task in draft.case.live:
        calendar, resolve_left = draft.calendar(task.department), _left(draft, task)
        draft.add(AssignmentRested(task.id, until, resolve_left, end_of(calendar, until, resolve_left)))


def _left(draft: Draft, task: Assignment) -> Duration:
    if task.pause is not None and draft.now <= task.pause.until:
        return task.pause.resolve_left
    return left(draft.calendar(task.department), draft.now, draft.promise(task), draft.policy.resolve_within)


def _running(draft: Draft) -> Offer:
    if draft.case.offer is None:
        raise Refused("This is not offered to residents, or not any more.", rule="no_offer")
    return draft.case.offer


def _adopted(draft: Draft) -> Offer:
    offer = _running(draft)
    if not offer.adopted:
        raise Refused("Nobody has taken this on yet.", rule="not_adopted")
    return offer
