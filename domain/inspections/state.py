"""What somebody of the city found when they went to look."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Found(StrEnum):
    """What there is to see of the work, or of the problem."""

    DONE = "done"
    PARTLY = "partly"
    NOT_DONE = "not_done"
    NOTHING_THERE = "nothing_there"


@dataclass(frozen=True, slots=True)
class Inspection:
    """The last time that somebody went to look."""

    found: Found
    at: datetime
