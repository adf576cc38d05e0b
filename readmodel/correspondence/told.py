"""What a letter's text may tell, gathered before a word is written."""

from dataclasses import dataclass, replace
from datetime import datetime

from readmodel.correspondence.of_projects import ToldProject
from readmodel.letters import LetterKind


@dataclass(frozen=True, slots=True)
class Told:
    """Times are local to the city; names are in the reader's language; what is absent is not mentioned."""

    letter: int
    kind: LetterKind
    language: str
    to_resident: bool
    city: str
    number: str
    service: str
    neighbourhood: str
    urgent: bool
    under_way: bool
    """Someone is at work on it, and its promise is not over."""
    opened: datetime
    link: str
    name: str | None = None
    """Of a resident who told it."""
    departments: tuple[str, ...] = ()
    """Those at work on the case once all that happened in the same instant has happened."""
    promise: datetime | None = None
    promise_before: datetime | None = None
    description: str | None = None
    address: str | None = None
    structural: bool = False
    """Nobody reported it: it is about a problem that keeps recurring."""
    action: str | None = None
    """What is to be done by the department concerned, where it is not what was reported."""
    note: str | None = None
    """The text of the letter's own event."""
    handover: str | None = None
    """What a department wrote when it gave the task away in the same instant."""
    feedback: str | None = None
    """What the resident wrote with the verdict that led to this."""
    cause: str | None = None
    department: str | None = None
    until: datetime | None = None
    respond_by: datetime | None = None
    resolve_by: datetime | None = None
    place_by: datetime | None = None
    review_by: datetime | None = None
    done: bool = False
    """Every action of the plan is done."""
    due: datetime | None = None
    climbs_at: datetime | None = None
    term: str | None = None
    reason: str | None = None
    outcome: str | None = None
    into: str | None = None
    """The number of the case that this one joined, or was split from."""
    amount: int | None = None
    """Of an offer to residents, in euro cents…"""
    spent: int | None = None
    """…and what it cost…"""
    ending: str | None = None
    """…or why it came back."""
    answer: str | None = None
    """What a partner told by a link: `accept`, `report_progress`, `pause`, `resume` or `ask_resident`."""
    planned: datetime | None = None
    task: str | None = None
    """The link by which a partner answers without an account…"""
    task_until: datetime | None = None
    """…until then."""
    silence: str | None = None
    """Where a resident asks for no more letters."""
    project: ToldProject | None = None

    def without_free_text(self) -> "Told":
        """For readers who see cases without personal data."""
        project = self.project.without_texts() if self.project is not None else None
        bare = replace(self, project=project, description=None, action=None, address=None)
        return replace(bare, note=None, handover=None, feedback=None)
