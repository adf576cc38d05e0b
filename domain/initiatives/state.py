"""An offer to residents: what it may cost, until when it stands, and who took it on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.words import FollowerId, NoteId, OfferId


class Ending(StrEnum):
    """Why an offer came back to the departments."""

    NOT_ADOPTED = "not_adopted"
    NOT_ACCOUNTED = "not_accounted"
    HANDED_BACK = "handed_back"
    WITHDRAWN = "withdrawn"
    URGENT = "urgent"
    CLOSED = "closed"
    """The case ended in another way."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer and what became of it. Amounts are whole euro cents."""

    id: OfferId
    amount: int
    """What it may cost at most, from the neighbourhood's budget."""
    note: NoteId
    """What there is to do, in the manager's words: everyone may read it."""
    offered_at: datetime
    until: datetime
    """When it returns by itself if nobody takes it on."""
    adopted_at: datetime | None = None
    adopter: FollowerId | None = None
    account_by: datetime | None = None
    """When it returns by itself if it was not accounted for."""
    remind_at: datetime | None = None
    spent: int | None = None
    """What it cost in the end; present once it was accounted for."""
    account: NoteId | None = None
    """What was done, in the words of whoever did it."""
    ending: Ending | None = None
    """Why it returned."""

    @property
    def running(self) -> bool:
        """Whether the case still rests with residents."""
        return self.spent is None and self.ending is None

    @property
    def adopted(self) -> bool:
        """Whether someone is at it now."""
        return self.running and self.adopted_at is not None
