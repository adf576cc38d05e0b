"""What happens because reports join and part."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.case import Placement
from domain.words import CaseId, NoteId


@dataclass(frozen=True, slots=True)
class CaseSplit:
    """The report goes on by itself again, from where it stood when it joined the other case."""

    apart_from: CaseId
    merge: int
    """The sequence number of the event by which it joined."""
    placements: tuple[Placement, ...] = ()
    feedback_until: datetime | None = None
    note: NoteId | None = None
    kind: Literal["case_split"] = "case_split"


@dataclass(frozen=True, slots=True)
class CaseParted:
    """Reports that had joined this case went on by themselves again."""

    cases: tuple[CaseId, ...]
    supporters: int
    """How many are left."""
    kind: Literal["case_parted"] = "case_parted"


@dataclass(frozen=True, slots=True)
class SupporterReachable:
    """A supporter can be asked from now on, or no longer."""

    reachable: bool
    kind: Literal["supporter_reachable"] = "supporter_reachable"


JoiningEvent = CaseSplit | CaseParted | SupporterReachable
