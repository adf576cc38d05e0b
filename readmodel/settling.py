"""Brings the summaries of figures up to date, apart from recording, so that pages need not count every fact again.

Figures are right at any time: what is touched and not settled yet is counted from the facts themselves.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date

from sqlalchemy import Engine, delete, func, insert, select, text
from sqlalchemy.orm import Session

from domain.buckets import Bucket
from domain.tally import Tally, figures
from readmodel.database import reading, writing
from readmodel.figures import FigureSummaryRow, FigureTouchRow, Row
from readmodel.scopes import forget_scopes, tell_scopes
from readmodel.tallies import GroupBy, Tallies, from_days, from_facts, packed

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('aanjager.figures'))")
_CHUNK = 500
_Touches = Mapping[int, date]
"""The days that were touched, by the ids of the touches."""


def settle(engine: Engine, keep_on: Callable[[], bool] = lambda: True) -> None:
    """Settles every month that needs it, oldest first, while `keep_on()` says so.

    Each day has a transaction of its own, so that recorders do not wait long: until its months are settled, too, it
    stays touched. Safe to repeat, to interrupt and to run at the same time as recorders and as another `settle`.
    """
    more = True
    while more and keep_on():
        with reading(engine) as session:
            touches = _oldest_touches(session)
        for day in _days(touches):
            if not keep_on():
                return
            with _alone(engine) as session:
                _settle_day(session, day)
        with _alone(engine) as session:
            more = _settle_longer(session, touches)


def settle_month(session: Session) -> bool:
    """Settles the oldest touched month, or else tells scopes of what is over; whether more may be needed.

    Apart from others that settle.
    """
    touches = _oldest_touches(session)
    for day in _days(touches):
        _settle_day(session, day)
    return _settle_longer(session, touches)


@contextmanager
def _alone(engine: Engine) -> Iterator[Session]:
    """One transaction that writes, while nobody else settles."""
    with writing(engine) as session:
        if engine.dialect.name == "postgresql":
            session.execute(_ONE_AT_A_TIME)
        yield session


def _oldest_touches(session: Session) -> _Touches:
    """Those of the oldest month that has any."""
    oldest = session.scalar(select(func.min(FigureTouchRow.day)))
    if oldest is None:
        return {}
    within = FigureTouchRow.day.between(oldest, Bucket.MONTH.last(oldest))
    found = session.execute(select(FigureTouchRow.id, FigureTouchRow.day).where(within))
    return {row.id: row.day for row in found}


def _days(touches: _Touches) -> list[date]:
    return sorted(set(touches.values()))


def _settle_day(session: Session, day: date) -> None:
    for group_by in GroupBy:
        _replace(session, Bucket.DAY, group_by, [day], from_facts(session, day, day, Bucket.DAY, group_by))


def _settle_longer(session: Session, touches: _Touches) -> bool:
    """Once their days are settled."""
    if not touches:
        return tell_scopes(session)
    days = _days(touches)
    for day in days:
        forget_scopes(session, Bucket.DAY, day, day)
    forget_scopes(session, Bucket.MONTH, Bucket.MONTH.first(days[0]), days[0])
    _delete_touches(session, list(touches))
    for bucket in (Bucket.WEEK, Bucket.MONTH):
        for first in sorted({bucket.first(day) for day in days}):
            for group_by in GroupBy:
                tallies = from_days(session, first, bucket.last(first), bucket, group_by)
                _replace(session, bucket, group_by, [first], tallies)
    return True


def _replace(session: Session, bucket: Bucket, group_by: GroupBy, firsts: Iterable[date], tallies: Tallies) -> None:
    session.execute(
        delete(FigureSummaryRow).where(
            FigureSummaryRow.bucket == bucket.value,
            FigureSummaryRow.group_by == group_by.value,
            FigureSummaryRow.first_day.in_(list(firsts)),
        )
    )
    made = [_summary(bucket, group_by, first, member, tally) for (first, member), tally in tallies.items()]
    if made:
        session.execute(insert(FigureSummaryRow), made)


def _summary(bucket: Bucket, group_by: GroupBy, first: date, member: str, tally: Tally) -> Row:
    return {
        "bucket": bucket.value,
        "group_by": group_by.value,
        "first_day": first,
        "member": member,
        "open_change": tally.open_change,
        "figures": json.dumps(asdict(figures(tally))),
        **packed(tally),
    }


def _delete_touches(session: Session, ids: list[int]) -> None:
    """Only those that were seen: whoever touched a day meanwhile will be seen next time."""
    for start in range(0, len(ids), _CHUNK):
        session.execute(delete(FigureTouchRow).where(FigureTouchRow.id.in_(ids[start : start + _CHUNK])))
