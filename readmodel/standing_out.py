"""What stands out in the figures of a neighbourhood: the comparisons that are made, and which are more than chance."""

from collections.abc import Iterator

from domain.comparing import Share
from domain.profile import LEAST, Against, Finding, Sort, of_counts, of_ratings, of_shares, standing_out
from readmodel.leadership import Part
from readmodel.profile import Profile, Theme, first_answers, ratings, solved_first_time, solved_in_time

_SHARES = {Sort.ANSWERED: first_answers, Sort.RESOLVED: solved_in_time, Sort.FIRST_TIME: solved_first_time}


def outstanding(profile: Profile) -> tuple[Finding, ...]:
    """The three that are told first."""
    return standing_out(_compared(profile))


def _compared(profile: Profile) -> Iterator[Finding | None]:
    yield from _held_against(profile.now, profile.peers, Against.PEERS)
    reported, around = profile.now.figures.opened, profile.peers.figures.opened
    for theme in profile.themes:
        yield of_shares(Sort.MIX, Against.PEERS, Share(theme.now, reported), Share(theme.peers_now, around), theme.id)
    for one in profile.departments:
        yield of_shares(Sort.DEPARTMENT, Against.ELSEWHERE, one.here.in_time, one.elsewhere.in_time, one.id)
    if profile.past_known:
        yield from _held_against(profile.now, profile.before, Against.PAST)
        yield of_counts(Sort.OPEN, Against.PAST, profile.now.open_at_end, profile.before.open_at_end)
        for theme in profile.themes:
            yield of_counts(Sort.THEME, Against.PAST, theme.now, theme.before, theme.id, _growth(theme))


def _held_against(here: Part, there: Part, against: Against) -> Iterator[Finding | None]:
    for sort, share in _SHARES.items():
        yield of_shares(sort, against, share(here), share(there))
    yield of_ratings(against, ratings(here), ratings(there))


def _growth(theme: Theme) -> float:
    """What became of it among the peers, where enough of it was reported to tell."""
    return theme.peers_now / theme.peers_before if min(theme.peers_now, theme.peers_before) >= LEAST else 1.0
