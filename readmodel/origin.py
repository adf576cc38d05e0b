"""Where a case comes from: what was reported, beyond what the rules look at, and by whom."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from domain.questions import Answers
from readmodel.letters import FollowerRole

DEMONSTRATION = "demo"
"""The source of cases that are made up."""
COMMITMENT = "commitment"
"""The source of cases that follow up what was promised about a project."""


@dataclass(frozen=True, slots=True)
class NewFollower:
    """Someone who will follow the case, with the personal data needed to reach them."""

    id: str
    role: FollowerRole
    token: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    language: str | None = None


def new_supporter(id: str, language: str, email: str | None = None) -> NewFollower:
    """Someone who sees the same, with a secret link of their own."""
    return NewFollower(id, FollowerRole.SUPPORTER, secrets.token_urlsafe(16), email=email, language=language)


def new_participant(key: str, language: str, name: str | None, email: str | None) -> NewFollower:
    """Someone who reacts to what residents are asked; the same key is the same person."""
    id = str(uuid5(NAMESPACE_URL, f"aanjager:participant:{key}"))
    return NewFollower(id, FollowerRole.PARTICIPANT, secrets.token_urlsafe(16), name, email, language=language)


@dataclass(frozen=True, slots=True)
class Origin:
    """What a case comes from, beyond its events."""

    description: str
    accepted_at: datetime
    address: str | None = None
    lat: float | None = None
    lon: float | None = None
    source: str | None = None
    source_ref: str | None = None
    followers: tuple[NewFollower, ...] = ()
    answers: Answers = field(default_factory=dict)
    media_url: str | None = None
    imported: bool = False
    """Brought in from elsewhere: what happened before causes no letters."""
