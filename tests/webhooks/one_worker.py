"""A sending process of its own, to be killed: `one_worker ADDRESS DATABASE`."""

import asyncio
import sys

from temporalio.client import Client
from temporalio.worker import Worker

from activities.webhooks.posting import Postings
from configuration.settings import read_settings
from readmodel.database import connect
from tests.letters.story import CITY, KEY, PUBLIC_URL
from workflows.conversion import domain_data_converter
from workflows.webhooks import WEBHOOKS


async def main(address: str, database: str) -> None:
    client = await Client.connect(address, data_converter=domain_data_converter)
    settings = read_settings(public_url=PUBLIC_URL, secret_key=KEY.decode(), webhook_private=True)
    postings = Postings(settings, CITY, connect(database))
    async with Worker(client, task_queue=WEBHOOKS, activities=[postings.post_next]):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
