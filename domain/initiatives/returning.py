"""A case comes back from residents: each task goes on with exactly what was left of it."""

from domain.draft import Draft
from domain.going_on import go_on
from domain.initiatives.events import OfferReturned
from domain.initiatives.state import Ending
from domain.words import NoteId


def give_back(draft: Draft, ending: Ending, note: NoteId | None = None, rule: str | None = None) -> None:
    """The running offer returns, and the departments' clocks run on."""
    offer = draft.case.offer
    assert offer is not None
    draft.add(OfferReturned(offer.id, ending, note), rule)
    for task in draft.case.live:
        if task.pause is not None and task.pause.with_residents:
            go_on(draft, task, "offer_ended")


def call_off(draft: Draft, rule: str | None = None) -> None:
    """The case ends in another way: an offer that still runs ends with it, and no clock starts again."""
    if draft.case.offer is not None:
        draft.add(OfferReturned(draft.case.offer.id, Ending.CLOSED), rule)
