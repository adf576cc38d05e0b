"""What the commands that are sent in have in common."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from web.fields import Sent, Word

Version = Annotated[int, Field(ge=0, le=2**31)]
Departments = Annotated[tuple[Word, ...], Field(min_length=1, max_length=20)]


class Command(Sent):
    """What every command may carry."""

    command_id: UUID | None = None
    """Repeating it repeats the answer and changes nothing; made up where absent."""
    expected_version: Version | None = None
    """The version that this is based on; the command is refused as stale when the case moved on since."""
