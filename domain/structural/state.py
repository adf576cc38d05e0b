"""What a structural case adds to a case: what it bundles, and when it is reviewed."""

from dataclasses import dataclass
from datetime import datetime

from domain.durations import Duration
from domain.words import CaseId, NoteId


@dataclass(frozen=True, slots=True)
class Review:
    """What was found when the plan was looked at."""

    at: datetime
    note: NoteId


@dataclass(frozen=True, slots=True)
class Structure:
    """A recurring problem being tackled; its plan of actions are the assignments of the case."""

    theme: str
    """Of what recurs."""
    review_every: Duration
    review_at: datetime
    """When the next review falls due, or fell due."""
    review_by: datetime | None = None
    """The review fell due, the manager was told, and has until then; absent while none is due."""
    issues: tuple[CaseId, ...] = ()
    hot_spot: str | None = None
    """The id of the hot spot that it takes up."""
    reviews: tuple[Review, ...] = ()
    done_at: datetime | None = None
    """Since when every action is done; absent while there is something to do, or before there ever was."""
