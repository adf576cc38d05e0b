"""What was seen in the field."""

from dataclasses import dataclass
from typing import Literal

from domain.inspections.state import Found
from domain.words import NoteId


@dataclass(frozen=True, slots=True)
class CaseInspected:
    """Somebody went to look; everyone reads that they did, staff what they found."""

    found: Found
    note: NoteId | None = None
    kind: Literal["case_inspected"] = "case_inspected"


InspectionEvent = CaseInspected
