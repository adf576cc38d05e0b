"""Each subscriber gets every message of its own, signed and in order per case, whatever dies on the way."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from standardwebhooks import WebhookVerificationError
from temporalio.client import Client
from temporalio.worker import Worker

from activities.webhooks.gathering import WebhooksRound
from activities.webhooks.posting import Postings
from configuration.settings import Settings, read_settings
from domain.commands import Accept
from domain.webhooks import Patience, Subscription, WebhookState, WhyDisabled
from domain.words import AssignmentId
from readmodel.cloud_events import cloud_event
from readmodel.correspondence.gathering import gather
from readmodel.correspondence.rendering import render
from readmodel.database import reading, writing
from readmodel.eventlog import events_after
from readmodel.intake import Accepted
from readmodel.outbox import by_ids
from readmodel.schema import LETTERS, WEBHOOK_MESSAGES
from readmodel.webhook_course import enable
from readmodel.webhook_messages import add_test, replay
from readmodel.webhooks import Webhook, add_webhook, newest_secret, rotate, webhook_by_id
from tests.letters.story import CITY, KEY, LINKS, PUBLIC_URL
from tests.readmodel.town import MEMBER, do, later, open_case, rows
from tests.webhooks.subscriber import Received, Subscriber, answer, takes
from workers.runners import sandboxed
from workers.webhooks import webhooks_worker
from workflows.webhooks import WEBHOOKS, WebhookLaneWorkflow

QUICK = Patience(
    timedelta(milliseconds=20), timedelta(milliseconds=100), timedelta(minutes=1), timedelta(seconds=5), timedelta(1)
)
AT_ONCE = replace(QUICK, altogether=timedelta(0))
"""Gives up after the first attempt."""


def settings() -> Settings:
    return read_settings(public_url=PUBLIC_URL, secret_key=KEY.decode(), webhook_private=True)


@asynccontextmanager
async def sending(client: Client, engine: Engine, patience: Patience = QUICK) -> AsyncIterator[WebhooksRound]:
    async with webhooks_worker(client, Postings(settings(), CITY, engine, patience), sandboxed()):
        yield WebhooksRound(CITY, engine, client, patience)


def listens(engine: Engine, subscriber: Subscriber, subscription: Subscription | None = None) -> Webhook:
    wanted = subscription or Subscription()
    with writing(engine) as session:
        return add_webhook(session, "Website", subscriber.url, "web@town.example", wanted, datetime.now(UTC))


def now_of(engine: Engine, webhook: Webhook) -> Webhook:
    with reading(engine) as session:
        found = webhook_by_id(session, webhook.id)
    assert found is not None
    return found


async def settled(client: Client, engine: Engine, round: WebhooksRound) -> None:
    """What waits is sent, as far as it can be."""
    await round.send_on(datetime.now(UTC))
    lanes = {(row["webhook_id"], row["lane"]) for row in rows(engine, WEBHOOK_MESSAGES)}
    async with asyncio.timeout(30):
        for webhook_id, lane in lanes:
            await client.get_workflow_handle(f"webhook/{webhook_id}/{lane}").result()


def statuses(engine: Engine) -> list[str]:
    found = sorted(rows(engine, WEBHOOK_MESSAGES), key=lambda row: (row["position"] is None, row["position"]))
    return [row["status"] for row in found]


def accepted_case(engine: Engine, hours: float = 0) -> Accepted:
    """Three events: opened, assigned, accepted."""
    case = open_case(engine, now=later(hours))
    do(engine, case, Accept(AssignmentId("a1")), MEMBER, later(hours + 1), id=f"accept-{case.number}")
    return case


async def test_what_happens_is_told_as_the_feed_tells_it_and_signed(
    client: Client, engine: Engine, subscriber: Subscriber
) -> None:
    open_case(engine)
    webhook = listens(engine, subscriber)
    case = accepted_case(engine)
    async with sending(client, engine) as round:
        await settled(client, engine, round)
        assert await round.send_on(datetime.now(UTC)) == 0
    secret = newest_secret(KEY, webhook)
    with reading(engine) as session:
        feed = events_after(session, webhook.position)
    told = [cloud_event(one, PUBLIC_URL, ZoneInfo(CITY.timezone)) for one in feed]
    assert [one.verified_by(secret) for one in subscriber.received] == told
    assert [event["type"] for event in told][0::2] == ["aanjager.case_opened", "aanjager.assignment_accepted"]
    assert {event["subject"] for event in told} == {case.case_id}, "what happened before it listened is not told"
    assert {one.headers["content-type"] for one in subscriber.received} == {"application/cloudevents+json"}
    assert statuses(engine) == ["taken"] * 3


async def test_a_message_waits_for_the_one_before_it_in_its_case_and_for_no_other_case(
    client: Client, engine: Engine, subscriber: Subscriber
) -> None:
    listens(engine, subscriber)
    stuck, other = accepted_case(engine), accepted_case(engine, 2)

    def answers(received: Received) -> str | None:
        """What the first case tells is taken once the other has told everything, and its second message late."""
        if received.event["subject"] != stuck.case_id:
            return takes(received)
        ready = len(subscriber.of(other.case_id)) == 3
        again = sum(one.id == received.id for one in subscriber.received) > 1
        return takes(received) if ready and again else answer(503)

    subscriber.answers = answers
    async with sending(client, engine) as round:
        await settled(client, engine, round)
    ids = [one.id for one in subscriber.of(stuck.case_id)]
    assert len(dict.fromkeys(ids)) == 3
    assert ids == sorted(ids, key=list(dict.fromkeys(ids)).index), "none overtakes another"
    assert all(ids.count(id) > 1 for id in ids), "each was tried again under the same id"
    assert [one.event["data"]["seq"] for one in subscriber.of(other.case_id)] == [1, 2, 3]
    assert statuses(engine) == ["taken"] * 6


async def test_a_subscriber_that_takes_nothing_is_switched_off_its_owner_told_once_and_nothing_lost(
    client: Client, engine: Engine, subscriber: Subscriber
) -> None:
    webhook = listens(engine, subscriber)
    first = accepted_case(engine)
    subscriber.answers = lambda _: answer(500, body="Out of order")
    async with sending(client, engine, AT_ONCE) as round:
        await settled(client, engine, round)
        off = now_of(engine, webhook)
        assert (off.state, off.why, off.answer) == (WebhookState.DISABLED, WhyDisabled.UNREACHABLE, 500)
        assert statuses(engine) == ["failed", "waiting", "waiting"]
        later_case = open_case(engine, now=later(3))
        assert await round.send_on(datetime.now(UTC)) == 0, "nothing is sent while it is off"

        [refused] = subscriber.received
        subscriber.received.clear()
        subscriber.answers = takes
        with writing(engine) as session:
            enable(session, off, catch_up=True)
            assert replay(session, webhook.id) == 1
        await settled(client, engine, round)
    assert subscriber.of(first.case_id)[0].id == refused.id, "the same message has the same id"
    assert {one.event["data"]["seq"] for one in subscriber.of(later_case.case_id)} == {1, 2}
    assert set(statuses(engine)) == {"taken"}
    letters = [row for row in rows(engine, LETTERS) if row["webhook_id"] is not None]
    assert [(row["kind"], row["recipient"]) for row in letters] == [("webhook_disabled", f"webhook:{webhook.id}")]
    with reading(engine) as session:
        [told] = gather(session, CITY, LINKS, by_ids(session, [letters[0]["id"]]))
    assert "Drie dagen lang" in (text := render([told])).body and "500" in text.body
    assert f"{PUBLIC_URL}/admin/webhooks/{webhook.id}" in text.body


async def test_a_subscriber_that_says_it_is_gone_gets_nothing_more(
    client: Client, engine: Engine, subscriber: Subscriber
) -> None:
    webhook = listens(engine, subscriber)
    accepted_case(engine)
    subscriber.answers = lambda _: answer(410)
    async with sending(client, engine) as round:
        await settled(client, engine, round)
    assert now_of(engine, webhook).why is WhyDisabled.GONE
    assert len(subscriber.received) == 1
    assert len([row for row in rows(engine, LETTERS) if row["kind"] == "webhook_disabled"]) == 1


async def test_a_new_secret_signs_beside_the_old_one_for_a_day(
    client: Client, engine: Engine, subscriber: Subscriber
) -> None:
    webhook = listens(engine, subscriber)
    old = newest_secret(KEY, webhook)
    for rotated_at in (datetime.now(UTC), datetime.now(UTC) - timedelta(days=1)):
        with writing(engine) as session:
            webhook = rotate(session, webhook, rotated_at)
            add_test(session, webhook.id, datetime.now(UTC))
    async with sending(client, engine) as round:
        await settled(client, engine, round)
    newest = newest_secret(KEY, webhook)
    assert newest.startswith("whsec_") and newest != old
    for received in subscriber.received:
        assert received.verified_by(newest)["type"] == "aanjager.test"
        with pytest.raises(WebhookVerificationError):
            received.verified_by(old)
    with writing(engine) as session:
        webhook = rotate(session, webhook, datetime.now(UTC))
        add_test(session, webhook.id, datetime.now(UTC))
    async with sending(client, engine) as round:
        await settled(client, engine, round)
    for secret in (newest, newest_secret(KEY, webhook)):
        assert subscriber.received[-1].verified_by(secret)


async def test_one_that_fails_again_and_again_is_left_alone_for_a_while(
    client: Client, engine: Engine, subscriber: Subscriber
) -> None:
    webhook = listens(engine, subscriber)
    for hours in range(6):
        open_case(engine, now=later(hours))
    subscriber.answers = lambda received: answer(503) if len(subscriber.received) < 9 else takes(received)
    async with sending(client, engine, replace(QUICK, attempt=timedelta(milliseconds=500))) as round:
        await settled(client, engine, round)
    assert (now_of(engine, webhook).failures, now_of(engine, webhook).rests_until) == (0, None)
    assert set(statuses(engine)) == {"taken"}


async def test_a_process_that_dies_while_it_sends_leaves_the_message_to_the_next(
    temporal_address: str, client: Client, database: str, engine: Engine, subscriber: Subscriber
) -> None:
    webhook = listens(engine, subscriber)
    case = open_case(engine)
    subscriber.answers = lambda _: None
    brief = replace(QUICK, attempt=timedelta(milliseconds=500), around=timedelta(seconds=1))
    await WebhooksRound(CITY, engine, client, brief).send_on(datetime.now(UTC))
    root = Path(__file__).parent.parent.parent
    command = [sys.executable, "-m", "tests.webhooks.one_worker", temporal_address, database]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    async with Worker(client, task_queue=WEBHOOKS, workflows=[WebhookLaneWorkflow], workflow_runner=sandboxed()):
        sender = await asyncio.create_subprocess_exec(*command, cwd=root, env=environment)
        await subscriber.got_one.wait()
        sender.send_signal(signal.SIGKILL)
        await sender.wait()
        subscriber.answers = takes
        another = Postings(settings(), CITY, engine, brief)
        async with Worker(client, task_queue=WEBHOOKS, activities=[another.post_next]):
            await client.get_workflow_handle(f"webhook/{webhook.id}/{case.case_id}").result()
    assert statuses(engine) == ["taken"] * 2
    assert [one.event["data"]["seq"] for one in subscriber.received] == [1, 1, 2]
    assert subscriber.received[0].id == subscriber.received[1].id


async def test_without_anyone_who_listens_nothing_is_kept(client: Client, engine: Engine) -> None:
    accepted_case(engine)
    assert await WebhooksRound(CITY, engine, client).send_on(datetime.now(UTC)) == 0
    assert rows(engine, WEBHOOK_MESSAGES) == []
