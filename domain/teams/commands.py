"""What a manager records of what the team decided."""

from dataclasses import dataclass
from typing import Literal

from domain.words import MeetingId, NoteId


@dataclass(frozen=True, slots=True)
class RecordDecision:
    """A decision about the case, perhaps taken at a meeting of the team; the resident reads it if it is public."""

    note: NoteId
    meeting: MeetingId | None = None
    public: bool = False
    kind: Literal["record_decision"] = "record_decision"


TeamCommand = RecordDecision
