"""The program of docs/webhooks.md, as it stands there, listens to a city."""

import asyncio
import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine
from temporalio.client import Client

from aanjager.temporal_server import free_port
from domain.webhooks import Subscription
from readmodel.database import writing
from readmodel.webhook_messages import replay
from readmodel.webhooks import add_webhook, newest_secret
from tests.letters.story import KEY
from tests.readmodel.town import open_case
from tests.webhooks.test_delivery import sending, settled

PAGE = Path(__file__).parent.parent.parent / "docs" / "webhooks.md"


async def test_the_example_checks_the_signature_and_prints_each_event_once(client: Client, engine: Engine) -> None:
    [program] = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    with writing(engine) as session:
        webhook = add_webhook(session, "Roads", url, "roads@town.example", Subscription(), datetime.now(UTC))
    case = open_case(engine)
    environment = {**os.environ, "WEBHOOK_SECRET": newest_secret(KEY, webhook), "PORT": str(port)}
    listener = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert listener.stdout is not None
    try:
        async with sending(client, engine) as round:
            await settled(client, engine, round)
            with writing(engine) as session:
                assert replay(session, webhook.id, since=webhook.created_at) == 2
            await settled(client, engine, round)
    finally:
        listener.kill()
    printed = (await listener.stdout.read()).decode().splitlines()
    await listener.wait()
    assert printed == [
        f"aanjager.case_opened {case.case_id}/1",
        f"aanjager.department_assigned {case.case_id}/2",
    ]
