"""What has happened to a structural case, besides what happens to any."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.durations import Duration
from domain.words import CaseId, NoteId


@dataclass(frozen=True, slots=True)
class StructuralWorkBegun:
    """A recurring problem is tackled from now on."""

    theme: str
    review_every: Duration
    review_at: datetime
    hot_spot: str | None = None
    kind: Literal["structural_work_begun"] = "structural_work_begun"


@dataclass(frozen=True, slots=True)
class IssuesBundled:
    """Issues became part of it; each goes on with its own life."""

    cases: tuple[CaseId, ...]
    kind: Literal["issues_bundled"] = "issues_bundled"


@dataclass(frozen=True, slots=True)
class IssueUnbundled:
    """An issue is no part of it any more."""

    case: CaseId
    kind: Literal["issue_unbundled"] = "issue_unbundled"


@dataclass(frozen=True, slots=True)
class ReviewDue:
    """It is time to look at the plan: the set day came, or every action is done."""

    review_by: datetime
    kind: Literal["review_due"] = "review_due"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The manager looked at the plan."""

    note: NoteId
    next_at: datetime
    kind: Literal["reviewed"] = "reviewed"


StructuralEvent = StructuralWorkBegun | IssuesBundled | IssueUnbundled | ReviewDue | Reviewed
