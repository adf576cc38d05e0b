"""What the case's workflow needs done: its events recorded, and one report joined to another."""

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Engine
from temporalio import activity
from temporalio.client import Client

from domain.actor import RESIDENT
from domain.city import City
from domain.commands import Submitted, Support
from domain.refusal import Refused
from readmodel.database import writing
from readmodel.joining import join_followers
from readmodel.recording import record
from workflows.ports import JOIN, RECORD, Joining, Recording
from workflows.referrals import NotRunning, submit

ANSWER_WITHIN = timedelta(seconds=20)


class CaseActivities:
    """Recording into one database, for one city."""

    def __init__(self, engine: Engine, city: City, client: Client) -> None:
        self._engine = engine
        self._city = city
        self._client = client

    @activity.defn(name=RECORD)
    def record(self, recording: Recording) -> None:
        """Writes the events and all that follows from them in one transaction; twice changes nothing."""
        with writing(self._engine) as session:
            record(session, self._city, recording.case_id, recording.events)

    @activity.defn(name=JOIN)
    async def join(self, joining: Joining) -> None:
        """The joined case counts one supporter more, and its letters reach those who followed the other.

        Where it closed in the meantime, its followers are told of the closing alone.
        """
        with writing(self._engine) as session:
            join_followers(session, joining.case_id, joining.into)
        command_id = str(uuid5(NAMESPACE_URL, f"aanjager:join:{joining.case_id}"))
        try:
            await submit(self._client, joining.into, Submitted(command_id, RESIDENT, Support()), within=ANSWER_WITHIN)
        except (Refused, NotRunning):
            activity.logger.info("the joined case is closed already")
