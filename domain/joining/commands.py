"""What is asked of a case because reports join and part. All but `Split` come from the engine, for the residents."""

from dataclasses import dataclass
from typing import Literal

from domain.joining.state import Companion
from domain.words import CaseId, NoteId


@dataclass(frozen=True, slots=True)
class Split:
    """The report was joined to another by mistake: it goes on by itself again. The reporter reads why."""

    note: NoteId
    kind: Literal["split"] = "split"


@dataclass(frozen=True, slots=True)
class Uncross:
    """Reports joined each other at the same instant, so that nobody works on any: this one goes on."""

    kind: Literal["uncross"] = "uncross"


@dataclass(frozen=True, slots=True)
class Join:
    """Reports join this case, with everyone behind them."""

    companions: tuple[Companion, ...]
    kind: Literal["join"] = "join"


@dataclass(frozen=True, slots=True)
class Part:
    """Reports that joined this case go on elsewhere, with everyone behind them."""

    cases: tuple[CaseId, ...]
    kind: Literal["part"] = "part"


@dataclass(frozen=True, slots=True)
class BeAsked:
    """A supporter left an address, so that they can be asked whether it is solved; or wants no letters any more."""

    wanted: bool = True
    kind: Literal["be_asked"] = "be_asked"


JoiningCommand = Split | Uncross | Join | Part | BeAsked
