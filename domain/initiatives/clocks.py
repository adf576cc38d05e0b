"""What becomes of an offer by itself: a reminder, and its return to the departments."""

from collections.abc import Iterator
from datetime import datetime

from domain.case import Case
from domain.draft import Draft
from domain.due import Act, Due
from domain.initiatives.events import AdopterReminded
from domain.initiatives.rules import come_back
from domain.initiatives.state import Ending


def dues(case: Case, now: datetime) -> Iterator[Due]:
    """The reminder is left out where it comes no sooner than the end itself."""
    offer = case.offer
    if offer is None:
        return
    ends_at = offer.account_by or offer.until
    yield Due(ends_at, Act.OFFER_RETURNS)
    if offer.remind_at is not None and max(offer.remind_at, now) < ends_at:
        yield Due(offer.remind_at, Act.REMIND_ADOPTER)


def apply(draft: Draft, act: Act) -> None:
    """The engine does it, by the rule whose term ran out."""
    offer = draft.case.offer
    assert offer is not None
    if act is Act.REMIND_ADOPTER:
        draft.add(AdopterReminded(offer.id), "remind_before")
    elif offer.adopted:
        come_back(draft, Ending.NOT_ACCOUNTED, rule="resolve_within")
    else:
        come_back(draft, Ending.NOT_ADOPTED, rule="offered_until")
