"""How the web reaches the cases: a port, and the one that speaks with Temporal."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol

from temporalio.client import Client
from temporalio.service import RPCError

from domain.case import Case
from domain.commands import Submitted
from domain.rulebook import Rulebook
from domain.words import CaseId
from workflows import referrals
from workflows.ports import Answer
from workflows.referrals import EngineUnavailable, NotRunning

__all__ = [
    "Answer",
    "Connection",
    "Engine",
    "EngineUnavailable",
    "NotRunning",
    "TemporalEngine",
    "connected_when_needed",
]

STARTING = timedelta(seconds=1.5)
"""How long a reporter waits for the engine; the intake round starts what took longer."""
ANSWERING = timedelta(seconds=10)
"""How long whoever gives a command waits for the case's answer."""
LOOKING = timedelta(seconds=2)

Connection = Callable[[], Awaitable[Client | None]]
"""The client, or None while Temporal is out of reach. Asked anew for every call."""


class Engine(Protocol):
    """What the web needs of the engine."""

    async def start(self, case: Case, rules: Rulebook) -> None:
        """Sets a new case going; one that goes already is left alone. Raises EngineUnavailable."""

    async def submit(self, case_id: CaseId, submitted: Submitted) -> Answer:
        """What the command led to, once it can be read back. Raises Refused, NotRunning or EngineUnavailable."""

    async def reachable(self) -> bool:
        """Whether the engine answers now."""


class TemporalEngine:
    """The cases as workflows of Temporal."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def start(self, case: Case, rules: Rulebook) -> None:
        try:
            async with asyncio.timeout(STARTING.total_seconds()):
                await referrals.start_case(await self._client(), case, rules)
        except TimeoutError as error:
            raise EngineUnavailable("the engine did not take the case in time") from error

    async def submit(self, case_id: CaseId, submitted: Submitted) -> Answer:
        return await referrals.submit(await self._client(), case_id, submitted, ANSWERING)

    async def reachable(self) -> bool:
        try:
            async with asyncio.timeout(LOOKING.total_seconds()):
                client = await self._client()
                return await client.service_client.check_health(timeout=LOOKING)
        except (EngineUnavailable, RPCError, RuntimeError, TimeoutError):
            return False

    async def _client(self) -> Client:
        client = await self._connection()
        if client is None:
            raise EngineUnavailable("Temporal is out of reach")
        return client


def connected_when_needed(connect: Callable[[], Awaitable[Client]]) -> Connection:
    """Connects at the first call and keeps what it got; while that fails, every call tries again for two seconds."""
    kept: list[Client] = []
    turn = asyncio.Lock()

    async def connection() -> Client | None:
        async with turn:
            if not kept:
                try:
                    async with asyncio.timeout(LOOKING.total_seconds()):
                        kept.append(await connect())
                except (RPCError, RuntimeError, TimeoutError, OSError):
                    return None
        return kept[0]

    return connection
