"""How often one address may ask for one thing: a bucket of turns that fills up again with time."""

from datetime import datetime
from math import ceil
from threading import Lock

from fastapi import Request

from web.context import WebContext
from web.problems import Problem

MOST_BUCKETS = 10_000
PASSWORDS_A_MINUTE = 5
"""Of one account, from wherever they are tried; as many at once."""


class Rate:
    """Counts by whom and what, in the memory of this process; safe to use from several threads."""

    def __init__(self, per_minute: int = 30) -> None:
        self._size = float(per_minute)
        self._per_second = per_minute / 60
        self._buckets: dict[str, tuple[float, datetime]] = {}
        self._lock = Lock()

    def wait(self, key: str, now: datetime) -> int:
        """Takes a turn and returns 0, or takes none and returns the seconds until there is one."""
        with self._lock:
            left, since = self._buckets.pop(key, (self._size, now))
            left = min(self._size, left + max(0.0, (now - since).total_seconds()) * self._per_second)
            waits = 0 if left >= 1 else ceil((1 - left) / self._per_second)
            self._buckets[key] = (left if waits else left - 1, now)
            while len(self._buckets) > MOST_BUCKETS:
                del self._buckets[next(iter(self._buckets))]
            return waits

    def forgive(self, key: str) -> None:
        """Gives back the turns that were taken."""
        with self._lock:
            self._buckets.pop(key, None)


def spend_turn(request: Request, context: WebContext, what: str = "report") -> None:
    """Counts a request without a token against its address. Raises Problem 429 when there were too many."""
    address = request.client.host if request.client is not None else ""
    spend_turn_of(request, context, f"{what} {address}")


def spend_turn_of(request: Request, context: WebContext, key: str) -> None:
    """Counts a request against this key, wherever it comes from. Raises Problem 429 when there were too many."""
    rate: Rate = request.app.state.rate
    seconds = rate.wait(key, context.now())
    if seconds:
        raise too_many("Too many requests from your address", seconds)


def too_many(what: str, seconds: int) -> Problem:
    return Problem(
        429, "too_many_requests", f"{what}; try again in {seconds} seconds.", headers={"Retry-After": str(seconds)}
    )
