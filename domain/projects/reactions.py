"""What residents reacted, read from what happened."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.events import Happened
from domain.projects.events import ReactionModerated, ReactionReceived
from domain.words import NoteId, ReactionId


class ReactionState(StrEnum):
    """Whether everyone may read it."""

    WAITING = "waiting"
    SHOWN = "shown"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Reaction:
    """What one resident said; `by` follows the case by a secret link."""

    id: ReactionId
    at: datetime
    by: str | None
    text: NoteId
    state: ReactionState = ReactionState.WAITING
    remark: NoteId | None = None
    """Why it is shown or hidden, for colleagues."""


def reactions(story: Iterable[Happened]) -> tuple[Reaction, ...]:
    """All of them, in the order in which they came, as they were moderated last."""
    found: dict[ReactionId, Reaction] = {}
    for happened in story:
        match happened.event:
            case ReactionReceived(reaction=id, text=text):
                by = happened.by.id if happened.by is not None else None
                found[id] = Reaction(id, happened.at, by, text)
            case ReactionModerated(reaction=id, shown=shown, note=note):
                state = ReactionState.SHOWN if shown else ReactionState.HIDDEN
                found[id] = replace(found[id], state=state, remark=note)
            case _:
                pass
    return tuple(found.values())
