"""What is asked for in the address of an Open311 call, or in its form; a parameter that is empty is not there."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData

from readmodel.open311 import MOST, Wanted
from web.context import Context, WebContext
from web.pages.languages import Language, choose
from web.problems import Problem, not_found

SPAN = timedelta(days=90)
MOST_PAGES = 10_000
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LOST_PLUS = re.compile(r"(T\d\d:\d\d(:\d\d(\.\d+)?)?) (\d\d:?\d\d)$")
"""In an address a plus is a blank, unless whoever wrote it took care."""
_STATUSES = {"open": True, "closed": False}

Parameters = Mapping[str, str]


def parameters(request: Request, form: FormData | None = None) -> Parameters:
    """Those that are not empty, the first of each; of the form where both have it."""
    pairs = [*(form.multi_items() if form is not None else ()), *request.query_params.multi_items()]
    found: dict[str, str] = {}
    for name, value in pairs:
        if isinstance(value, str) and value.strip():
            found.setdefault(name, value.strip())
    return found


def check_jurisdiction(context: WebContext, asked: Parameters) -> None:
    """This city is the only one. Raises Problem 404 for another."""
    named = asked.get("jurisdiction_id", context.city.id)
    if named != context.city.id:
        raise not_found(f'jurisdiction_id "{named[:100]}" was not found; this is "{context.city.id}".')


def language_of(request: Request, context: WebContext, asked: Parameters) -> Language:
    """As `locale` says, else as the client prefers."""
    locale = asked.get("locale", "").replace("_", "-").partition("-")[0].lower()
    return choose((locale,), request.headers.get("accept-language", ""), context.city.languages)


def _asked(request: Request, context: Context) -> Parameters:
    asked = parameters(request)
    check_jurisdiction(context, asked)
    return asked


Asked = Annotated[Parameters, Depends(_asked)]
"""Of this city."""


def _reader(request: Request, context: Context, asked: Asked) -> Language:
    return language_of(request, context, asked)


Reader = Annotated[Language, Depends(_reader)]


def wanted(context: WebContext, asked: Parameters) -> Wanted:
    """Which requests. Raises Problem 400."""
    ids = _listed(asked, "service_request_id")
    if len(ids) > MOST:
        raise _mistake(f"service_request_id: at most {MOST} at once")
    page = _count(asked, "page", 1, MOST_PAGES)
    size = min(_count(asked, "page_size", MOST, None), MOST)
    if ids:
        return Wanted(ids=ids, page=page, page_size=size)
    since, until = _span(context, asked)
    return Wanted(
        services=_listed(asked, "service_code"),
        since=since,
        until=until,
        open=_status(asked),
        page=page,
        page_size=size,
    )


def _listed(asked: Parameters, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in asked.get(name, "").split(",") if part.strip()))


def _count(asked: Parameters, name: str, absent: int, most: int | None) -> int:
    text = asked.get(name)
    if text is None:
        return absent
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < 1 or (most is not None and int(text) > most):
        raise _mistake(f"{name}: must be a number from 1{f' to {most}' if most is not None else ''}")
    return int(text)


def _status(asked: Parameters) -> bool | None:
    words = _listed(asked, "status")
    if any(word not in _STATUSES for word in words):
        raise _mistake("status: must be open or closed")
    return _STATUSES[words[0]] if len(words) == 1 else None


def _span(context: WebContext, asked: Parameters) -> tuple[datetime, datetime]:
    """Both inclusive; the latest 90 days where neither end is given, and 90 days from the one that is."""
    start, end = (_moment(asked, name, context.zone) for name in ("start_date", "end_date"))
    if end is None:
        end = start + SPAN if start is not None else context.now()
    if start is None:
        start = end - SPAN
    if start > end:
        raise _mistake("start_date: must not be after end_date")
    if end - start > SPAN:
        raise _mistake("start_date and end_date: may span at most 90 days")
    return start, end


def _moment(asked: Parameters, name: str, zone: tzinfo) -> datetime | None:
    """A W3C date and time; where it has no offset, by the clocks of the city. A day is its beginning, or its end."""
    text = asked.get(name)
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(_LOST_PLUS.sub(r"\1+\4", text))
    except ValueError:
        raise _mistake(f"{name}: must be a time such as 2026-01-01T00:00:00Z") from None
    if not 2000 <= at.year < 2100:
        raise _mistake(f"{name}: must be between the years 2000 and 2099")
    at = at if at.tzinfo is not None else at.replace(tzinfo=zone)
    if name == "end_date" and _DAY.fullmatch(text):
        at += timedelta(days=1) - timedelta(microseconds=1)
    return at


def _mistake(detail: str) -> Problem:
    return Problem(400, "malformed", detail)
