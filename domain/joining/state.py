"""What a case remembers of those who stand behind it: who came along, and who is asked whether it is solved.

Residents are known by the ids of their secret links, which say nothing about them.
"""

from dataclasses import dataclass

from domain.words import CaseId


@dataclass(frozen=True, slots=True)
class Companion:
    """A report that joined this case, itself or behind another, with those who stood behind it."""

    case_id: CaseId
    supporters: int
    """How many supporters came with it: its reporter, and those who supported it themselves."""
    asked: tuple[str, ...] = ()
    """Those among them who left an address."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """Whether it is solved, as far as people have told; a new one begins whenever they are asked."""

    asked: tuple[str, ...] = ()
    """The supporters who could be asked then; the reporter is asked as well, unless the report was taken back."""
    heard: tuple[str, ...] = ()
    """Whoever has told."""
    reporter: bool = False
    """The reporter has told."""
    solved: bool = False
    """Somebody said yes, or partly."""


NOBODY = Hearing()
"""Nobody is asked but the reporter, and nobody has told."""
