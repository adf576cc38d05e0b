"""What the case's workflow needs done: its events recorded, and reports joined to another case and parted from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from temporalio import activity
from temporalio.client import Client

from activities.joining import Joiner
from activities.purse import Purse
from activities.recorder import Recorder
from domain.city import City
from readmodel.recording import Brought
from workflows.ports import JOIN, PART, RECORD, RELEASE, RESERVE, Joining, Parting, Recording, Reserving


class DatabaseFailed(Exception):
    """What went wrong, without the rows: they may name people, and Temporal keeps the failures it is told."""


class CaseActivities:
    """Recording into one database, for one city; as a context it ends when everything is recorded."""

    def __init__(self, engine: Engine, city: City, client: Client) -> None:
        self._purse = Purse(engine, city)
        self._recorder = Recorder(engine, city)
        self._joiner = Joiner(engine, client)

    async def __aenter__(self) -> "CaseActivities":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._recorder.close()

    @activity.defn(name=RECORD)
    async def record(self, recording: Recording) -> None:
        """Writes the events and all that follows from them in one transaction; twice changes nothing.

        A local activity runs before its step is in the workflow's history, any other after it.
        """
        certain = not activity.info().is_local
        with nameless():
            await self._recorder.record(Brought(recording.case_id, recording.events, certain))

    @activity.defn(name=RESERVE)
    async def reserve(self, wanted: Reserving) -> bool:
        """Whether the budget still had it, and has it set aside now; where it had not, the manager is told once."""
        with nameless():
            return await self._purse.reserve(wanted)

    @activity.defn(name=RELEASE)
    async def release(self, wanted: Reserving) -> None:
        """What was set aside for an adoption that was refused after all is free again."""
        with nameless():
            await self._purse.release(wanted)

    @activity.defn(name=JOIN)
    async def join(self, joining: Joining) -> bool:
        """The joined case counts who came along, and its letters reach them.

        True where the reports joined each other at the same instant, and this is the one that has to go on.
        """
        with nameless():
            return await self._joiner.join(joining)

    @activity.defn(name=PART)
    async def part(self, parting: Parting) -> None:
        """Who came along leaves the case again that they had joined, and wherever that brought them."""
        with nameless():
            await self._joiner.part(parting)


@contextmanager
def nameless() -> Iterator[None]:
    """What fails in the database is raised without the rows."""
    try:
        yield
    except SQLAlchemyError as error:
        raise DatabaseFailed(type(error).__name__) from None
