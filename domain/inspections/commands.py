"""What a warden or a manager tells of what they saw."""

from dataclasses import dataclass
from typing import Literal

from domain.inspections.state import Found
from domain.words import NoteId


@dataclass(frozen=True, slots=True)
class Inspect:
    """Somebody went to look; whether residents read the note is kept with the note."""

    found: Found
    note: NoteId | None = None
    kind: Literal["inspect"] = "inspect"


InspectionCommand = Inspect
