"""The shapes of what the API answers."""

from datetime import date, datetime

from domain.inspections.state import Found
from domain.teams.agenda import Reason
from domain.teams.course import MeetingState
from domain.words import (
    AssignmentState,
    Cause,
    EscalationReason,
    Kind,
    Outcome,
    Rung,
    Solved,
    Stage,
)
from web.project_views import ProjectShown, PromisedShown
from web.structural_views import PartOfShown, StructureShown
from web.view_base import Shown as Shown


class LocationShown(Shown):
    lat: float
    lon: float
    address: str | None


class AttributeShown(Shown):
    """The answer to a question of the service; of a list the keys that were chosen."""

    code: str
    values: tuple[str, ...]


class RoughLocation(Shown):
    lat: float
    lon: float


class CaseNamed(Shown):
    case_id: str
    number: str


class ReporterShown(Shown):
    name: str | None
    email: str | None
    phone: str | None
    language: str | None
    earlier_reports: int
    """How many times they had reported before, recognised by their address or number."""
    earlier: tuple[CaseNamed, ...]
    """Those within one's sight, the latest first."""


class AssignmentShown(Shown):
    assignment: str
    department: str
    state: AssignmentState
    assigned_at: datetime
    respond_by: datetime | None
    responded_at: datetime | None
    resolve_by: datetime
    planned_for: datetime | None
    escalation_level: int
    """The highest rung that still asks for attention; 0 where none does."""
    task: str | None
    """What is to be done, where it is an action of a structural case."""


class EscalationShown(Shown):
    escalation: str
    assignment: str | None
    reason: EscalationReason
    level: int
    to: Rung
    raised_at: datetime
    acknowledged_at: datetime | None
    cleared_at: datetime | None
    cause: Cause | None
    """The limit behind it, named or taken from the task; null where it is not known yet."""


class UpcomingShown(Shown):
    """What the engine will do by itself: `resume`, `remind`, `review`, `escalate` or `close`."""

    at: datetime
    what: str
    assignment: str | None = None
    term: str | None = None
    """Of a reminder: `respond` or `resolve`."""
    reason: EscalationReason | None = None
    level: int | None = None
    to: Rung | None = None


class TimelineShown(Shown):
    seq: int
    at: datetime
    event: str
    by: str
    """`department:ID`, another role, `resident`, or `engine`."""
    rule: str | None
    """What made the engine act, in the policy's own word."""
    note: str | None


class FeedbackShown(Shown):
    at: datetime
    solved: Solved
    rating: int | None
    comment: str | None


class PhotoShown(Shown):
    """A photo, where it is found, and the line of the timeline that it belongs to."""

    photo: str
    url: str
    small: str
    """Where its thumbnail is found."""
    width: int
    height: int
    at: datetime
    seq: int
    note: str | None
    """What was written with it; null where the report brought it."""


class CaseOutline(Shown):
    """What everyone who may know of a case reads of it."""

    case_id: str
    number: str
    kind: Kind
    service: str
    neighbourhood: str
    stage: Stage
    outcome: Outcome | None
    urgent: bool
    opened_at: datetime
    promised_by: datetime | None
    closed_at: datetime | None
    round: int
    supporters: int


class CaseSummary(CaseOutline):
    """A case in a list."""

    version: int
    departments: tuple[str, ...]
    """Those that have the case."""
    escalation_level: int
    """The highest rung that still asks for attention; 0 where none does."""


class CaseOfferShown(Shown):
    """What was offered to residents, and what became of it; amounts in euro."""

    offer: str
    amount: float
    offered_at: datetime
    until: datetime
    adopted_at: datetime | None
    account_by: datetime | None
    spent: float | None
    """Present once it was accounted for."""
    ending: str | None
    """Why it came back, if it did."""


class InspectionShown(Shown):
    """The last time that somebody went to look."""

    found: Found
    at: datetime


class CaseShown(CaseOutline):
    """A case as one may know it: texts, address and reporter are null for those who do without."""

    version: int
    merged_into: str | None
    """The case that it joined…"""
    split_until: datetime | None
    """…and until when it may be split from it again."""
    asked: int
    """How many are asked whether it is solved, while they are…"""
    answered: int
    """…and how many of them have told."""
    structure: StructureShown | None
    """Of a structural case."""
    part_of: PartOfShown | None
    """The structural case that this issue belongs to."""
    description: str | None
    location: LocationShown | None
    reporter: ReporterShown | None
    assignments: tuple[AssignmentShown, ...]
    escalations: tuple[EscalationShown, ...]
    next: tuple[UpcomingShown, ...]
    timeline: tuple[TimelineShown, ...]
    feedback: tuple[FeedbackShown, ...]
    photos: tuple[PhotoShown, ...]
    offers: tuple[CaseOfferShown, ...]
    """What was offered to residents, in its order; only the last can be running."""
    attributes: tuple[AttributeShown, ...]
    media_url: str | None
    """Something to look at elsewhere, as whoever reported gave it."""
    project: ProjectShown | None
    """What advice is asked on; null of any other case."""
    promised_in: PromisedShown | None
    """Of a case that follows up what was promised about a project."""
    inspection: InspectionShown | None


class DuplicateShown(Shown):
    """An open case that may be about the same, and what speaks for it."""

    case_id: str
    number: str
    service: str
    neighbourhood: str
    stage: Stage
    opened_at: datetime
    supporters: int
    likeness: float
    """From 0, surely not the same, to 1."""
    probably: bool
    """It is likelier than not."""
    metres: int | None
    """Between them; null where a place is not known."""
    same_service: bool
    words: tuple[str, ...]
    """Telling words that both have; none for those who do without texts."""


