"""What joining, parting and being asked make of a case."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from domain.actor import Actor
from domain.case import Case, Merge
from domain.events import CaseMerged, CaseSupported, FeedbackGiven
from domain.joining.events import CaseParted, CaseSplit, JoiningEvent, SupporterReachable
from domain.joining.state import Hearing
from domain.words import Solved


def evolve(case: Case, event: JoiningEvent, by: Actor | None) -> Case:
    match event:
        case CaseSplit():
            return replace(
                case,
                merged_into=None,
                merge=None,
                outcome=None,
                closed_at=None,
                placements=event.placements,
                feedback_until=event.feedback_until,
            )
        case CaseParted(cases=gone, supporters=supporters):
            left = {id for c in case.companions if c.case_id in gone for id in c.asked}
            staying = tuple(c for c in case.companions if c.case_id not in gone)
            return replace(case, supporters=supporters, companions=staying, hearing=_without(case.hearing, left))
        case SupporterReachable(reachable=reachable):
            who = by.id if by is not None else ""
            others = tuple(id for id in case.reachable if id != who)
            if reachable:
                return replace(case, reachable=(*others, who))
            companions = tuple(replace(c, asked=tuple(id for id in c.asked if id != who)) for c in case.companions)
            return replace(case, reachable=others, companions=companions, hearing=_without(case.hearing, {who}))
        case _:
            assert_never(event)


def merged(case: Case, event: CaseMerged, seq: int) -> Case:
    """It remembers what closing will take from it, as long as it may be split again."""
    if event.until is None:
        return replace(case, merged_into=event.into)
    merge = Merge(event.into, seq, event.until, case.placements, case.feedback_until)
    return replace(case, merged_into=event.into, merge=merge)


def supported(case: Case, event: CaseSupported, by: Actor | None) -> Case:
    reachable = (*case.reachable, by.id) if event.asked and by is not None else case.reachable
    companions = (*case.companions, *event.companions)
    return replace(case, supporters=event.supporters, reachable=reachable, companions=companions)


def asked(case: Case, until: datetime) -> Case:
    """Everyone who can be asked is asked, whatever they said before."""
    came_along = (id for companion in case.companions for id in companion.asked)
    everyone = tuple(dict.fromkeys((*case.reachable, *came_along)))
    return replace(case, feedback_until=until, hearing=Hearing(everyone))


def heard(case: Case, event: FeedbackGiven, by: Actor | None) -> Case:
    """A no ends the asking; after yes or partly it goes on for the others."""
    hearing = case.hearing
    told = replace(
        hearing,
        heard=(*hearing.heard, by.id) if by is not None else hearing.heard,
        reporter=hearing.reporter or not event.supporter,
        solved=hearing.solved or event.solved is not Solved.NO,
    )
    until = None if event.solved is Solved.NO else case.feedback_until
    return replace(case, feedback_until=until, hearing=told)


def _without(hearing: Hearing, left: set[str]) -> Hearing:
    """Nobody waits for those who left; what they said stands."""
    return replace(hearing, asked=tuple(id for id in hearing.asked if id not in left))
