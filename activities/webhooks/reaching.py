"""Posting to an address that somebody filled in: looked up, checked, and only then connected to."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx2

from domain.addresses import may_reach, mistake_in

MOST_READ = 4096
"""Bytes of an answer that are read; what it says does not matter."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The status of the answer, or why there is none."""

    status: int | None
    error: str | None = None


async def look_up(host: str, port: int) -> list[str]:
    """The addresses of a name. Raises gaierror."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(where[0]) for *_, where in found))


class Reaching:
    """Posts from this machine; `private`: also into the city's own network."""

    def __init__(self, *, private: bool, look_up: Callable[[str, int], Awaitable[list[str]]] = look_up) -> None:
        self._private = private
        self._look_up = look_up
        self._tls = ssl.create_default_context()

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], seconds: float) -> Reply:
        """Follows no redirect and heeds no proxy: it connects to the address that was checked and to no other."""
        if mistake_in(url, private=self._private) is not None:
            return Reply(None, "this address may not be reached")
        try:
            async with asyncio.timeout(seconds):
                return await self._post(url, body, headers)
        except TimeoutError:
            return Reply(None, f"no answer within {seconds:g} seconds")
        except socket.gaierror:
            return Reply(None, "the name is not known")
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, UnicodeError) as error:
            return Reply(None, f"no answer ({type(error).__name__})")

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        parts = urlsplit(url)
        assert parts.hostname is not None
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        addresses = await self._look_up(parts.hostname, port)
        if not addresses or not all(may_reach(address, private=self._private) for address in addresses):
            return Reply(None, "this address may not be reached")
        sent = {**headers, "host": parts.netloc}
        extensions = {"sni_hostname": parts.hostname} if secure else {}
        async with httpx2.AsyncClient(
            verify=self._tls, trust_env=False, follow_redirects=False, timeout=None
        ) as client:
            for address in addresses:
                at = httpx2.URL(url).copy_with(host=address, port=port)
                try:
                    async with client.stream("POST", at, content=body, headers=sent, extensions=extensions) as answer:
                        return await _read(answer)
                except httpx2.ConnectError:
                    if address == addresses[-1]:
                        raise
        raise AssertionError("there is an address")


async def _read(answer: httpx2.Response) -> Reply:
    """A little of the answer is read, so that whoever sends it is not cut off."""
    read = 0
    async for part in answer.aiter_raw():
        read += len(part)
        if read >= MOST_READ:
            break
    return Reply(answer.status_code)