class Duplicates(Shown):
    items: tuple[DuplicateShown, ...]


class CasePage(Shown):
    items: tuple[CaseSummary, ...]
    next_cursor: str | None


class EscalationItem(EscalationShown):
    """An escalation in a list, with the case it belongs to."""

    case_id: str
    number: str
    service: str
    neighbourhood: str
    department: str | None


class EscalationPage(Shown):
    items: tuple[EscalationItem, ...]
    next_cursor: str | None


class ThroughputItem(Shown):
    """The figures of one group in one bucket; shares are 0 to 1, and null where there is nothing to share."""

    bucket: date
    """Its first day, in the city's time zone."""
    group: str
    opened: int
    closed: int
    open_at_end: int
    median_days_to_close: float | None
    p90_days_to_close: float | None
    median_hours_to_respond: float | None
    responded_in_time: float | None
    resolved_in_time: float | None
    escalations: int
    transfers: int
    reopened: int
    solved_first_time: float | None
    satisfaction: float | None
    """The mean rating, 1 to 5."""
    feedback_count: int
    reporters: int
    """People who left an address or a number."""
    returning_reporters: int
    returning_share: float | None


class Throughput(Shown):
    items: tuple[ThroughputItem, ...]


class LimitItem(Shown):
    """How one cause held one group back."""

    group: str
    cause: Cause | None
    """Null where it is not named yet."""
    declines: int
    """That began in the period; so with the next two."""
    pauses: int
    escalations: int
    """Ladders, not rungs."""
    cases: int
    """That waited in the period."""
    waiting_days: float
    """Of 24 hours, all cases together; what overlaps in one case counts once."""
    median_waiting_days: float | None
    """Of these cases."""
    share: float | None
    """Of the waiting days of the group, 0 to 1."""


class LimitsShown(Shown):
    items: tuple[LimitItem, ...]


class AcceptedShown(Shown):
    """A report that is kept: its case, and the secret link by which it is followed."""

    case_id: str
    number: str
    follow_url: str | None
    """Absent when a repeat without a token tells another story than the first report."""
    token: str | None


class AnswerShown(Shown):
    """What a command led to."""

    case_id: str
    version: int
    stage: Stage


class FollowLine(Shown):
    seq: int
    at: datetime
    event: str
    department: str | None
    note: str | None


class MayDo(Shown):
    """What the resident can do now."""

    answer: bool
    feedback: bool
    support: bool
    withdraw: bool
    adopt: bool
    account: bool
    hand_back: bool


class FollowOfferShown(Shown):
    """What was offered to residents; amounts in euro."""

    offer: str
    about: str | None
    amount: float
    until: datetime
    """When it returns to the city if nobody takes it on."""
    adopted: bool
    yours: bool
    """Whoever reads this took it on."""
    account_by: datetime | None
    spent: float | None


class OfferShown(Shown):
    """Something that anyone may take on; the amount in euro, the place no closer than some hundred metres."""

    case_id: str
    number: str
    offer: str
    service: str
    neighbourhood: str
    about: str
    amount: float
    until: datetime
    location: RoughLocation | None


class OffersPage(Shown):
    items: tuple[OfferShown, ...]


class AdoptedShown(Shown):
    """Taken on; the link is for whoever did so alone."""

    case_id: str
    number: str
    follow_url: str
    token: str
    account_by: datetime


class FollowShown(CaseOutline):
    """A case as its residents see it."""

    description: str | None
    """Of one's own report only."""
    question: str | None
    """What the city wants to know, while it waits for the answer."""
    feedback_until: datetime | None
    asked: int
    """How many are asked whether it is solved, while they are…"""
    answered: int
    """…and how many of them have told."""
    may: MayDo
    offer: FollowOfferShown | None
    """What residents may take on, or have."""
    next: tuple[UpcomingShown, ...]
    timeline: tuple[FollowLine, ...]
    feedback: tuple[FeedbackShown, ...]
    photos: tuple[PhotoShown, ...]
    """Those of one's own, and those that are meant for residents."""


class ProblemField(Shown):
    field: str
    detail: str


class ProblemShown(Shown):
    """A problem detail (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: tuple[ProblemField, ...]


class MeetingShown(Shown):
    """A meeting of a neighbourhood's team."""

    meeting: str
    neighbourhood: str
    starts_at: datetime
    place: str
    state: MeetingState
    every_weeks: int | None
    agenda_sent_at: datetime | None
    begun_at: datetime | None
    ended_at: datetime | None


class MeetingPage(Shown):
    items: tuple[MeetingShown, ...]


class ReasonShown(Shown):
    """Why something is on an agenda."""

    reason: Reason
    at: datetime | None
    """Since when; of a promise, until when it holds."""
    to: Rung | None
    escalated: EscalationReason | None
    times: int | None


class DecisionShown(Shown):
    decision: str
    at: datetime
    text: str | None
    on_case: bool


class AgendaItemShown(Shown):
    item: str
    case_id: str | None
    number: str | None
    service: str | None
    title: str | None
    note: str | None
    reasons: tuple[ReasonShown, ...]
    decisions: tuple[DecisionShown, ...]


class MeetingWithAgenda(MeetingShown):
    agenda: tuple[AgendaItemShown, ...]
    left_out: tuple[AgendaItemShown, ...]
    more: int
    """So many more cases could be on it."""
