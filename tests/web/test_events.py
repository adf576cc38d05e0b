"""What happened as CloudEvents: in batches, and as a stream that resumes and ends when it must."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

import httpx2
import pytest

from tests.web.people import ADMINISTRATOR, GARDENER, LEADERSHIP, MEMBER
from tests.web.town import Town, fields, problem
from web.app import create_app
from web.server import Server


def test_events_come_in_order_as_cloud_events(town: Town) -> None:
    case_id = town.report()["case_id"]
    town.does(case_id, MEMBER, "accept", assignment="a1", note="Secret plan")
    answer = town.get("/events", ADMINISTRATOR)
    assert answer.headers["content-type"].startswith("application/cloudevents-batch+json")
    events = answer.json()
    assert [e["type"] for e in events] == [
        "aanjager.case_opened",
        "aanjager.department_assigned",
        "aanjager.assignment_accepted",
    ]
    assert [e["id"] for e in events] == [f"{case_id}/{seq}" for seq in (1, 2, 3)]
    for event in events:
        assert event["specversion"] == "1.0"
        assert event["subject"] == case_id
        assert event["source"] == "https://town.example/api/v1/cases"
        assert datetime.fromisoformat(event["time"]).utcoffset() is not None
    assert events[2]["data"]["by"] == "department:roads"
    assert "Secret plan" not in answer.text


def test_events_go_on_after_the_last_one_seen(town: Town) -> None:
    town.report()
    town.report()
    first = town.get("/events", ADMINISTRATOR, limit=3).json()
    rest = town.get("/events", ADMINISTRATOR, after=first[-1]["sequence"]).json()
    assert (len(first), len(rest)) == (3, 1)
    sequences = [e["sequence"] for e in first + rest]
    assert sequences == sorted(sequences)
    assert town.get("/events", ADMINISTRATOR, after=rest[-1]["sequence"]).json() == []


def test_everyone_hears_of_their_own_cases_only(town: Town) -> None:
    town.report()
    tree = town.report(service="tree")["case_id"]
    assert {e["subject"] for e in town.get("/events", GARDENER).json()} == {tree}
    assert len({e["subject"] for e in town.get("/events", LEADERSHIP).json()}) == 2


@pytest.mark.parametrize("last", ["x", "-1", "9" * 25, "1.5"])
def test_a_stream_resumes_only_after_an_event_of_its_own(town: Town, last: str) -> None:
    headers = {**town.as_(ADMINISTRATOR), "Last-Event-ID": last}
    body = problem(town.client.get("/api/v1/events/stream", headers=headers), 422, "invalid")
    assert fields(body) == ["Last-Event-ID"]


@contextmanager
def served(town: Town) -> Iterator[tuple[Server, threading.Thread, str]]:
    context = replace(town.context, stopping=threading.Event())
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = Server(create_app(context), "127.0.0.1", 0)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield server, thread, f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.stop()
            thread.join(10)


def told(lines: Iterator[str], count: int) -> list[tuple[int, str]]:
    """The ids and types of the next events."""
    found: list[tuple[int, str]] = []
    id = 0
    for line in lines:
        name, _, value = line.partition(": ")
        if name == "id":
            id = int(value)
        if name == "data":
            found.append((id, json.loads(value)["type"]))
            if len(found) == count:
                return found
    return found


def listener(town: Town, url: str) -> httpx2.Client:
    return httpx2.Client(base_url=url, headers=town.as_(ADMINISTRATOR), timeout=60)


def test_a_stream_tells_what_was_what_comes_and_resumes_where_it_was(town: Town) -> None:
    case_id = town.report()["case_id"]
    with served(town) as (_, _, url), listener(town, url) as client:
        with client.stream("GET", "/api/v1/events/stream") as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            lines = stream.iter_lines()
            first = told(lines, 2)
            town.does(case_id, MEMBER, "accept", assignment="a1")
            assert [type for _, type in first + told(lines, 1)] == [
                "aanjager.case_opened",
                "aanjager.department_assigned",
                "aanjager.assignment_accepted",
            ]
        with client.stream("GET", "/api/v1/events/stream", headers={"Last-Event-ID": str(first[0][0])}) as stream:
            assert told(stream.iter_lines(), 2)[0] == first[1]


def test_open_streams_end_when_the_server_stops(town: Town) -> None:
    town.report()
    with served(town) as (server, thread, url), listener(town, url) as client:
        with client.stream("GET", "/api/v1/events/stream") as stream:
            lines = stream.iter_lines()
            told(lines, 2)
            server.stop()
            assert told(lines, 1) == []
        thread.join(10)
        assert not thread.is_alive()
