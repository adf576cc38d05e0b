"""Brings the summaries of figures up to date, apart from recording, so that pages need not count every fact again.

Figures are right at any time: what is touched and not settled yet is counted from the facts themselves.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date

from sqlalchemy import Engine, delete, func, insert, select, text
from sqlalchemy.orm import Session

from domain.buckets import Bucket
from domain.tally import Tally, figures
from readmodel.database import writing
from readmodel.figures import FigureSummaryRow, FigureTouchRow, Row
from readmodel.scopes import forget_scopes, tell_scopes
from readmodel.tallies import GroupBy, Tallies, from_days, from_facts, packed

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('aanjager.figures'))")
_CHUNK = 500
_UNPACKED: Row = {"counts": "", "days_to_close": b"", "hours_to_respond": b""}


def settle(engine: Engine, keep_on: Callable[[], bool] = lambda: True) -> None:
    """Settles every month that needs it, oldest first, each in a transaction of its own, while `keep_on()` says so.

    Safe to repeat, to interrupt and to run at the same time as recorders and as another `settle`.
    """
    more = True
    while more and keep_on():
        with writing(engine) as session:
            more = settle_month(session)


def settle_month(session: Session) -> bool:
    """Settles the oldest touched month, or else tells the scopes of one that is over; whether more may be needed."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_ONE_AT_A_TIME)
    oldest = session.scalar(select(func.min(FigureTouchRow.day)))
    if oldest is None:
        return tell_scopes(session)
    start, end = Bucket.MONTH.first(oldest), Bucket.MONTH.last(oldest)
    touches = session.execute(
        select(FigureTouchRow.id, FigureTouchRow.day).where(FigureTouchRow.day.between(start, end))
    ).all()
    days = sorted({day for _, day in touches})
    forget_scopes(session, start)
    for group_by in GroupBy:
        tallies = from_facts(session, days[0], days[-1], Bucket.DAY, group_by, only=days)
        _replace(session, Bucket.DAY, group_by, days, tallies)
    _delete_touches(session, [id for id, _ in touches])
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
        **(_UNPACKED if bucket is Bucket.WEEK else packed(tally)),
    }


def _delete_touches(session: Session, ids: list[int]) -> None:
    """Only those that were seen: whoever touched a day meanwhile will be seen next time."""
    for start in range(0, len(ids), _CHUNK):
        session.execute(delete(FigureTouchRow).where(FigureTouchRow.id.in_(ids[start : start + _CHUNK])))
