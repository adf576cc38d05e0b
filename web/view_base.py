"""What everything that is sent out as JSON has in common."""

from pydantic import BaseModel, ConfigDict


class Shown(BaseModel):
    """A JSON object that is sent out; its times carry the city's offset."""

    model_config = ConfigDict(frozen=True, extra="forbid")
