"""Each letter reaches the mail server once, whatever dies on the way."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import Engine, update
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from aanjager.temporal_server import free_port
from activities.delivery import Deliveries
from activities.letters_round import LettersRound
from configuration.settings import Settings, read_settings
from readmodel import outbox
from readmodel.database import reading, writing
from readmodel.followers import followers_of, remove_follower
from readmodel.intake import Accepted
from readmodel.letters import LetterStatus
from readmodel.outbox import Outgoing
from readmodel.schema import FOLLOWERS
from readmodel.silence import silence
from tests.letters.post import PostOffice, open_for_business, plain
from tests.letters.story import CITY, KEY, LINKS, PUBLIC_URL
from tests.readmodel.town import MORNING, OTHER, a_report, open_case
from workers.letters import letters_worker
from workers.runners import sandboxed
from workflows.conversion import domain_data_converter
from workflows.delivery import LETTERS, DeliveryWorkflow, Patience

QUICK = Patience(timedelta(milliseconds=50), timedelta(milliseconds=200), timedelta(seconds=30), timedelta(seconds=10))


@pytest_asyncio.fixture
async def client(temporal_address: str) -> Client:
    return await Client.connect(temporal_address, data_converter=domain_data_converter)


@pytest_asyncio.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with open_for_business(PostOffice()) as office:
        yield office


def settings(smtp_url: str | None) -> Settings:
    return read_settings(smtp_url=smtp_url, public_url=PUBLIC_URL, secret_key=KEY.decode())


def worker(client: Client, engine: Engine, smtp_url: str | None) -> Worker:
    return letters_worker(client, Deliveries(settings(smtp_url), CITY, engine), sandboxed())


@asynccontextmanager
async def delivering(
    client: Client, engine: Engine, smtp_url: str, patience: Patience = QUICK
) -> AsyncIterator[LettersRound]:
    async with worker(client, engine, smtp_url):
        yield LettersRound(settings(smtp_url), CITY, engine, client, patience)


def report(engine: Engine, email: str | None = "an@example.org", name: str = "An Peeters") -> Accepted:
    """One that only its reporter hears of: the manager's letter waits for a digest."""
    brought = a_report(OTHER, email=email)
    return open_case(engine, replace(brought, reporter=replace(brought.reporter, name=name)))


def receipt(engine: Engine, accepted: Accepted) -> Outgoing:
    with reading(engine) as session:
        return outbox.of_case(session, accepted.case_id)[0]


def delivery(client: Client, engine: Engine, accepted: Accepted) -> WorkflowHandle[None, None]:
    handle: WorkflowHandle[None, None] = client.get_workflow_handle(f"letter/{receipt(engine, accepted).id}")
    return handle


async def settled(client: Client, engine: Engine, round: LettersRound, accepted: Accepted, times: int = 1) -> Outgoing:
    for _ in range(times):
        await round.send_due(receipt(engine, accepted).created_at)
        await delivery(client, engine, accepted).result()
    return receipt(engine, accepted)


async def test_a_resident_gets_the_receipt_once_in_their_language(
    client: Client, engine: Engine, office: PostOffice
) -> None:
    accepted = report(engine, name="Zoë Đặng")
    async with delivering(client, engine, office.url) as round:
        letter = await settled(client, engine, round, accepted)
        await round.send_due(letter.created_at)
        await round.send_due(letter.created_at + timedelta(hours=2))
    [message] = office.letters
    assert letter.status is LetterStatus.SENT
    assert letter.sent_at is not None
    assert message["To"].addresses[0].display_name == "Zoë Đặng"
    assert message["To"].addresses[0].addr_spec == "an@example.org"
    assert message["From"].addresses[0].addr_spec == "wijken@town.example"
    assert message["Subject"] == f"We have received your report ({accepted.number})"
    assert message["Auto-Submitted"] == "auto-generated"
    for part in message.iter_parts():
        assert f"{PUBLIC_URL}/follow/{accepted.token}" in part.get_content()


async def test_whoever_wants_no_more_letters_gets_none_even_of_those_that_waited(
    client: Client, engine: Engine, office: PostOffice
) -> None:
    accepted = report(engine)
    with writing(engine) as session:
        silence(session, followers_of(session, accepted.case_id)[0].id, MORNING)
    async with delivering(client, engine, office.url) as round:
        letter = await settled(client, engine, round, accepted)
    assert (letter.status, office.offered) == (LetterStatus.UNWANTED, 0)


