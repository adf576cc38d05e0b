"""Facts that count, kept as events arrive: appended only, so that recorders never wait for each other."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Index, LargeBinary, Text, delete, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.case import Case
from domain.city import City
from domain.events import Happened
from domain.measures import facts
from readmodel.base import Base

Row = dict[str, Any]


SELDOM = "measure IN ('bounced', 'declined', 'escalated', 'feedback', 'paused', 'reopened', 'transferred')"
"""The facts that not every case has, and by which cases are found."""


FAILED = "NOT good"
"""The facts that were judged, and not well: late, not solved at once, not answered."""


def _some(name: str, condition: str, *columns: str) -> Index:
    where = text(condition)
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


class FigureRow(Base):
    """One fact, on its local day in the city."""

    __tablename__ = "figures"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str]
    day: Mapped[date]
    measure: Mapped[str]
    department: Mapped[str | None]
    neighbourhood: Mapped[str]
    service: Mapped[str]
    theme: Mapped[str]
    value: Mapped[float | None]
    good: Mapped[bool | None]
    is_primary: Mapped[bool]
    detail: Mapped[str | None]
    """Words parted by a space; see `Measure`."""

    __table_args__ = (
        Index("ix_figures_day", "day"),
        Index("ix_figures_department", "department", "day"),
        Index("ix_figures_neighbourhood", "neighbourhood", "day"),
        _some("ix_figures_seldom", SELDOM, "measure", "day", "detail", "case_id"),
        _some("ix_figures_seldom_case", SELDOM, "case_id", "measure", "day"),
        _some("ix_figures_failed", FAILED, "measure", "day", "case_id"),
    )


class FigureTouchRow(Base):
    """Facts were added to this day that no summary of it contains yet."""

    __tablename__ = "figure_touches"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(index=True)


class FigureSummaryRow(Base):
    """The figures of one bucket and group, as long as no day of the bucket is touched.

    It also keeps what other stretches are summed from: the counts, and the values as packed doubles.
    """

    __tablename__ = "figure_summaries"

    bucket: Mapped[str] = mapped_column(primary_key=True)
    group_by: Mapped[str] = mapped_column(primary_key=True)
    first_day: Mapped[date] = mapped_column(primary_key=True)
    member: Mapped[str] = mapped_column(primary_key=True)
    open_change: Mapped[int]
    figures: Mapped[str] = mapped_column(Text)
    counts: Mapped[str] = mapped_column(Text)
    days_to_close: Mapped[bytes] = mapped_column(LargeBinary)
    hours_to_respond: Mapped[bytes] = mapped_column(LargeBinary)


class FigureScopeRow(Base):
    """A day or a month of one department or neighbourhood, in the groups of another kind; see `FigureKeptRow`."""

    __tablename__ = "figure_scopes"

    bucket: Mapped[str] = mapped_column(primary_key=True)
    scope_by: Mapped[str] = mapped_column(primary_key=True)
    group_by: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    first_day: Mapped[date] = mapped_column(primary_key=True)
    member: Mapped[str] = mapped_column(primary_key=True)
    open_change: Mapped[int]
    counts: Mapped[str] = mapped_column(Text)
    days_to_close: Mapped[bytes] = mapped_column(LargeBinary)
    hours_to_respond: Mapped[bytes] = mapped_column(LargeBinary)


class FigureKeptRow(Base):
    """A day or month that is over, and whose scopes tell everything as long as none of its days is touched.

    The days of a month that is kept are not.
    """

    __tablename__ = "figure_kept"

    bucket: Mapped[str] = mapped_column(primary_key=True)
    first_day: Mapped[date] = mapped_column(primary_key=True)


def rows(city: City, theme: str, before: Case | None, happened: Happened, after: Case) -> list[Row]:
    """The facts of one event as rows for `insert_rows`; `theme` is that of the case's service."""
    found = facts(before, happened, after)
    if not found:
        return []
    zone = ZoneInfo(city.timezone)
    return [
        {
            "case_id": after.case_id,
            "day": (fact.at or happened.at).astimezone(zone).date(),
            "measure": fact.measure.value,
            "department": fact.department,
            "neighbourhood": after.neighbourhood,
            "service": after.service,
            "theme": theme,
            "value": fact.value,
            "good": fact.good,
            "is_primary": fact.primary,
            "detail": " ".join(fact.detail) or None,
        }
        for fact in found
    ]


def insert_rows(target: Session | Connection, kept: Sequence[Row]) -> None:
    """Adds the facts. Not idempotent: whoever records sees to it that each event comes by once."""
    if not kept:
        return
    target.execute(insert(FigureRow), kept)
    target.execute(insert(FigureTouchRow), [{"day": day} for day in _days(kept)])


def remove_rows(connection: Connection, counted: Sequence[Row]) -> None:
    """Takes these facts away again: for each the latest of those that say the same."""
    columns = FigureRow.__table__.c
    for row in counted:
        alike = select(FigureRow.id).where(*(columns[name] == value for name, value in row.items()))
        latest = alike.order_by(FigureRow.id.desc()).limit(1).with_for_update(skip_locked=True)
        connection.execute(delete(FigureRow).where(FigureRow.id == latest.scalar_subquery()))
    if counted:
        connection.execute(insert(FigureTouchRow), [{"day": day} for day in _days(counted)])


def keep(
    target: Session | Connection, city: City, theme: str, before: Case | None, happened: Happened, after: Case
) -> None:
    """Adds the facts of one event; see `insert_rows`."""
    insert_rows(target, rows(city, theme, before, happened, after))


def _days(kept: Iterable[Row]) -> list[date]:
    return sorted({row["day"] for row in kept})
