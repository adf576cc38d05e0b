"""What the workflows need of the outside world: the activities by name, and what is passed to them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from domain.case import Case
from domain.events import Happened
from domain.rulebook import Rulebook
from domain.words import CaseId, MeetingId, NeighbourhoodId, OfferId, Stage

CASES = "cases"
"""The queue of the cases themselves; recording happens where the case's workflow runs."""
ROUNDS = "rounds"
"""The queue of what goes round and round: intake, letters, figures, meetings and webhooks."""

COMMAND = "command"
"""The Update by which every command reaches a case."""

RECORD = "record"
RESERVE = "reserve"
RELEASE = "release"
JOIN = "join"
PART = "part"
KEEP_INTAKE_GOING = "keep_intake_going"
KEEP_LETTERS_GOING = "keep_letters_going"
KEEP_FIGURES_GOING = "keep_figures_going"
FIND_HOT_SPOTS = "find_hot_spots"
KEEP_MEETINGS_GOING = "keep_meetings_going"
KEEP_WEBHOOKS_GOING = "keep_webhooks_going"

CHANGED = "changed"
"""The signal by which the workflow of a meeting, or of a webhook's lane, hears that it should look again."""
ADVANCE_MEETING = "advance_meeting"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command led to: the case's version and stage right after it."""

    case_id: CaseId
    version: int
    stage: Stage


@dataclass(frozen=True, slots=True)
class Running:
    """Everything a case's workflow carries: from intake to its start, and from run to run."""

    case: Case
    rules: Rulebook
    outbox: tuple[Happened, ...] = ()
    """Events that are decided and not yet recorded."""
    answers: tuple[tuple[str, Answer], ...] = ()
    """Recent command ids and their answers, oldest first: a repeat is answered, not followed again."""
    latest: datetime | None = None
    """When something happened last; a case's time never runs back, whatever the machines' clocks say."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Events of one case to be recorded, in their order. Recording them twice changes nothing."""

    case_id: CaseId
    events: tuple[Happened, ...]


@dataclass(frozen=True, slots=True)
class Reserving:
    """An amount of a neighbourhood's budget, in euro cents, for one adoption of an offer.

    Asking for it again, or releasing it again, changes nothing.
    """

    case_id: CaseId
    offer: OfferId
    neighbourhood: NeighbourhoodId
    amount: int
    command_id: str
    at: datetime
    """It is the budget of that year, by the city's clocks."""


@dataclass(frozen=True, slots=True)
class Joining:
    """A report joins another case. Joining twice changes nothing."""

    case_id: CaseId
    into: CaseId
    merge: int = 0
    """The sequence number of the event by which it did; 0 where that was not told yet."""


@dataclass(frozen=True, slots=True)
class Parting:
    """A report parts from the case that it had joined. Parting twice changes nothing."""

    case_id: CaseId
    apart_from: CaseId
    merge: int
    """The sequence number of the event by which it had joined."""


def crossing(case_id: CaseId, merge: int) -> str:
    """The id of the command that lets this case go on, of reports that joined each other at the same instant."""
    return str(uuid5(NAMESPACE_URL, f"aanjager:crossed:{case_id}:{merge}"))


@dataclass(frozen=True, slots=True)
class Advancing:
    """What is due about a meeting by now is to be done. Doing it twice changes nothing."""

    meeting_id: MeetingId
    now: datetime


@dataclass(frozen=True, slots=True)
class Advanced:
    """When something is due next; None where people are next, or the meeting is over."""

    due: datetime | None