async def test_a_letter_that_failed_is_sent_again_when_someone_asks(
    client: Client, engine: Engine, office: PostOffice
) -> None:
    office.refuse_recipient = "550 mailbox is full"
    accepted = report(engine)
    async with delivering(client, engine, office.url) as round:
        failed = await settled(client, engine, round, accepted)
        office.refuse_recipient = None
        with writing(engine) as session:
            assert outbox.send_again(session, [failed.id], failed.created_at) == 1
            assert outbox.send_again(session, [failed.id], failed.created_at) == 0
        letter = await settled(client, engine, round, accepted)
    assert (failed.status, letter.status, len(office.letters)) == (LetterStatus.FAILED, LetterStatus.SENT, 1)


async def test_the_unsubscribe_header_holds_the_readers_own_address_for_it(
    client: Client, engine: Engine, office: PostOffice
) -> None:
    accepted = report(engine)
    async with delivering(client, engine, office.url) as round:
        await settled(client, engine, round, accepted)
    [message] = office.letters
    with reading(engine) as session:
        follower = followers_of(session, accepted.case_id)[0]
    assert message["List-Unsubscribe"] == f"<{LINKS.silence(follower.id)}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert accepted.token not in message["List-Unsubscribe"]


async def test_a_delivery_that_runs_again_sends_nothing_again(
    client: Client, engine: Engine, office: PostOffice
) -> None:
    accepted = report(engine)
    async with delivering(client, engine, office.url) as round:
        letter = await settled(client, engine, round, accepted)
        handle = await client.start_workflow(
            "Delivery", args=[{"batch": letter.batch}], id=f"{letter.batch}/again", task_queue="letters"
        )
        await handle.result()
    assert office.offered == 1


async def test_a_mail_server_that_is_dead_at_first_gets_each_letter_once_it_lives(
    client: Client, engine: Engine
) -> None:
    accepted = report(engine)
    office = PostOffice(port=free_port())
    async with delivering(client, engine, office.url) as round:
        await round.send_due(receipt(engine, accepted).created_at)
        handle = delivery(client, engine, accepted)
        await tried(handle)
        assert receipt(engine, accepted).status is LetterStatus.WAITING
        async with open_for_business(office):
            await handle.result()
    assert len(office.letters) == 1
    assert receipt(engine, accepted).status is LetterStatus.SENT


async def tried(handle: WorkflowHandle[None, None], times: int = 2) -> None:
    """Returns once that many attempts have begun."""
    while True:
        pending = (await handle.describe()).raw_description.pending_activities
        if pending and pending[0].attempt >= times:
            return


@pytest.mark.parametrize("answer", ["451 try later", "421 too busy"])
async def test_a_text_that_is_refused_for_now_is_offered_again(
    client: Client, engine: Engine, office: PostOffice, answer: str
) -> None:
    office.refuse_text = [answer, answer]
    async with delivering(client, engine, office.url) as round:
        letter = await settled(client, engine, round, report(engine))
    assert (letter.status, letter.attempts, office.offered, len(office.letters)) == (LetterStatus.SENT, 3, 3, 1)


async def test_a_recipient_refused_for_good_fails_at_once_with_the_reason(
    client: Client, engine: Engine, office: PostOffice
) -> None:
    office.refuse_recipient = "550 no such user an@example.org"
    async with delivering(client, engine, office.url) as round:
        letter = await settled(client, engine, round, report(engine))
    assert letter.status is LetterStatus.FAILED
    assert letter.error == "the mail server answered 550: no such user …"
    assert office.offered == 0


async def test_a_text_refused_for_good_fails_at_once(client: Client, engine: Engine, office: PostOffice) -> None:
    office.refuse_text = ["554 looks like spam"]
    async with delivering(client, engine, office.url) as round:
        letter = await settled(client, engine, round, report(engine))
    assert (letter.status, letter.error) == (LetterStatus.FAILED, "the mail server answered 554: looks like spam")


async def test_patience_ends(client: Client, engine: Engine, office: PostOffice) -> None:
    office.refuse_recipient = "450 mailbox busy"
    short = replace(QUICK, altogether=timedelta(seconds=1))
    async with delivering(client, engine, office.url, short) as round:
        letter = await settled(client, engine, round, report(engine))
    assert letter.status is LetterStatus.FAILED
    assert letter.error == "given up; the last attempt: the mail server answered 450"


async def test_a_follower_who_left_is_not_written_to(client: Client, engine: Engine, office: PostOffice) -> None:
    accepted = report(engine)
    with writing(engine) as session:
        remove_follower(session, followers_of(session, accepted.case_id)[0].id)
    async with delivering(client, engine, office.url) as round:
        letter = await settled(client, engine, round, accepted)
    assert (letter.status, office.offered) == (LetterStatus.FAILED, 0)


