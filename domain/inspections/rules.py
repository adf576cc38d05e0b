"""What an inspection makes happen: it is kept with the case, which goes on as it was."""

from domain.case import Case
from domain.draft import Draft
from domain.inspections.commands import InspectionCommand
from domain.inspections.events import CaseInspected
from domain.inspections.state import Found
from domain.words import Stage


def follow(draft: Draft, command: InspectionCommand) -> None:
    """Whether it was solved is for residents to say, and who works on it for the manager."""
    draft.add(CaseInspected(command.found, command.note))


def contradicts(case: Case, found: Found) -> bool:
    """Whether departments said that it is done, and it is not: the manager hears of it at once."""
    return case.stage is Stage.RESOLVED and found is Found.NOT_DONE
