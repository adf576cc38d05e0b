"""Meetings of neighbourhood teams: what is due about one is done, and each that changed has its workflow told."""

import asyncio

from sqlalchemy import Engine
from temporalio import activity
from temporalio.client import Client

from activities.cases import nameless
from domain.city import City
from domain.words import MeetingId
from readmodel.database import reading, writing
from readmodel.meeting_course import advance
from readmodel.meetings import mark_told, to_tell
from workflows.meeting import tell_meeting
from workflows.ports import ADVANCE_MEETING, KEEP_MEETINGS_GOING, Advanced, Advancing
from workflows.rounds import ROUND

AT_ONCE = 100
EVERY_SECONDS = 1.0


class Meetings:
    """The meetings of one city, in one database."""

    def __init__(self, city: City, database: Engine, client: Client) -> None:
        self._city = city
        self._database = database
        self._client = client

    @activity.defn(name=ADVANCE_MEETING)
    async def advance(self, advancing: Advancing) -> Advanced:
        """Does what is due by then, in one transaction; when something is due next."""
        return await asyncio.to_thread(self._advance, advancing)

    @activity.defn(name=KEEP_MEETINGS_GOING)
    async def keep_going(self) -> None:
        """Looks every second, for one round. Telling a workflow twice makes it look twice."""
        clock = asyncio.get_running_loop().time
        until = clock() + ROUND.total_seconds()
        while clock() < until:
            activity.heartbeat()
            if await self.tell_changed() < AT_ONCE:
                await asyncio.sleep(EVERY_SECONDS)

    async def tell_changed(self) -> int:
        """How many meetings changed since their workflows were told. Raises what stands in the way of telling them."""
        changed = await asyncio.to_thread(self._changed)
        for meeting_id, revision in changed:
            await tell_meeting(self._client, meeting_id)
            await asyncio.to_thread(self._told, meeting_id, revision)
        return len(changed)

    def _advance(self, advancing: Advancing) -> Advanced:
        with nameless(), writing(self._database) as session:
            return Advanced(advance(session, self._city, advancing.meeting_id, advancing.now))

    def _changed(self) -> list[tuple[MeetingId, int]]:
        with reading(self._database) as session:
            return to_tell(session, AT_ONCE)

    def _told(self, meeting_id: MeetingId, revision: int) -> None:
        with writing(self._database) as session:
            mark_told(session, meeting_id, revision)