@pytest.mark.parametrize(
    "email",
    ["an@example.org\r\nBcc: all@example.org", "an@example.org, all@example.org", "<an@example.org>", "an", "a@b\x00"],
)
async def test_no_address_smuggles_in_a_header_or_a_second_recipient(
    client: Client, engine: Engine, office: PostOffice, email: str
) -> None:
    accepted = report(engine, email=email)
    async with delivering(client, engine, office.url) as round:
        letter = await settled(client, engine, round, accepted)
    assert (letter.status, letter.error) == (LetterStatus.FAILED, "this is not an e-mail address")
    assert office.offered == 0


async def test_no_name_smuggles_in_a_header(client: Client, engine: Engine, office: PostOffice) -> None:
    accepted = report(engine, name='An"\r\nBcc: all@example.org\r\n\r\nBuy <now>')
    async with delivering(client, engine, office.url) as round:
        await settled(client, engine, round, accepted)
    [message] = office.letters
    assert message["Bcc"] is None
    assert [address.addr_spec for address in message["To"].addresses] == ["an@example.org"]
    assert "Buy" not in plain(message)


async def test_an_address_beyond_ascii_is_written_to(client: Client, engine: Engine, office: PostOffice) -> None:
    accepted = report(engine, email="zoë@exämple.org")
    async with delivering(client, engine, office.url) as round:
        letter = await settled(client, engine, round, accepted)
    assert (letter.status, letter.error) == (LetterStatus.SENT, None)
    assert (office.recipients, len(office.letters)) == (["zoë@exämple.org"], 1)


@pytest.mark.slow
async def test_a_letter_whose_deliverer_is_killed_before_the_answer_is_uncertain_and_not_sent_again(
    client: Client, engine: Engine, database: str, temporal_address: str, office: PostOffice
) -> None:
    office.silent = True
    accepted = report(engine)
    short = replace(QUICK, attempt=timedelta(seconds=3))
    round = LettersRound(settings(office.url), CITY, engine, client, short)
    await round.send_due(receipt(engine, accepted).created_at)
    root = Path(__file__).parent.parent.parent
    command = [sys.executable, "-m", "tests.letters.one_worker", temporal_address, database, office.url]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    async with Worker(client, task_queue=LETTERS, workflows=[DeliveryWorkflow], workflow_runner=sandboxed()):
        deliverer = await asyncio.create_subprocess_exec(*command, cwd=root, env=environment)
        await office.got_text.wait()
        deliverer.send_signal(signal.SIGKILL)
        await deliverer.wait()
        assert receipt(engine, accepted).status is LetterStatus.HANDED_OVER
        another = Deliveries(settings(office.url), CITY, engine)
        async with Worker(client, task_queue=LETTERS, activities=[another.deliver]):
            await delivery(client, engine, accepted).result()
    assert receipt(engine, accepted).status is LetterStatus.UNCERTAIN
    async with worker(client, engine, office.url):
        await round.send_due(receipt(engine, accepted).created_at + timedelta(days=1))
        await delivery(client, engine, accepted).result()
    assert office.offered == 1


async def test_temporal_never_sees_whom_a_letter_is_for(client: Client, engine: Engine, office: PostOffice) -> None:
    office.refuse_recipient = "450 an@example.org is busy"
    accepted = report(engine)
    short = replace(QUICK, altogether=timedelta(seconds=1))
    async with delivering(client, engine, office.url, short) as round:
        await settled(client, engine, round, accepted)
    history = (await delivery(client, engine, accepted).fetch_history()).to_json()
    for secret in ("an@example.org", "Peeters", accepted.token, "lamp at number 7"):
        assert secret not in history


async def test_without_a_mail_server_letters_are_kept_and_no_delivery_starts(client: Client, engine: Engine) -> None:
    accepted = report(engine)
    round = LettersRound(settings(None), CITY, engine, client)
    await round.send_due(receipt(engine, accepted).created_at)
    with reading(engine) as session:
        assert {letter.status for letter in outbox.of_case(session, accepted.case_id)} == {LetterStatus.KEPT}


async def test_the_reader_is_looked_up_when_the_letter_leaves(
    client: Client, engine: Engine, office: PostOffice
) -> None:
    accepted = report(engine)
    with writing(engine) as session:
        session.execute(update(FOLLOWERS).values(email="new@example.org"))
    async with delivering(client, engine, office.url) as round:
        await settled(client, engine, round, accepted)
    assert office.letters[0]["To"].addresses[0].addr_spec == "new@example.org"
