"""Cases, events and rulebooks as JSON text, and back."""

from functools import lru_cache
from typing import Annotated

from pydantic import Field, TypeAdapter

from domain.case import Case
from domain.events import Event
from domain.rulebook import Rulebook

_case = TypeAdapter[Case](Case)
_event: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])
_rulebook = TypeAdapter[Rulebook](Rulebook)


def case_to_json(case: Case) -> str:
    return _case.dump_json(case).decode()


def case_from_json(text: str) -> Case:
    return _case.validate_json(text)


def event_to_json(event: Event) -> str:
    return _event.dump_json(event).decode()


def event_from_json(text: str) -> Event:
    return _event.validate_json(text)


def rulebook_to_json(rules: Rulebook) -> str:
    return _rulebook.dump_json(rules).decode()


@lru_cache(maxsize=512)
def rulebook_from_json(text: str) -> Rulebook:
    return _rulebook.validate_json(text)
