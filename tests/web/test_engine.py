"""Reaching Temporal: connecting when needed, and saying so when it is out of reach."""

from uuid import uuid4

import pytest
from temporalio.client import Client

from domain.actor import Actor
from domain.commands import Submitted, Support
from domain.words import CaseId, Role
from web.engine import EngineUnavailable, NotRunning, TemporalEngine, connected_when_needed
from workflows.conversion import domain_data_converter

SUPPORT = Submitted("c1", Actor(Role.RESIDENT, "r1"), Support())


async def nobody() -> Client | None:
    return None


async def test_it_connects_anew_until_that_succeeds_and_then_no_more(temporal_address: str) -> None:
    tried = 0

    async def connect() -> Client:
        nonlocal tried
        tried += 1
        if tried < 3:
            raise RuntimeError("connection refused")
        return await Client.connect(temporal_address)

    connection = connected_when_needed(connect)
    found = [await connection() for _ in range(4)]
    assert [client is not None for client in found] == [False, False, True, True]
    assert (tried, found[2]) == (3, found[3])


async def test_without_temporal_nothing_is_submitted_and_it_is_not_reachable() -> None:
    engine = TemporalEngine(nobody)
    assert await engine.reachable() is False
    with pytest.raises(EngineUnavailable):
        await engine.submit(CaseId("x"), SUPPORT)


async def test_a_case_without_a_workflow_is_not_running(temporal_address: str) -> None:
    async def connection() -> Client:
        return await Client.connect(temporal_address, data_converter=domain_data_converter)

    engine = TemporalEngine(connection)
    assert await engine.reachable() is True
    with pytest.raises(NotRunning):
        await engine.submit(CaseId(str(uuid4())), SUPPORT)


async def test_an_address_where_nobody_answers_is_out_of_reach() -> None:
    async def connection() -> Client:
        return await Client.connect("127.0.0.1:1", lazy=True)

    engine = TemporalEngine(connection)
    assert await engine.reachable() is False
