"""What a manager asks of a structural case."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.words import CaseId, DepartmentId, NoteId


@dataclass(frozen=True, slots=True)
class PlanAction:
    """A department gets something to do; by the usual terms, or until a day of its own."""

    department: DepartmentId
    note: NoteId
    until: datetime | None = None
    kind: Literal["plan_action"] = "plan_action"


@dataclass(frozen=True, slots=True)
class Bundle:
    """These issues are part of it; that they exist, and are in no other structural case, was seen to before."""

    cases: tuple[CaseId, ...]
    kind: Literal["bundle"] = "bundle"


@dataclass(frozen=True, slots=True)
class Unbundle:
    """That issue is no part of it after all."""

    case: CaseId
    kind: Literal["unbundle"] = "unbundle"


@dataclass(frozen=True, slots=True)
class RecordReview:
    """The plan was looked at: how it stands, and when it is looked at again if not after the usual time."""

    note: NoteId
    next_on: datetime | None = None
    kind: Literal["review"] = "review"


StructuralCommand = PlanAction | Bundle | Unbundle | RecordReview
