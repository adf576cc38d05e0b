"""Making notes of the texts in a command, and moments of its days."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid5

from domain.words import CaseId, NoteId
from web import times
from web.context import WebContext


@dataclass(frozen=True, slots=True)
class Note:
    """A free text, kept apart under an id that the same command always gives it."""

    id: NoteId
    text: str
    public: bool
    """Residents read it."""


@dataclass(slots=True)
class Noting:
    """What the texts of one command become."""

    context: WebContext
    case_id: CaseId
    command_id: UUID
    illustrated: bool = False
    """Photos come with it, and hang on its first text, which is there for them where nothing was written."""
    notes: list[Note] = field(default_factory=list)

    def note(self, name: str, text: str, *, public: bool = False) -> NoteId:
        id = NoteId(str(uuid5(self.command_id, f"{self.case_id}/{name}")))
        self.notes.append(Note(id, text, public))
        return id

    def optional(self, name: str, text: str | None, *, public: bool = False) -> NoteId | None:
        if text is None and self.illustrated and not self.notes:
            text = ""
        return self.note(name, text, public=public) if text is not None else None

    def planned(self, moment: date | datetime | None) -> datetime | None:
        if moment is None:
            return None
        return times.planned(moment, self.context.city.hours, self.context.zone, self.context.now())
