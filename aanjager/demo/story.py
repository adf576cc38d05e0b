"""One case in virtual time: what people planned and what falls due happen in order, by the rules of the domain."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Protocol
from uuid import NAMESPACE_OID, UUID, uuid5

from domain.actor import Actor
from domain.case import Case
from domain.commands import Command, Submitted
from domain.decide import decide, pass_time
from domain.durations import Duration, Elapsed, WorkingHours
from domain.events import Happened
from domain.evolve import evolve, opened
from domain.opening import Opening, open_case
from domain.refusal import Refused
from domain.rulebook import Rulebook
from domain.time_rules import next_due
from domain.words import CaseId, DepartmentId, NoteId
from domain.working_time import end_of, worked_between
from readmodel.notes import Note


class Players(Protocol):
    """Those who act in a story."""

    def react(self, story: "Story", happened: Happened) -> None:
        """Makes plans on hearing what happened."""


@dataclass
class Story:
    """A case as it goes on; `now` is the moment at which it has arrived."""

    rules: Rulebook
    case: Case
    now: datetime
    players: Players
    events: list[Happened] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    _due: datetime | None = None
    _plans: list[tuple[datetime, int, Callable[[], object]]] = field(default_factory=list)
    _order: "count[int]" = field(default_factory=count)

    @classmethod
    def begin(cls, rules: Rulebook, opening: Opening, now: datetime, players: Players) -> "Story":
        return cls.begun(rules, open_case(rules, opening, now), now, players)

    @classmethod
    def begun(cls, rules: Rulebook, events: tuple[Happened, ...], now: datetime, players: Players) -> "Story":
        """The story that these first events begin."""
        story = cls(rules, opened(events[0]), now, players)
        story._happen(events)
        return story

    def play(self, until: datetime, enough: Callable[[Case], bool] = lambda case: False) -> None:
        """Goes on until that moment, until the case is closed, or until it is enough."""
        while not self.case.closed and not enough(self.case):
            at = self.upcoming()
            if at is None or at > until:
                return
            self._step(at)

    def upcoming(self) -> datetime | None:
        """When something happens next; what is due since before now happens now."""
        planned = self._plans[0][0] if self._plans else None
        at = min((at for at in (self._due, planned) if at is not None), default=None)
        return max(at, self.now) if at is not None else None

    def plan(self, at: datetime, act: Callable[[], object]) -> None:
        """Someone means to do it then; by that time it may no longer make sense."""
        heappush(self._plans, (max(at, self.now), next(self._order), act))

    def say(self, by: Actor, command: Callable[[NoteId], Command], text: str, public: bool = False) -> None:
        """A command with a text. Who is refused leaves it at that."""
        note = NoteId(str(uuid5(self._command_id(), "note")))
        if self.submit(by, command(note)):
            self.notes.append(Note(note, self.case.case_id, text, public, by.role, by.id, self.now))

    def submit(self, by: Actor, command: Command) -> bool:
        """Whether the rules allowed it."""
        try:
            self._happen(decide(self.rules, self.case, Submitted(str(self._command_id()), by, command), self.now))
        except Refused:
            return False
        return True

    def within(self, term: Duration, share: float, department: DepartmentId | None = None) -> datetime:
        """The moment at which that share of a term, begun now, has passed in the department's hours."""
        if isinstance(term, Elapsed):
            return self.now + timedelta(seconds=term.seconds * share)
        calendar = self.rules.calendar(department)
        work = worked_between(calendar, self.now, end_of(calendar, self.now, term))
        return end_of(calendar, self.now, WorkingHours(max(1, round(work * share))))

    def _step(self, at: datetime) -> None:
        self.now = at
        if self._due is not None and self._due <= at:
            self._happen(pass_time(self.rules, self.case, at))
        else:
            heappop(self._plans)[2]()

    def _happen(self, events: tuple[Happened, ...]) -> None:
        for happened in events:
            self.case = evolve(self.case, happened)
        self.events += events
        self._due = next_due(self.rules, self.case, self.now)
        for happened in events:
            self.players.react(self, happened)

    def _command_id(self) -> UUID:
        return uuid5(NAMESPACE_OID, f"{self.case.case_id}/{self.case.version}")


def case_id_at(rng: Random, now: datetime) -> CaseId:
    """A UUID of version 7 (RFC 9562) of that moment, the same for the same chance."""
    chance = rng.getrandbits(74)
    milliseconds = int(now.timestamp() * 1000)
    number = milliseconds << 80 | 0x7 << 76 | chance >> 62 << 64 | 0b10 << 62 | chance & ((1 << 62) - 1)
    return CaseId(str(UUID(int=number)))
