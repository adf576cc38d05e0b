"""Where a message goes is checked at each sending, whatever it was when it was filled in."""

from collections.abc import Mapping

import pytest

from aanjager.temporal_server import free_port
from activities.webhooks.reaching import Reaching, Reply
from tests.webhooks.subscriber import Subscriber, answer

REFUSED = Reply(None, "this address may not be reached")
HEADERS: Mapping[str, str] = {"content-type": "application/json"}


async def post(url: str, *, private: bool = True, seconds: float = 5) -> Reply:
    return await Reaching(private=private).post(url, b"{}", HEADERS, seconds)


@pytest.mark.parametrize("found", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::ffff:127.0.0.1"], []])
async def test_a_name_that_leads_into_the_citys_own_network_is_not_followed(found: list[str]) -> None:
    async def look_up(host: str, port: int) -> list[str]:
        assert (host, port) == ("hooks.town.example", 443)
        return found

    reaching = Reaching(private=False, look_up=look_up)
    assert await reaching.post("https://hooks.town.example/", b"{}", HEADERS, 5) == REFUSED


async def test_it_connects_to_the_address_that_was_checked_and_asks_for_no_other(subscriber: Subscriber) -> None:
    asked = []

    async def look_up(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    url = f"http://hooks.town.example:{subscriber.port}/"
    assert await Reaching(private=True, look_up=look_up).post(url, b"{}", HEADERS, 5) == Reply(204)
    assert asked == ["hooks.town.example"]
    assert subscriber.received[0].headers["host"] == f"hooks.town.example:{subscriber.port}"


async def test_the_name_is_sent_along_though_the_connection_goes_to_its_address(subscriber: Subscriber) -> None:
    assert await post(f"http://localhost:{subscriber.port}/hook?key=a%20b") == Reply(204)
    [received] = subscriber.received
    assert received.headers["host"] == f"localhost:{subscriber.port}"
    assert received.path == "/hook?key=a%20b"


async def test_redirects_are_not_followed(subscriber: Subscriber) -> None:
    subscriber.answers = lambda _: answer(307, f"location: {subscriber.url}/elsewhere")
    assert await post(subscriber.url) == Reply(307)
    assert len(subscriber.received) == 1


async def test_only_a_little_of_a_long_answer_is_read(subscriber: Subscriber) -> None:
    endless = answer(200).replace("content-length: 0", "content-length: 999999999") + "x" * 100_000
    subscriber.answers = lambda _: endless
    assert await post(subscriber.url) == Reply(200)


async def test_who_does_not_answer_in_time_or_at_all_is_told_apart(subscriber: Subscriber) -> None:
    subscriber.answers = lambda _: None
    assert await post(subscriber.url, seconds=0.2) == Reply(None, "no answer within 0.2 seconds")
    subscriber.answers = lambda _: "Nonsense\r\n\r\n"
    assert await post(subscriber.url) == Reply(None, "no answer (RemoteProtocolError)")
    assert await post("http://nowhere.invalid/") == Reply(None, "the name is not known")
    assert await post(f"https://127.0.0.1:{free_port()}/") == Reply(None, "no answer (ConnectError)")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/\u00e9", "http://127.0.0.1:99999/", "nonsense", "http://[::1"])
async def test_what_is_no_address_is_refused(url: str) -> None:
    assert await post(url) == REFUSED
