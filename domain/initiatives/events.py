"""What has happened to the offers of a case. Amounts are whole euro cents."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.durations import Duration
from domain.initiatives.state import Ending
from domain.words import AssignmentId, FollowerId, NoteId, OfferId


@dataclass(frozen=True, slots=True)
class OfferMade:
    """The case was offered to residents."""

    offer: OfferId
    amount: int
    note: NoteId
    until: datetime
    kind: Literal["offer_made"] = "offer_made"


@dataclass(frozen=True, slots=True)
class AssignmentRested:
    """A department's clocks stand still, with this much left, as long as the case is with residents."""

    assignment: AssignmentId
    until: datetime
    resolve_left: Duration
    resolve_by: datetime
    """As it will be if the case comes back no sooner than then."""
    kind: Literal["assignment_rested"] = "assignment_rested"


@dataclass(frozen=True, slots=True)
class OfferAdopted:
    """Someone took it on; the amount is theirs to spend."""

    offer: OfferId
    adopter: FollowerId
    amount: int
    account_by: datetime
    remind_at: datetime | None = None
    kind: Literal["offer_adopted"] = "offer_adopted"


@dataclass(frozen=True, slots=True)
class AdopterReminded:
    """Whoever took it on was told that the time to account for it runs out."""

    offer: OfferId
    kind: Literal["adopter_reminded"] = "adopter_reminded"


@dataclass(frozen=True, slots=True)
class OfferAccounted:
    """It is done, and this is what it cost."""

    offer: OfferId
    spent: int
    note: NoteId
    kind: Literal["offer_accounted"] = "offer_accounted"


@dataclass(frozen=True, slots=True)
class OfferReturned:
    """The case is no longer with residents; what was reserved is free again."""

    offer: OfferId
    ending: Ending
    note: NoteId | None = None
    kind: Literal["offer_returned"] = "offer_returned"


InitiativeEvent = OfferMade | OfferAdopted | AdopterReminded | OfferAccounted | OfferReturned
"""Those of the offer itself; a task that rests is told of the task."""
MovesMoney = OfferAdopted | OfferAccounted | OfferReturned
"""What the ledger of the budget follows."""
