"""A ladder as it is drawn: the rungs that were reached, the one that is next, and those beyond, each in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.actor import Actor
from domain.case import Case
from domain.escalation import rungs
from domain.rulebook import Rulebook
from domain.time_rules import Act, dues
from domain.words import DepartmentId, NeighbourhoodId, Rung
from readmodel.board import StuckItem
from readmodel.letters import LetterStatus
from readmodel.rungs import RungReached, Told
from web.context import WebContext
from web.pages.languages import Language


class StepState(StrEnum):
    """How far a rung is: told, held by whoever took it up, the next to be told, or further up."""

    TOLD = "told"
    HELD = "held"
    NEXT = "ahead"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: who, and what happened or will."""

    who: str
    state: StepState
    lines: tuple[str, ...]


class Speaker(Protocol):
    """For whom the ladder is told, and when."""

    @property
    def context(self) -> WebContext: ...
    @property
    def reader(self) -> Language: ...
    @property
    def now(self) -> datetime: ...

    def told(self, rung: Rung, department: DepartmentId | None, neighbourhood: NeighbourhoodId) -> str: ...


def steps(speaker: Speaker, item: StuckItem, case: Case, rules: Rulebook, names: Mapping[str, str]) -> Iterator[Step]:
    """From the first rung up."""
    policy = rules.urgent_policy if case.urgent else rules.policy
    for reached in item.rungs:
        held = reached.held_until is not None and reached.held_until > speaker.now
        yield Step(
            speaker.told(reached.to, item.department, case.neighbourhood),
            StepState.HELD if held else StepState.TOLD,
            tuple(_reached(speaker, reached, names)),
        )
    for place, rung in enumerate(rungs(policy, case, item.assignment, item.reason)[item.level :]):
        who = speaker.told(rung, item.department, case.neighbourhood)
        if place:
            yield Step(who, StepState.LATER, (speaker.reader.say("later", "board_steps"),))
        else:
            yield Step(who, StepState.NEXT, (_ahead(speaker, item, case, rules),))


def _reached(speaker: Speaker, rung: RungReached, names: Mapping[str, str]) -> Iterator[str]:
    yield _say(speaker, "reached", when=_shortly(speaker, rung.raised_at))
    yield from (_letter(speaker, letter) for letter in rung.told)
    if rung.held_until is not None:
        over = rung.held_until <= speaker.now
        values = {"who": _name(speaker, rung.acknowledged_by, names), "until": _shortly(speaker, rung.held_until)}
        yield _say(speaker, "was_taken_up" if over else "taken_up", **values)


def _letter(speaker: Speaker, letter: Told) -> str:
    if letter.status is LetterStatus.SENT and letter.sent_at is not None:
        return _say(speaker, "letter_sent", when=_shortly(speaker, letter.sent_at))
    return _say(speaker, "letter", state=speaker.reader.say(letter.status, "letter_states"))


def _ahead(speaker: Speaker, item: StuckItem, case: Case, rules: Rulebook) -> str:
    """When the next rung is reached if nobody acts; a paused task climbs no further."""
    for due in dues(rules, case, speaker.now):
        if due.act is Act.ESCALATE and (due.assignment, due.reason) == (item.assignment, item.reason):
            if due.at <= speaker.now:
                return _say(speaker, "any_moment")
            return _say(speaker, "next", when=_shortly(speaker, due.at))
    return _say(speaker, "paused")


def _name(speaker: Speaker, actor: Actor | None, names: Mapping[str, str]) -> str:
    if actor is None:
        return _say(speaker, "someone")
    role = speaker.reader.say(actor.role, "roles")
    name = names.get(actor.id)
    return speaker.reader.say("person", "by", name=name, role=role) if name is not None else role


def _shortly(speaker: Speaker, at: datetime) -> str:
    return speaker.reader.shortly(speaker.context.local(at))


def _say(speaker: Speaker, key: str, **values: str) -> str:
    return speaker.reader.say(key, "board_steps", **values)
