"""What the events of an offer make of a case."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from domain.case import Case
from domain.initiatives.events import (
    AdopterReminded,
    InitiativeEvent,
    OfferAccounted,
    OfferAdopted,
    OfferMade,
    OfferReturned,
)
from domain.initiatives.state import Offer
from domain.words import OfferId


def offered(case: Case, at: datetime, event: InitiativeEvent) -> Case:
    """The case with its offers as the event leaves them."""
    match event:
        case OfferMade():
            made = Offer(event.offer, event.amount, event.note, at, event.until)
            return replace(case, offers=(*case.offers, made))
        case OfferAdopted():
            return _change(
                case,
                event.offer,
                adopted_at=at,
                adopter=event.adopter,
                account_by=event.account_by,
                remind_at=event.remind_at,
            )
        case AdopterReminded():
            return _change(case, event.offer, remind_at=None)
        case OfferAccounted():
            return _change(case, event.offer, spent=event.spent, account=event.note)
        case OfferReturned():
            return _change(case, event.offer, ending=event.ending)
        case _:
            assert_never(event)


def _change(case: Case, id: OfferId, **changes: object) -> Case:
    changed = tuple(replace(o, **changes) if o.id == id else o for o in case.offers)  # type: ignore[arg-type]
    return replace(case, offers=changed)
