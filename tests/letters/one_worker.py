"""A delivering process of its own, to be killed: `one_worker ADDRESS DATABASE SMTP`."""

import asyncio
import sys

from temporalio.client import Client
from temporalio.worker import Worker

from activities.delivery import Deliveries
from configuration.settings import read_settings
from readmodel.database import connect
from tests.letters.story import CITY, KEY, PUBLIC_URL
from workflows.conversion import domain_data_converter
from workflows.delivery import LETTERS


async def main(address: str, database: str, smtp_url: str) -> None:
    client = await Client.connect(address, data_converter=domain_data_converter)
    settings = read_settings(smtp_url=smtp_url, public_url=PUBLIC_URL, secret_key=KEY.decode())
    deliveries = Deliveries(settings, CITY, connect(database))
    async with Worker(client, task_queue=LETTERS, activities=[deliveries.deliver]):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
