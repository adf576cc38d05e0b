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
from domain.actor import Actor
from domain.city import City
from domain.commands import Accept, Submitted
from domain.decide import decide
from domain.opening_hours import Calendar, always
from domain.words import Role
from readmodel.action_links import links_of
from readmodel.case_detail import case_state
from readmodel.database import writing
from readmodel.intake import accept
from readmodel.letters import LetterStatus
from readmodel.origin import DEMONSTRATION
from readmodel.recording import record
from readmodel.schema import LETTERS
from tests.letters.post import PostOffice, open_for_business, plain
from tests.letters.story import CITY, KEY, LINKS, PUBLIC_URL
from tests.readmodel.town import HEIDE, LAMP, OTHER, ROADS, a_report, let_time_pass, open_case, rows, rules_for
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
    return read_settings(smtp_url=office.url, public_url=PUBLIC_URL, secret_key=KEY.decode())


def waiting(engine: Engine) -> list[str]:
    return [row["kind"] for row in rows(engine, LETTERS) if row["status"] == LetterStatus.WAITING]


async def delivered(
    client: Client, engine: Engine, office: PostOffice, moments: Sequence[datetime], town: City = TOWN
) -> None:
    """What the round starts at these moments is delivered before the next."""
    round = LettersRound(settings(office), town, engine, client)
    async with letters_worker(client, Deliveries(settings(office), town, engine), sandboxed()):
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
        assert [part.get_content_type() for part in digest.iter_parts()] == ["text/plain", "text/html"]
        assert digest["List-Unsubscribe"] is None
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


async def test_a_managers_letters_wait_for_the_citys_hours_and_an_escalation_for_nobodys(
    client: Client, engine: Engine
) -> None:
    office = PostOffice()
    async with open_for_business(office):
        placed = open_case(engine, a_report(OTHER, email=None), at(2, 20))
        with writing(engine) as session:
            session.execute(update(LETTERS).values(facts={"place_by": at(6, 10).isoformat()}))
        await delivered(client, engine, office, [at(2, 20, 31), at(3, 7, 59)])
        assert office.letters == []
        await delivered(client, engine, office, [at(3, 8)])
        assert office.recipients == ["manager.heide@town.example"]
        let_time_pass(engine, placed, at(3, 20))
        await delivered(client, engine, office, [at(3, 20)])
    assert len(office.letters) == 2


async def test_a_partner_gets_the_next_link_at_once_and_its_digests_hold_a_link_for_each_task(
    client: Client, engine: Engine
) -> None:
    town = replace(TOWN, departments={ROADS: replace(TOWN.departments[ROADS], partner=True)})
    office = PostOffice()
    async with open_for_business(office):
        with writing(engine) as session:
            cases = [accept(session, town, rules_for, a_report(LAMP, email=None), at(2, 10)) for _ in range(2)]
        await delivered(client, engine, office, [at(2, 10, 30)], town)
        with writing(engine) as session:
            [link], [other] = (links_of(session, case.case_id) for case in cases)
            state = case_state(session, cases[0].case_id)
            assert state is not None
            by = Actor(Role.PARTNER, f"link:{link.id}", ROADS)
            submitted = Submitted(str(link.command_id), by, Accept(link.assignment, at(5, 10)))
            record(session, town, cases[0].case_id, decide(state[1], state[0], submitted, at(2, 23)))
            fresh = links_of(session, cases[0].case_id)[1]
        await delivered(client, engine, office, [at(2, 23)], town)
    digest, next_one = office.letters
    assert all(plain(digest).count(LINKS.task(one.id)) == 1 for one in (link, other))
    assert LINKS.task(fresh.id) in plain(next_one)
    assert "donderdag 5 maart 2026" in plain(next_one)
