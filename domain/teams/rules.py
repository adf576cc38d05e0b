"""What a decision makes happen: it is kept with the case, and moves nothing by itself."""

from domain.draft import Draft
from domain.teams.commands import TeamCommand
from domain.teams.events import DecisionRecorded


def follow(draft: Draft, command: TeamCommand) -> None:
    """What has to be done about it is asked by the ordinary commands."""
    draft.add(DecisionRecorded(command.note, command.meeting, command.public))
