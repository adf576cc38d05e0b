"""The first page: report something, follow it, and what comes of it in this city."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Request, Response
from sqlalchemy import Engine as Database
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from domain.measures import Measure
from readmodel.database import reading
from readmodel.leadership import View, whole
from readmodel.tallies import GroupBy
from web.context import Context, WebContext
from web.pages.frame import page, speaking
from web.pages.resident.round_view import open_rounds
from web.signin.viewer import ViewerIfAny

log = logging.getLogger("aanjager.web")

router = APIRouter(include_in_schema=False)

DAYS = 30
ASKED = 3
"""Plans that residents may react to: the first page shows no more."""
FEWEST = 20
"""Of closed reports: below that the figures would say nothing."""
KEPT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Lately:
    """What became of reports in the last `DAYS` days; `days`: within which half of those closed were closed."""

    closed: int
    days: float
    in_time: float | None
    """Of those solved: the share that was solved by the promised date."""


_kept: WeakKeyDictionary[Database, tuple[datetime, Lately | None]] = WeakKeyDictionary()
_turn = Lock()


@router.get("/")
def home(request: Request, context: Context, viewer: ViewerIfAny) -> Response:
    rounds = open_rounds(context, speaking(request, context, viewer), ASKED)
    return page(request, context, "home.html", viewer=viewer, lately=lately(context), days=DAYS, rounds=rounds)


def lately(context: WebContext) -> Lately | None:
    """Counted anew after `KEPT`, by one at a time; None where there is too little to tell, or nothing was counted."""
    now = context.now()
    at, known = _kept.get(context.database, (None, None))
    fresh = at is not None and at <= now < at + KEPT
    if fresh or not _turn.acquire(blocking=False):
        return known
    try:
        known = _counted(context, context.local(now).date())
        _kept[context.database] = (now, known)
    except (DBAPIError, PoolTimeout) as error:
        log.warning("the figures of the first page cannot be counted: %s", type(error).__name__)
    finally:
        _turn.release()
    return known


def _counted(context: WebContext, today: date) -> Lately | None:
    with reading(context.database) as session:
        part = whole(session, View(GroupBy.NEIGHBOURHOOD), today - timedelta(days=DAYS), today)
    half = part.closed_within(0.5)
    closed = part.count(Measure.CLOSED).facts
    if closed < FEWEST or half is None:
        return None
    return Lately(closed, half, part.count(Measure.RESOLVED).share)
