"""Which letters leave when, and together with which."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from sqlalchemy import Engine, update
from temporalio.client import Client

from activities.bundling import cannot_wait, digest_leaves
from activities.delivery import Deliveries
from activities.letters_round import LettersRound
from configuration.settings import Settings, read_settings
from domain.opening_hours import Calendar, always
from readmodel.database import writing
from readmodel.letters import LetterStatus
from readmodel.origin import DEMONSTRATION
from readmodel.schema import LETTERS
from tests.letters.post import PostOffice, open_for_business
from tests.letters.story import CITY, PUBLIC_URL
from tests.readmodel.town import HEIDE, LAMP, ROADS, a_report, open_case, rows
from workers.letters import letters_worker
from workers.runners import sandboxed
from workflows.conversion import domain_data_converter

HOUR = 3600
OFFICE = Calendar("Europe/Brussels", (((8 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR)),) * 5 + ((),) * 2)
TOWN = replace(CITY, hours=OFFICE, departments={ROADS: replace(CITY.departments[ROADS], hours=OFFICE)})


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In March 2026, which begins on a Sunday; local time, an hour before UTC."""
    return datetime(2026, 3, day, hour - 1, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("oldest", "now", "sent_today", "leaves"),
    [
        (at(2, 10), at(2, 10), False, at(2, 10, 30)),
        (at(2, 10), at(2, 11), False, at(2, 11)),
        (at(2, 11, 45), at(2, 11, 45), False, at(2, 13)),
        (at(2, 16, 45), at(2, 16, 45), False, at(3, 8)),
        (at(2, 3), at(2, 3), False, at(2, 8)),
        (at(2, 10), at(2, 10), True, at(3, 8)),
        (at(6, 10), at(6, 10), True, at(9, 8)),
        (at(7, 10), at(7, 10), False, at(9, 8)),
    ],
)
def test_a_digest_collects_half_an_hour_and_leaves_in_office_hours_once_a_day(
    oldest: datetime, now: datetime, sent_today: bool, leaves: datetime
) -> None:
    assert digest_leaves(OFFICE, oldest, now, sent_today) == leaves


def test_day_and_night_means_after_half_an_hour() -> None:
    assert digest_leaves(always("Europe/Brussels"), at(7, 3), at(7, 3), False) == at(7, 3, 30)


@pytest.mark.parametrize(
    ("term", "digest", "hurried"),
    [(at(3, 10), at(3, 8), True), (at(3, 7), at(3, 8), True), (at(4, 1), at(3, 8), False), (None, at(3, 8), False)],
)
def test_a_letter_whose_term_ends_on_the_day_of_its_digest_cannot_wait(
    term: datetime | None, digest: datetime, hurried: bool
) -> None:
    facts = {"respond_by": term.isoformat() if term else None, "assignment": "a1"}
    assert cannot_wait(facts, digest, "Europe/Brussels") is hurried


@pytest_asyncio.fixture
async def client(temporal_address: str) -> Client:
    return await Client.connect(temporal_address, data_converter=domain_data_converter)


def settings(office: PostOffice) -> Settings:
    return read_settings(smtp_url=office.url, public_url=PUBLIC_URL)


def waiting(engine: Engine) -> list[str]:
    return [row["kind"] for row in rows(engine, LETTERS) if row["status"] == LetterStatus.WAITING]


async def delivered(client: Client, engine: Engine, office: PostOffice, moments: Sequence[datetime]) -> None:
    """What the round starts at these moments is delivered before the next."""
    round = LettersRound(settings(office), TOWN, engine, client)
    async with letters_worker(client, Deliveries(settings(office), TOWN, engine), sandboxed()):
        for now in moments:
            await round.send_due(now)
            for batch in {row["batch"] for row in rows(engine, LETTERS) if row["batch"] is not None}:
                await client.get_workflow_handle(batch).result()


async def test_a_departments_tasks_of_a_morning_arrive_in_one_digest(client: Client, engine: Engine) -> None:
    office = PostOffice()
    async with open_for_business(office):
        for minute in (0, 10, 20):
            open_case(engine, a_report(LAMP, email=None), at(2, 10, minute))
        await delivered(client, engine, office, [at(2, 10, 21)])
        assert len(waiting(engine)) == 3
        await delivered(client, engine, office, [at(2, 10, 31), at(2, 10, 32)])
        open_case(engine, a_report(LAMP, email=None), at(2, 11))
        await delivered(client, engine, office, [at(2, 11), at(2, 16, 59)])
        [digest] = office.letters
        assert digest["Subject"] == "3 berichten over je meldingen"
        assert digest["To"].addresses[0].addr_spec == "roads@town.example"
        await delivered(client, engine, office, [at(3, 8)])
    assert [message["Subject"][:11] for message in office.letters] == ["3 berichten", "Nieuwe taak"]
    assert waiting(engine) == []


async def test_residents_and_urgent_cases_are_written_to_at_once_even_at_night(client: Client, engine: Engine) -> None:
    office = PostOffice()
    async with open_for_business(office):
        open_case(engine, replace(a_report(LAMP), urgent=True), at(3, 2))
        await delivered(client, engine, office, [at(3, 2)])
    assert sorted(office.recipients) == ["an@example.org", "roads@town.example"]


async def test_letters_about_the_demonstrations_cases_reach_nobody(client: Client, engine: Engine) -> None:
    office = PostOffice()
    async with open_for_business(office):
        open_case(engine, replace(a_report(LAMP), urgent=True, source=DEMONSTRATION, source_ref="1"), at(3, 10))
        await delivered(client, engine, office, [at(3, 10)])
    assert office.letters == []
    assert {row["status"] for row in rows(engine, LETTERS)} == {LetterStatus.KEPT}


async def test_a_letter_whose_term_would_end_before_the_digest_leaves_by_itself(client: Client, engine: Engine) -> None:
    office = PostOffice()
    async with open_for_business(office):
        for _ in range(2):
            open_case(engine, a_report(LAMP, email=None), at(4, 10))
        [first, _] = rows(engine, LETTERS)
        soon = {**first["facts"], "respond_by": at(4, 15).isoformat()}
        with writing(engine) as session:
            session.execute(update(LETTERS).where(LETTERS.c.id == first["id"]).values(facts=soon))
        await delivered(client, engine, office, [at(4, 10)])
        assert len(office.letters) == 1
        await delivered(client, engine, office, [at(4, 10, 30)])
    assert len(office.letters) == 2


async def test_a_delivery_that_could_not_be_started_is_started_by_the_next_round(
    client: Client, engine: Engine
) -> None:
    office = PostOffice()
    async with open_for_business(office):
        open_case(engine, replace(a_report(LAMP, HEIDE), urgent=True), at(2, 10))
        nowhere = await Client.connect("127.0.0.1:1", data_converter=domain_data_converter, lazy=True)
        with pytest.raises(RuntimeError):
            await LettersRound(settings(office), TOWN, engine, nowhere).send_due(at(2, 10))
        assert len(waiting(engine)) == 2
        await delivered(client, engine, office, [at(2, 10)])
    assert len(office.letters) == 2
