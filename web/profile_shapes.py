"""The shape of a neighbourhood's profile in the API."""

from datetime import date, datetime

from domain.profile import Against, Mood, Sort
from domain.words import Tier
from readmodel.structural.hot_spots import HotSpotState
from web.views import Shown


class Days(Shown):
    """Local days of the city, both inclusive."""

    start: date
    end: date


class FindingShown(Shown):
    """A figure that differs from what it is held against by more than chance."""

    about: Sort
    subject: str | None
    """The theme or the department, where it is about one."""
    against: Against
    here: float
    there: float
    mood: Mood


class LongestOpen(Shown):
    case_id: str
    number: str
    opened_at: datetime


class OpenShown(Shown):
    """What is open now, within one's sight."""

    open: int
    overdue: int
    escalations: int
    to_place: int
    longest: LongestOpen | None


class FiguresShown(Shown):
    """As of `GET /throughput`, and of how many answers the shares are."""

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
    feedback_count: int
    response_rate: float | None
    responses: int
    """First answers, of which `responded_in_time` is a share."""
    resolutions: int
    """Of which `resolved_in_time` is a share."""
    judged: int
    """Closed cases of which `solved_first_time` is a share."""
    ratings: int
    """Of which `satisfaction` is the mean."""


class MonthShown(Shown):
    first_day: date
    opened: int
    open_at_end: int


class ThemeShown(Shown):
    theme: str
    opened: int
    opened_before: int
    peers_opened: int
    peers_opened_before: int
    months: tuple[MonthShown, ...]
    months_before: tuple[MonthShown, ...]


class PaceShown(Shown):
    median_hours_to_respond: float | None
    responded_in_time: float | None
    responses: int


class DepartmentShown(Shown):
    department: str
    open: int
    here: PaceShown
    elsewhere: PaceShown
    """In all other neighbourhoods of the city."""


class RecurringShown(Shown):
    service: str
    opened: int
    months: int
    """In how many of the twelve months it was reported."""
    reopened: int


class HotSpotOutline(Shown):
    theme: str
    lat: float
    lon: float
    radius: float
    """In metres."""
    first_day: date
    last_day: date
    reports: int
    state: HotSpotState


class ProjectOutline(Shown):
    """A project that touches it, and is not over; the title is null for those who do without texts."""

    case_id: str
    number: str
    title: str | None
    referred_by: str
    decided_on: date


class MoneyShown(Shown):
    """The budget of this year for what residents do themselves; euro cents."""

    budget: int
    reserved: int
    spent: int
    free: int


class ReportersShown(Shown):
    """Those who left an address or a number."""

    people: int
    returning: int
    """Of them: who had reported before."""


class ProfileShown(Shown):
    """How a neighbourhood is doing, beside its own past and comparable neighbourhoods."""

    neighbourhood: str
    name: str
    tier: Tier
    days: Days
    past: Days
    past_known: bool
    """Whether the city's figures reach back to `past`; where not, what is of it says nothing."""
    peers: tuple[str, ...]
    peers_alike: bool
    """They are of the same tier; where not, they are all others."""
    standing_out: tuple[FindingShown, ...]
    open_now: OpenShown
    figures: FiguresShown
    figures_before: FiguresShown
    figures_of_peers: FiguresShown
    months: tuple[MonthShown, ...]
    months_before: tuple[MonthShown, ...]
    themes: tuple[ThemeShown, ...]
    departments: tuple[DepartmentShown, ...]
    recurring: tuple[RecurringShown, ...]
    hot_spots: tuple[HotSpotOutline, ...]
    projects: tuple[ProjectOutline, ...]
    reporters: ReportersShown
    budget: MoneyShown
