"""What the rules themselves make of a case, at the very moments at which something was recorded."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from domain.actor import RESIDENT
from domain.case import Case
from domain.commands import Command, Submitted
from domain.decide import decide, pass_time
from domain.events import CaseSupported, Event, Happened
from domain.evolve import evolve
from domain.joining.commands import Join, Part, Uncross
from domain.joining.events import CaseParted, CaseSplit
from domain.rulebook import Rulebook
from domain.time_rules import next_due
from tests.cases import replay


def as_the_rules_decide(
    rules: Rulebook, opening: int, sent: Mapping[str, Submitted], recorded: Sequence[Happened]
) -> list[Happened]:
    """The events that the rules make at the recorded moments. The first `opening` events are those of intake.

    An unknown command is the engine's own, by which reports join and part.
    """
    made = list(recorded[:opening])
    case = replay(made)
    while len(made) < len(recorded):
        next = recorded[len(made)]
        if next.command_id is None:
            events = pass_time(rules, case, next.at)
        else:
            submitted = sent.get(next.command_id) or Submitted(next.command_id, RESIDENT, _of_the_engine(next.event))
            events = decide(rules, case, submitted, next.at)
        assert events, f"the rules make nothing happen at {next.at}, and {next} was recorded"
        made += events
        for happened in events:
            case = evolve(case, happened)
    return made


def _of_the_engine(event: Event) -> Command:
    match event:
        case CaseSupported(companions=companions):
            return Join(companions)
        case CaseParted(cases=cases):
            return Part(cases)
        case CaseSplit():
            return Uncross()
        case _:
            raise AssertionError(event)


def due_moments(rules: Rulebook, recorded: Sequence[Happened]) -> list[tuple[datetime, datetime]]:
    """For all that happened by itself: when it was due, and when it was recorded to happen."""
    case: Case = replay(list(recorded[:1]))
    moments: list[tuple[datetime, datetime]] = []
    for before, happened in pairwise(recorded):
        due = next_due(rules, case, before.at)
        if happened.command_id is None and happened.at > before.at and due is not None:
            moments.append((due, happened.at))
        case = evolve(case, happened)
    return moments
