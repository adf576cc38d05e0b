"""The Temporal server of our own starts, comes back after a kill, and stops."""

import os
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from aanjager.temporal_server import RETENTION, TemporalDidNotStart, temporal_server
from tests.processes import is_gone


async def kept_for(address: str) -> timedelta:
    client = await Client.connect(address)
    answer = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="default"))
    return answer.config.workflow_execution_retention_ttl.ToTimedelta()


@pytest.mark.slow
async def test_a_killed_server_comes_back_at_the_same_address_with_what_it_knew(tmp_path: Path) -> None:
    async with temporal_server(tmp_path, ui=False) as server:
        client = await Client.connect(server.address)
        started = await client.start_workflow("Sleeping", id="case-1", task_queue="nobody")
        first = await server.process.started()
        os.kill(first, signal.SIGKILL)
        second = await server.process.started(times=2)
        remembered = await client.get_workflow_handle("case-1").describe()
        assert remembered.run_id == started.result_run_id
    assert is_gone(first, within=0)
    assert is_gone(second, within=0)


@pytest.mark.slow
async def test_closed_workflows_are_kept_and_a_second_server_on_the_same_data_is_refused(tmp_path: Path) -> None:
    async with temporal_server(tmp_path) as server:
        assert await kept_for(server.address) == RETENTION
        assert server.ui_url
        with pytest.raises(TemporalDidNotStart, match="in use"):
            async with temporal_server(tmp_path):
                pass


async def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "temporal.db").mkdir()
    with pytest.raises(TemporalDidNotStart, match="unable to open database file"):
        async with temporal_server(tmp_path, ui=False):
            pass
