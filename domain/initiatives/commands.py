"""What managers and residents ask about an offer. Free text stays outside: a command carries the id of a note."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.words import NoteId, OfferId


@dataclass(frozen=True, slots=True)
class OfferToResidents:
    """The manager offers the case to residents; `amount` is what it may cost, in euro cents."""

    amount: int
    note: NoteId
    until: datetime | None = None
    """`pause_at_most` from now where absent."""
    kind: Literal["offer_to_residents"] = "offer_to_residents"


@dataclass(frozen=True, slots=True)
class WithdrawOffer:
    """The manager takes the offer back, also from whoever took it on; the note says why."""

    note: NoteId
    kind: Literal["withdraw_offer"] = "withdraw_offer"


@dataclass(frozen=True, slots=True)
class Adopt:
    """A resident takes it on: whoever gives the command."""

    offer: OfferId | None = None
    """The offer that they read, where they say which."""
    kind: Literal["adopt"] = "adopt"


@dataclass(frozen=True, slots=True)
class Account:
    """Whoever took it on tells what was done and what it cost, in euro cents."""

    spent: int
    note: NoteId
    kind: Literal["account"] = "account"


@dataclass(frozen=True, slots=True)
class HandBack:
    """Whoever took it on cannot do it after all."""

    note: NoteId | None = None
    kind: Literal["hand_back"] = "hand_back"


OfManager = OfferToResidents | WithdrawOffer
OfResident = Adopt | Account | HandBack
InitiativeCommand = OfManager | OfResident
