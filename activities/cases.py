"""What the case's workflow needs done: its events recorded, and one report joined to another."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import TracebackType
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from temporalio import activity
from temporalio.client import Client

from activities.recorder import Recorder
from domain.actor import RESIDENT
from domain.city import City
from domain.commands import Submitted, Support
from domain.refusal import Refused
from domain.words import CaseId
from readmodel.case_detail import case_state
from readmodel.database import reading, writing
from readmodel.joining import join_followers
from readmodel.recording import Brought
from workflows.ports import JOIN, RECORD, Joining, Recording
from workflows.referrals import NotRunning, submit

ANSWER_WITHIN = timedelta(seconds=20)


class DatabaseFailed(Exception):
    """What went wrong, without the rows: they may name people, and Temporal keeps the failures it is told."""


class CaseActivities:
    """Recording into one database, for one city; as a context it ends when everything is recorded."""

    def __init__(self, engine: Engine, city: City, client: Client) -> None:
        self._engine = engine
        self._client = client
        self._recorder = Recorder(engine, city)

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
        with _nameless():
            await self._recorder.record(Brought(recording.case_id, recording.events, certain))

    @activity.defn(name=JOIN)
    async def join(self, joining: Joining) -> None:
        """The joined case counts one supporter more, and its letters reach those who followed the other.

        Where it closed in the meantime, its followers are told of the closing alone.
        """
        await asyncio.to_thread(self._join_followers, joining)
        command_id = str(uuid5(NAMESPACE_URL, f"aanjager:join:{joining.case_id}"))
        try:
            await submit(self._client, joining.into, Submitted(command_id, RESIDENT, Support()), within=ANSWER_WITHIN)
        except (Refused, NotRunning) as error:
            if not await asyncio.to_thread(self._closed, joining.into):
                raise
            activity.logger.info("the joined case is closed already: %s", error)

    def _join_followers(self, joining: Joining) -> None:
        with _nameless(), writing(self._engine) as session:
            join_followers(session, joining.case_id, joining.into)

    def _closed(self, case_id: CaseId) -> bool:
        with reading(self._engine) as session:
            state = case_state(session, case_id)
        return state is None or state[0].closed


@contextmanager
def _nameless() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise DatabaseFailed(type(error).__name__) from None
