"""The profile of a neighbourhood as someone may read it: for the page, the PDF and the API alike."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from domain.actor import Actor
from domain.authority import OF_DEPARTMENT
from domain.city import Neighbourhood
from domain.profile import Finding, Peers, peers_of
from readmodel.ledger import Balance, balance
from readmodel.neighbourhoods import OpenCase, Standing, open_there, standing
from readmodel.profile import Days, Profile, profile
from readmodel.projects_there import ProjectThere, projects_there
from readmodel.returning import Reporters, reporters_between
from readmodel.standing_out import outstanding
from readmodel.structural.hot_spots import HotSpot, HotSpotState, hot_spots_of
from readmodel.tallies import Scope
from web.context import WebContext
from web.pages.leadership.periods import Preset, back, days_of
from web.sight import sees_texts, sight_of
from web.times import start_of_day

MOST_MARKS = 200
_ASKING = (HotSpotState.OPEN, HotSpotState.TAKEN_UP)


@dataclass(frozen=True, slots=True)
class ProfileRead:
    """The figures, which are the neighbourhood's, and the open work, which is what the reader may see of it."""

    here: Neighbourhood
    peers: Peers
    at: datetime
    """Local."""
    figures: Profile
    findings: tuple[Finding, ...]
    stands: Standing
    open_cases: tuple[OpenCase, ...]
    """At most `MOST_MARKS`, those that are open longest."""
    hot_spots: tuple[HotSpot, ...]
    """Those that ask for something: nobody dismissed them, and they have not passed."""
    projects: tuple[ProjectThere, ...]
    """Those that touch it and are not over, within the reader's sight; without titles for who does without texts."""
    money: Balance
    """The budget of this year, for what residents do themselves; in euro cents."""
    reporters: Reporters
    """Who reported in the twelve months, as far as they left an address or a number."""
    of_department: bool
    """The open work is that of the reader's department only."""

    @property
    def today(self) -> date:
        return self.at.date()

    @property
    def longest_open(self) -> OpenCase | None:
        return self.open_cases[0] if self.open_cases else None


def read_profile(session: Session, context: WebContext, actor: Actor, here: Neighbourhood) -> ProfileRead:
    """The last twelve months, today included, held against the same days a year before.

    How others answer is not for a department to see: of the departments it finds itself.
    """
    now, sight = context.now(), sight_of(actor)
    at = context.local(now)
    days = days_of(Preset.YEAR, at.date())
    peers = peers_of(context.city, here.id)
    figures = profile(session, here.id, peers.ids, days, (back(days[0], 12), back(days[1], 12)))
    mine = actor.role in OF_DEPARTMENT
    if mine:
        own = tuple(one for one in figures.departments if one.id == actor.department)
        figures = replace(figures, departments=own)
    return ProfileRead(
        here,
        peers,
        at,
        figures,
        outstanding(figures),
        standing(session, now, sight, here.id).get(here.id, Standing()),
        open_there(session, now, here.id, sight, MOST_MARKS),
        tuple(one for one in hot_spots_of(session, here.id) if one.state in _ASKING),
        tuple(one if sees_texts(actor) else replace(one, title="") for one in projects_there(session, here.id, sight)),
        balance(session, here.id, at.year, here.budget * 100),
        reporters_between(session, *_moments(context, days), Scope(neighbourhoods=[here.id])),
        mine,
    )


def _moments(context: WebContext, days: Days) -> tuple[datetime, datetime]:
    """When the first day begins, and when the last is over."""
    start, end = days
    return start_of_day(start, context.zone), start_of_day(end + timedelta(days=1), context.zone)


def on_the_map(context: WebContext, actor: Actor, cases: tuple[OpenCase, ...]) -> tuple[OpenCase, ...]:
    """Those with a place; where people are concerned, theirs is personal, and only for those who read the texts."""
    private = {code for code, service in context.city.services.items() if service.private}
    return tuple(one for one in cases if one.lat is not None and (sees_texts(actor) or one.service not in private))
