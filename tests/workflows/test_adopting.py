"""Residents take cases on, at the same moment and while workers are lost: money is neither lost nor given twice."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.cases import CaseActivities
from domain.actor import Actor
from domain.initiatives.commands import Account, Adopt, OfferToResidents, WithdrawOffer
from domain.refusal import Refused
from domain.words import NoteId, OfferId, Role
from readmodel.schema import RESERVATIONS
from tests.readmodel.town import CITY, DIRECTOR, rows
from tests.workflows import living
from tests.workflows.living import Referral, Town, at_work
from tests.workflows.server import Server
from workflows.ports import RESERVE, Answer, Reserving

AN, OMAR = (Actor(Role.RESIDENT, id) for id in ("an", "omar"))
NOTE = NoteId("n1")


class Interrupted(CaseActivities):
    """Is lost at its first attempt, after the money was set aside and before Temporal hears of it; then it lingers."""

    attempts = 0

    def __init__(self, town: Town) -> None:
        super().__init__(town.database, CITY, town.client)
        self.asked, self.goes_on = asyncio.Event(), asyncio.Event()

    @activity.defn(name=RESERVE)
    async def reserve(self, wanted: Reserving) -> bool:
        self.attempts += 1
        granted = await super().reserve(wanted)
        if self.attempts == 1:
            raise ApplicationError("the worker is gone")
        self.asked.set()
        await self.goes_on.wait()
        return granted


async def offered(town: Town, amount: int) -> Referral:
    case = await town.begin()
    await case.does(OfferToResidents(amount, NOTE), DIRECTOR)
    return case


def money(town: Town) -> list[tuple[int, str, int | None]]:
    return sorted((row["amount"], row["state"], row["spent"]) for row in rows(town.database, RESERVATIONS))


@pytest_asyncio.fixture
async def any_town(server: Server, tmp_path: Path, database_url: str) -> AsyncIterator[Town]:
    """A town at work on each kind of database."""
    async with living.town(server, tmp_path, database_url) as town, at_work(town.client, town.activities()):
        yield town
        await town.was_lived_by_the_rules()


async def test_two_offers_taken_on_in_the_same_instant_never_overdraw_the_budget(any_town: Town) -> None:
    cases = [await offered(any_town, 300_00) for _ in range(2)]
    results = await asyncio.gather(
        *(case.does(Adopt(), by) for case, by in zip(cases, (AN, OMAR), strict=True)),
        return_exceptions=True,
    )
    [won] = [case for case, result in zip(cases, results, strict=True) if isinstance(result, Answer)]
    [refused] = [result for result in results if isinstance(result, Refused)]
    assert (refused.code, refused.rule) == ("refused", "budget")
    [lost] = [case for case in cases if case is not won]
    assert lost.kinds[-1] == "assignment_rested", "the offer stands"
    assert money(any_town) == [(300_00, "reserved", None)]
    winner = AN if won is cases[0] else OMAR
    await won.does(Account(100_00, NOTE), winner)
    await won.ends()
    assert money(any_town) == [(300_00, "spent", 100_00)]
    await lost.does(Adopt(), AN)
    assert money(any_town) == [(300_00, "reserved", None), (300_00, "spent", 100_00)], "what was left is free again"


async def test_a_worker_that_is_lost_reserves_once_and_what_the_rules_refuse_meanwhile_is_released(
    idle_town: Town,
) -> None:
    activities = Interrupted(idle_town)
    async with at_work(idle_town.client, activities):
        case = await offered(idle_town, 300_00)
        first = asyncio.create_task(case.does(Adopt(), AN))
        second = asyncio.create_task(case.does(Adopt(), OMAR))
        await asyncio.wait_for(activities.asked.wait(), 30)
        assert money(idle_town) == [(300_00, "reserved", None)]
        await case.does(WithdrawOffer(NOTE), DIRECTOR)
        activities.goes_on.set()
        for adopting in (first, second):
            with pytest.raises(Refused) as refused:
                await adopting
            assert refused.value.rule == "no_offer"
        assert money(idle_town) == [(300_00, "released", None)]
        await case.does(OfferToResidents(500_00, NOTE), DIRECTOR)
        await case.does(Adopt(OfferId("o2")), OMAR)
    assert money(idle_town) == [(300_00, "released", None), (500_00, "reserved", None)]
