"""The servers that other tests stand on do what is asked of them."""

import shutil
import subprocess
import sys
from pathlib import Path

from sqlalchemy import create_engine, text
from temporalio.client import Client

from tests.processes import is_gone


def test_a_database_of_each_kind_answers(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE answers (answer integer)"))
        connection.execute(text("INSERT INTO answers VALUES (42)"))
        assert connection.execute(text("SELECT answer FROM answers")).scalar_one() == 42
    engine.dispose()


async def test_the_temporal_server_answers(temporal_address: str) -> None:
    client = await Client.connect(temporal_address)
    assert await client.service_client.check_health()


def test_postgresql_ends_with_tests_that_are_killed() -> None:
    code = """
import os, signal
from tests.postgres import postgres_server
with postgres_server() as postgres:
    print((postgres.folder / "data" / "postmaster.pid").read_text().splitlines()[0], postgres.folder, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    root = Path(__file__).parent.parent
    killed = subprocess.run([sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, text=True, check=False)
    server, folder = killed.stdout.split()
    assert is_gone(int(server))
    shutil.rmtree(folder)
