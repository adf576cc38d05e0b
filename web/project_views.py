"""What is told of a project in JSON."""

from datetime import date, datetime

from domain.projects.reactions import ReactionState
from domain.words import Outcome, Stage, Verdict
from web.view_base import Shown


class RequestShown(Shown):
    """A department, or the manager of a neighbourhood, that was asked for advice."""

    request: str
    department: str | None
    neighbourhood: str | None
    asked_at: datetime
    advise_by: datetime
    advised_at: datetime | None
    note: str | None
    """What was said besides the points."""
    summary: bool
    """It is for the sum of what residents said."""
    escalation_level: int
    """The highest rung that still asks for attention; 0 where none does."""


class PointShown(Shown):
    point: str
    request: str | None
    """Null: residents said it in the participation round."""
    advice: str | None
    verdict: Verdict | None
    """Null until the referring department has answered."""
    answer: str | None
    answered_at: datetime | None


class ReactionShown(Shown):
    """What a resident said, without their name."""

    reaction: str
    at: datetime
    text: str | None
    state: ReactionState
    note: str | None
    """Why it is shown or hidden."""


class ParticipationShown(Shown):
    question: str | None
    opened_at: datetime
    until: datetime
    closed_at: datetime | None
    summary: str | None
    summarised_at: datetime | None
    waiting: int
    """How many reactions nobody has looked at yet."""
    reactions: tuple[ReactionShown, ...]


class CommitmentShown(Shown):
    """Something that was promised, and the case in which it is followed up; that may be there a moment later."""

    commitment: str
    point: str | None
    description: str | None
    service: str
    neighbourhood: str
    departments: tuple[str, ...]
    made_at: datetime
    case_id: str | None
    number: str | None
    stage: Stage | None
    outcome: Outcome | None


class DocumentShown(Shown):
    document: str
    url: str
    name: str
    media_type: str
    size: int
    """Bytes."""
    public: bool
    """Residents who take part may read it."""
    at: datetime


class ProjectShown(Shown):
    """A project on which advice is asked; its texts are null for those who do without."""

    title: str | None
    question: str | None
    referred_by: str
    neighbourhoods: tuple[str, ...]
    decided_on: date
    decided_at: datetime
    """Until when advice counts."""
    bundled_at: datetime | None
    """When the advice was sent to the referring department."""
    answer: str | None
    """The assignment in which it answers."""
    requests: tuple[RequestShown, ...]
    points: tuple[PointShown, ...]
    participation: ParticipationShown | None
    commitments: tuple[CommitmentShown, ...]
    documents: tuple[DocumentShown, ...]


class PromisedShown(Shown):
    """The project about which a case was promised."""

    case_id: str
    number: str
    commitment: str


class DocumentsKept(Shown):
    """The documents that were sent, as they are kept."""

    items: tuple[DocumentShown, ...]


class PublicReaction(Shown):
    at: datetime
    text: str


class PublicPoint(Shown):
    """What residents said in short, and what the city does with it."""

    advice: str
    verdict: Verdict | None
    answer: str | None


class PublicDocument(Shown):
    url: str
    name: str
    media_type: str
    size: int


class ParticipationPage(Shown):
    """What residents are asked about a project, and what came of it."""

    case_id: str
    number: str
    title: str | None
    neighbourhoods: tuple[str, ...]
    decided_on: date
    question: str
    until: datetime
    open: bool
    """Whether residents may still react."""
    reactions: tuple[PublicReaction, ...]
    """Those that are shown to everyone, the latest first."""
    summary: str | None
    points: tuple[PublicPoint, ...]
    outcome: Outcome | None
    """Null until the referring department is done."""
    closing: str | None
    """What it wrote at the end."""
    documents: tuple[PublicDocument, ...]


class ReactionKept(Shown):
    """A reaction that is kept, and the secret link by which its writer follows the project."""

    case_id: str
    number: str
    reaction: str
    follow_url: str
    token: str
