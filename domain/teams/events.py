"""What a team decided about a case."""

from dataclasses import dataclass
from typing import Literal

from domain.words import MeetingId, NoteId


@dataclass(frozen=True, slots=True)
class DecisionRecorded:
    """The note says what was decided; where a meeting is named, by its team."""

    note: NoteId
    meeting: MeetingId | None = None
    public: bool = False
    kind: Literal["decision_recorded"] = "decision_recorded"


TeamEvent = DecisionRecorded
