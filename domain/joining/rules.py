"""What joining and parting make happen: a wrong merge can be split, and everyone is counted where they belong."""

from typing import assert_never

from domain.case import Case
from domain.commands import Command
from domain.draft import Draft
from domain.escalation import raise_first
from domain.events import CaseSupported, FeedbackAsked
from domain.joining.commands import BeAsked, Join, JoiningCommand, Part, Split, Uncross
from domain.joining.events import CaseParted, CaseSplit, SupporterReachable
from domain.joining.hearing import conclude
from domain.manager_rules import end
from domain.refusal import Refused
from domain.words import NoteId, Outcome, Stage

SPLIT = "split"
"""What the engine does by itself because a report parted from another."""
CROSSED = "crossed"
"""Reports had joined each other."""


def follow(draft: Draft, command: JoiningCommand) -> None:
    match command:
        case Split(note=note):
            _split(draft, note)
        case Uncross():
            _split(draft, None, CROSSED)
        case Join():
            _join(draft, command)
        case Part():
            _part(draft, command)
        case BeAsked(wanted=wanted):
            _be_asked(draft, wanted)
        case _:
            assert_never(command)


def reaches_closed(case: Case, command: Command) -> bool:
    """Whether a closed case listens to it: what joined another may part, and so may those who came with it."""
    return isinstance(command, Split) or (case.merge is not None and isinstance(command, Uncross | Part))


def _split(draft: Draft, note: NoteId | None, rule: str | None = None) -> None:
    """Stage, tasks, terms and promise are those of before the merge; ladders begin anew by the clock."""
    merge = draft.case.merge
    if draft.case.merged_into is None:
        raise Refused("This case did not join another.", rule="not_merged")
    if merge is None:
        raise Refused("This case joined another before that could be undone.", rule="merged_before")
    if draft.now >= merge.until:
        raise Refused("This case joined another too long ago to be split.", rule="split_too_late")
    draft.add(CaseSplit(merge.into, merge.seq, merge.placements, merge.feedback_until, note), rule)
    for placement in merge.placements:
        if placement.place_by is None:
            raise_first(draft, placement.assignment, placement.reason)
    ended = draft.case.feedback_until is None or draft.case.feedback_until <= draft.now
    if draft.case.stage is Stage.RESOLVED and ended:
        draft.add(FeedbackAsked(draft.term(draft.policy.feedback_within)), SPLIT)


def _join(draft: Draft, command: Join) -> None:
    known = {companion.case_id for companion in draft.case.companions}
    fresh = tuple(companion for companion in command.companions if companion.case_id not in known)
    if not fresh:
        raise Refused("That report joined before.", rule="joined_before")
    supporters = draft.case.supporters + sum(companion.supporters for companion in fresh)
    draft.add(CaseSupported(supporters, companions=fresh))


def _part(draft: Draft, command: Part) -> None:
    """Where nobody stands behind the case any more, it ends as its reporter asked."""
    gone = tuple(companion for companion in draft.case.companions if companion.case_id in command.cases)
    if not gone:
        raise Refused("That report is not part of this case.", rule="not_joined")
    left = draft.case.supporters - sum(companion.supporters for companion in gone)
    draft.add(CaseParted(tuple(companion.case_id for companion in gone), max(left, 0)), SPLIT)
    if draft.case.closed:
        return
    if draft.case.withdrawn and draft.case.supporters == 0 and not draft.case.taken_on:
        end(draft, Outcome.WITHDRAWN, rule=SPLIT)
    else:
        conclude(draft, SPLIT)


def _be_asked(draft: Draft, wanted: bool) -> None:
    who = draft.by.id if draft.by is not None else ""
    came_along = any(who in companion.asked for companion in draft.case.companions)
    if wanted == (came_along or who in draft.case.reachable):
        raise Refused("That is known already.", rule="known_already")
    draft.add(SupporterReachable(wanted))
    conclude(draft)
