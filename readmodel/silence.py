"""Followers who want no more letters about their report."""

from datetime import datetime
from typing import cast

from sqlalchemy import ForeignKey, Table, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from readmodel.base import Base
from readmodel.tables import FollowerRow


class SilencedRow(Base):
    """A follower who wants none, since when."""

    __tablename__ = "silenced"

    follower: Mapped[str] = mapped_column(ForeignKey(FollowerRow.id, ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]


SILENCED = cast(Table, SilencedRow.__table__)
_INSERT = {
    "sqlite": sqlite.insert(SILENCED).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(SILENCED).on_conflict_do_nothing(),
}


def silence(session: Session, follower: str, now: datetime) -> None:
    """Repeating it changes nothing. Raises IntegrityError where there is no such follower."""
    connection = session.connection()
    connection.execute(_INSERT[connection.dialect.name], {"follower": follower, "at": now})


def write_again(session: Session, follower: str) -> None:
    """They want letters after all."""
    session.connection().execute(delete(SILENCED).where(SILENCED.c.follower == follower))


def is_silenced(session: Session, follower: str) -> bool:
    return session.scalar(select(SILENCED.c.follower).where(SILENCED.c.follower == follower)) is not None


def carry_over(session: Session, followers: dict[str, str]) -> None:
    """Whoever wanted no letters as the one follower wants none as the other."""
    query = select(SILENCED).where(SILENCED.c.follower.in_(followers))
    rows = [{"follower": followers[row.follower], "at": row.at} for row in session.execute(query)]
    if rows:
        session.execute(insert(SILENCED), rows)
