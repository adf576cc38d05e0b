"""What the rules themselves make of a case, at the very moments at which something was recorded."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from domain.actor import RESIDENT
from domain.case import Case
from domain.commands import Submitted, Support
from domain.decide import decide, pass_time
from domain.events import Happened
from domain.evolve import evolve
from domain.rulebook import Rulebook
from domain.time_rules import next_due
from tests.cases import replay


def as_the_rules_decide(
    rules: Rulebook, opening: int, sent: Mapping[str, Submitted], recorded: Sequence[Happened]
) -> list[Happened]:
    """The events that the rules make at the recorded moments; an unknown command is the support of a joined report.

    The first `opening` events are those of intake.
    """
    made = list(recorded[:opening])
    case = replay(made)
    while len(made) < len(recorded):
        next = recorded[len(made)]
        if next.command_id is None:
            events = pass_time(rules, case, next.at)
        else:
            submitted = sent.get(next.command_id, Submitted(next.command_id, RESIDENT, Support()))
            events = decide(rules, case, submitted, next.at)
        assert events, f"the rules make nothing happen at {next.at}, and {next} was recorded"
        made += events
        for happened in events:
            case = evolve(case, happened)
    return made


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
