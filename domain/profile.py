"""What stands out in a neighbourhood: where it differs from its own past, or from others, by more than chance."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.city import City
from domain.comparing import Ratings, Share, between_counts, between_ratings, between_shares
from domain.words import NeighbourhoodId

LEAST = 10
"""Fewer facts than this, on either side, say nothing yet."""
CHANCE = 2.58
"""What chance alone exceeds less than once in a hundred times."""
MOST = 3
FEWEST_PEERS = 2
_MATTERS_OF_COUNTS = 0.2
"""Of the count that was to be expected."""
_MATTERS_OF_SHARES = 0.05
_MATTERS_OF_RATINGS = 0.25


class Sort(StrEnum):
    """What a finding is about."""

    THEME = "theme"
    """How often something of a theme was reported, against its own past."""
    MIX = "mix"
    """Which part of what was reported is of a theme, against comparable neighbourhoods."""
    OPEN = "open"
    """How many cases are open, against a year before."""
    ANSWERED = "answered"
    """Which part of the first answers came in time."""
    RESOLVED = "resolved"
    """Which part was solved by the promised date."""
    FIRST_TIME = "first_time"
    """Which part of the closed cases was solved at the first try."""
    RATING = "rating"
    """What residents gave for it."""
    DEPARTMENT = "department"
    """Which part of a department's first answers came in time here, against the rest of the city."""


class Against(StrEnum):
    """What a figure is held against."""

    PAST = "past"
    PEERS = "peers"
    ELSEWHERE = "elsewhere"


class Mood(StrEnum):
    GOOD = "good"
    BAD = "bad"
    NEITHER = "neither"


_MORE_IS_WORSE = frozenset({Sort.OPEN})
_MORE_IS_NEITHER = frozenset({Sort.THEME, Sort.MIX})
"""More reports may mean more trouble, or more trust."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A figure that lies apart from what it is held against."""

    sort: Sort
    against: Against
    subject: str | None
    """The theme or the department, where it is about one."""
    here: float
    there: float
    number: int
    """Of the facts behind the figure here."""
    apart: float
    """See `domain.comparing`; positive where there is more here."""

    @property
    def more(self) -> bool:
        return self.apart > 0

    @property
    def mood(self) -> Mood:
        if self.sort in _MORE_IS_NEITHER:
            return Mood.NEITHER
        return Mood.GOOD if self.more != (self.sort in _MORE_IS_WORSE) else Mood.BAD


@dataclass(frozen=True, slots=True)
class Peers:
    """The neighbourhoods that one is held against, itself not among them."""

    ids: tuple[NeighbourhoodId, ...]
    alike: bool
    """They are of the same tier."""


def peers_of(city: City, id: NeighbourhoodId) -> Peers:
    """Those of the same tier; all others where there are hardly any of these."""
    others = [one for one in city.neighbourhoods.values() if one.id != id]
    same = tuple(one.id for one in others if one.tier is city.neighbourhoods[id].tier)
    if len(same) >= FEWEST_PEERS:
        return Peers(same, True)
    return Peers(tuple(one.id for one in others), False)


def of_counts(
    sort: Sort, against: Against, now: int, before: int, subject: str | None = None, growth: float = 1.0
) -> Finding | None:
    """`growth`: what the earlier count is to be multiplied by, where everything else grew too."""
    expected = before * growth
    if min(now, before) < LEAST or abs(now - expected) < _MATTERS_OF_COUNTS * expected:
        return None
    return _if_not_chance(
        Finding(sort, against, subject, now, before, now, between_counts(now, before, growth)),
    )


def of_shares(sort: Sort, against: Against, here: Share, there: Share, subject: str | None = None) -> Finding | None:
    mine, theirs = here.value, there.value
    if mine is None or theirs is None or min(here.of, there.of) < LEAST:
        return None
    if abs(mine - theirs) < _MATTERS_OF_SHARES:
        return None
    return _if_not_chance(Finding(sort, against, subject, mine, theirs, here.of, between_shares(here, there)))


def of_ratings(against: Against, here: Ratings, there: Ratings) -> Finding | None:
    mine, theirs = here.mean, there.mean
    if mine is None or theirs is None or min(here.count, there.count) < LEAST:
        return None
    if abs(mine - theirs) < _MATTERS_OF_RATINGS:
        return None
    return _if_not_chance(Finding(Sort.RATING, against, None, mine, theirs, here.count, between_ratings(here, there)))


def standing_out(findings: Iterable[Finding | None]) -> tuple[Finding, ...]:
    """At most three, those furthest apart first, and of each sort only the furthest."""
    ranked = sorted((found for found in findings if found is not None), key=lambda found: -abs(found.apart))
    first: dict[Sort, Finding] = {}
    for found in ranked:
        first.setdefault(found.sort, found)
    return tuple(first.values())[:MOST]


def _if_not_chance(found: Finding) -> Finding | None:
    return found if abs(found.apart) >= CHANCE else None
