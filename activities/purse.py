"""What a case's workflow asks of the budget of its neighbourhood."""

import asyncio

from sqlalchemy import Engine

from domain.city import City
from readmodel.database import writing
from readmodel.ledger import Wish, release, year_of
from readmodel.setting_aside import set_aside
from workflows.ports import Reserving


class Purse:
    """Money set aside in one database, for one city."""

    def __init__(self, engine: Engine, city: City) -> None:
        self._engine = engine
        self._city = city

    async def reserve(self, wanted: Reserving) -> bool:
        """Whether it is set aside; asking again changes nothing."""
        return await asyncio.to_thread(self._reserve, wanted)

    async def release(self, wanted: Reserving) -> None:
        """It is free again; asking again changes nothing."""
        await asyncio.to_thread(self._release, wanted)

    def _reserve(self, wanted: Reserving) -> bool:
        with writing(self._engine) as session:
            return set_aside(session, self._city, self._wish(wanted), wanted.at)

    def _release(self, wanted: Reserving) -> None:
        with writing(self._engine) as session:
            release(session, self._wish(wanted), wanted.at)

    def _wish(self, wanted: Reserving) -> Wish:
        year = year_of(self._city.timezone, wanted.at)
        return Wish(wanted.case_id, wanted.offer, wanted.neighbourhood, year, wanted.amount, wanted.command_id)
