"""What the web works with, given to it by whoever starts it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from threading import Event
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from sqlalchemy import Engine as Database

from configuration.places import Places
from configuration.secret_key import secret_key
from configuration.settings import Settings
from domain.city import City
from domain.rulebook import Rulebook, rulebook
from domain.words import NeighbourhoodId, ServiceCode
from readmodel.recognising import Recogniser
from web.engine import Engine


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class WebContext:
    """The city, its database, and the engine."""

    database: Database
    city: City
    places: Places
    settings: Settings
    engine: Engine
    now: Callable[[], datetime] = _now
    stopping: Event = field(default_factory=Event)
    """Set when the process is about to stop: open event streams end."""

    demonstration: bool = False
    """The demonstration is on, and this web listens on this machine alone: one click may sign in."""

    rulebooks: dict[tuple[ServiceCode, NeighbourhoodId], Rulebook] = field(default_factory=dict)
    """Those asked for so far."""

    def rules_for(self, service: ServiceCode, neighbourhood: NeighbourhoodId) -> Rulebook:
        """The rules that hold today for this service in this neighbourhood."""
        key = service, neighbourhood
        if key not in self.rulebooks:
            city = self.city
            self.rulebooks[key] = rulebook(city, city.services[service], city.neighbourhoods[neighbourhood])
        return self.rulebooks[key]

    @cached_property
    def secret(self) -> bytes:
        """Signs sessions' forms and links. Raises SettingsMistake."""
        return secret_key(self.settings)

    @cached_property
    def recogniser(self) -> Recogniser:
        """Knows reporters who come back. Raises SettingsMistake."""
        return Recogniser(self.secret)

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return ZoneInfo(self.city.timezone)

    def local(self, at: datetime) -> datetime:
        """The moment as clocks in the city show it."""
        return at.astimezone(self.zone)

    def follow_url(self, token: str) -> str:
        return f"{self.settings.public_url.rstrip('/')}/follow/{token}"


def maybe(context: WebContext, at: datetime | None) -> datetime | None:
    """As clocks in the city show it, where there is one."""
    return context.local(at) if at is not None else None


def context_of(request: Request) -> WebContext:
    context: WebContext = request.app.state.context
    return context


Context = Annotated[WebContext, Depends(context_of)]
