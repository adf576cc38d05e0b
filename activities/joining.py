"""Reports that join another case and part from it: their followers move, and the other case counts them."""

import asyncio
from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Engine
from temporalio import activity
from temporalio.client import Client

from domain.actor import RESIDENT
from domain.case import Case
from domain.commands import Command, Submitted
from domain.joining.commands import Join, Part, Uncross
from domain.joining.state import Companion
from domain.refusal import Refused
from domain.words import CaseId
from readmodel.case_detail import case_state
from readmodel.database import reading, writing
from readmodel.joining import bring_along, company, take_home, way_from
from workflows.ports import Joining, Parting, crossing
from workflows.referrals import NotRunning, submit

ANSWER_WITHIN = timedelta(seconds=20)


class Joiner:
    """Moves followers in one database, and has the cases that they join and leave count them."""

    def __init__(self, engine: Engine, client: Client) -> None:
        self._engine = engine
        self._client = client

    async def join(self, joining: Joining) -> bool:
        """Where the other case joined yet another meanwhile, they follow that one too.

        Where it closed in the meantime, they are told of the closing alone. True where the reports joined each other,
        and this one, the oldest, has to go on.
        """
        command_id = _once("join", joining.case_id, joining.merge)
        way = [joining.into]
        while True:
            companions = await asyncio.to_thread(self._bring, joining.case_id, way)
            if await self._takes(way[-1], Join(companions), command_id, "joined_before"):
                return False
            target = await asyncio.to_thread(self._state, way[-1])
            if target is None or target.merged_into is None:
                activity.logger.info("case %s is closed already", way[-1])
                return False
            if target.merged_into not in (joining.case_id, *way):
                way.append(target.merged_into)
                continue
            circle = [joining.case_id, *way]
            oldest = min(circle[circle.index(target.merged_into) :])
            if oldest == joining.case_id:
                return True
            if not await self._lets_go_on(oldest):
                return False
            way = [joining.into]

    async def part(self, parting: Parting) -> None:
        """Repeating it changes nothing."""
        way, cases = await asyncio.to_thread(self._take_home, parting)
        command_id = _once("part", parting.case_id, parting.merge)
        for place in way:
            await self._takes(place, Part(cases), command_id, "not_joined")

    async def _takes(self, case_id: CaseId, command: Command, command_id: str, known: str) -> bool:
        """False where the case is closed. Raises where it does not answer, to be tried again."""
        try:
            await submit(self._client, case_id, Submitted(command_id, RESIDENT, command), within=ANSWER_WITHIN)
        except (Refused, NotRunning) as error:
            if isinstance(error, Refused) and error.rule == known:
                return True
            state = await asyncio.to_thread(self._state, case_id)
            if state is not None and not state.closed:
                raise
            return False
        return True

    async def _lets_go_on(self, case_id: CaseId) -> bool:
        """Whether that case is open, now that its merge is undone."""
        state = await asyncio.to_thread(self._state, case_id)
        if state is not None and state.merge is not None:
            await self._takes(case_id, Uncross(), crossing(case_id, state.merge.seq), "not_merged")
            state = await asyncio.to_thread(self._state, case_id)
        return state is not None and not state.closed

    def _bring(self, case_id: CaseId, way: list[CaseId]) -> tuple[Companion, ...]:
        with writing(self._engine) as session:
            found = case_state(session, case_id)
            assert found is not None, case_id
            bring_along(session, case_id, way)
            return company(session, found[0], way)

    def _take_home(self, parting: Parting) -> tuple[list[CaseId], tuple[CaseId, ...]]:
        """Where they were, and which reports leave."""
        with writing(self._engine) as session:
            found = case_state(session, parting.case_id)
            assert found is not None, parting.case_id
            way = [place for place in way_from(session, parting.apart_from) if place != parting.case_id]
            take_home(session, parting.case_id, way)
            return way, (parting.case_id, *(companion.case_id for companion in found[0].companions))

    def _state(self, case_id: CaseId) -> Case | None:
        with reading(self._engine) as session:
            found = case_state(session, case_id)
        return found[0] if found is not None else None


def _once(what: str, case_id: CaseId, merge: int) -> str:
    """The id of a command that is given once for each time that a report joins."""
    return str(uuid5(NAMESPACE_URL, f"aanjager:{what}:{case_id}:{merge}" if merge else f"aanjager:{what}:{case_id}"))
