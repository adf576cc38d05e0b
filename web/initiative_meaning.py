"""What a command about an offer to residents means to the rules."""

from typing import assert_never

from domain.initiatives import commands as domain
from domain.words import OfferId
from web import initiative_models as sent
from web.noting import Noting
from web.times import until


def of_initiative(meaning: Noting, body: sent.InitiativeCommand) -> domain.InitiativeCommand:
    """What the manager offers and what was done with it is for everyone to read; why it is handed back is for staff."""
    match body:
        case sent.OfferToResidents():
            ends = until(body.until, meaning.context.zone) if body.until is not None else None
            return domain.OfferToResidents(body.amount, meaning.note("note", body.note, public=True), ends)
        case sent.WithdrawOffer():
            return domain.WithdrawOffer(meaning.note("note", body.note, public=True))
        case sent.Adopt():
            return domain.Adopt(OfferId(body.offer) if body.offer is not None else None)
        case sent.Account():
            return domain.Account(body.spent, meaning.note("note", body.note, public=True))
        case sent.HandBack():
            return domain.HandBack(meaning.optional("note", body.note))
        case _:
            assert_never(body)
