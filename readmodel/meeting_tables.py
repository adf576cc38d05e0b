"""The tables of the neighbourhood teams: their meetings, what is on the agenda, and what was decided."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from readmodel.base import Base
from readmodel.tables import CaseRow

_TO_TELL = text("told < revision")


class MeetingRow(Base):
    """A meeting of a neighbourhood's team."""

    __tablename__ = "meetings"

    meeting_id: Mapped[str] = mapped_column(primary_key=True)
    neighbourhood: Mapped[str]
    starts_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(Text)
    every_weeks: Mapped[int | None]
    """The next one follows after so many weeks; absent: it does not repeat."""
    follows: Mapped[str | None] = mapped_column(unique=True)
    """The meeting of which this is the repetition."""
    state: Mapped[str]
    note: Mapped[str | None] = mapped_column(Text)
    """Why it was cancelled."""
    planned_at: Mapped[datetime]
    planned_by: Mapped[str | None]
    """The id of a person; absent: the engine repeated it."""
    agenda_sent_at: Mapped[datetime | None]
    begun_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """When its minutes were closed, or it was cancelled."""
    ended_by: Mapped[str | None]
    """The id of whoever did."""
    revision: Mapped[int]
    """Grows with each change that its course depends on, or that people are told of."""
    told: Mapped[int]
    """The revision that its workflow was last told of."""
    demonstration: Mapped[bool]

    __table_args__ = (
        Index("ix_meetings_neighbourhood", "neighbourhood", "starts_at"),
        Index("ix_meetings_to_tell", "planned_at", sqlite_where=_TO_TELL, postgresql_where=_TO_TELL),
    )


class AgendaRow(Base):
    """What people did to the agenda; and once the meeting has begun, everything that is on it."""

    __tablename__ = "agenda_items"

    meeting_id: Mapped[str] = mapped_column(ForeignKey(MeetingRow.meeting_id), primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    """The id of its case, or one of its own."""
    case_id: Mapped[str | None] = mapped_column(ForeignKey(CaseRow.case_id), index=True)
    title: Mapped[str | None] = mapped_column(Text)
    """Of an item without a case."""
    whys: Mapped[str] = mapped_column(Text)
    """Its reasons as they were when it was kept, in JSON."""
    place: Mapped[int]
    added: Mapped[bool]
    """By a person, not by the engine."""
    parked: Mapped[bool]
    note: Mapped[str | None] = mapped_column(Text)
    """Why it was added or left out."""
    by: Mapped[str | None]
    """The id of whoever added it, left it out or put it back; absent: nobody did."""


class DecisionRow(Base):
    """What was decided about an item."""

    __tablename__ = "decisions"

    decision_id: Mapped[str] = mapped_column(primary_key=True)
    """The id of the command that recorded it on the case."""
    meeting_id: Mapped[str] = mapped_column(ForeignKey(MeetingRow.meeting_id), index=True)
    item: Mapped[str]
    case_id: Mapped[str | None] = mapped_column(ForeignKey(CaseRow.case_id), index=True)
    text: Mapped[str] = mapped_column(Text)
    on_case: Mapped[bool]
    """It stands in the story of the case; a case that was closed before takes nothing in."""
    at: Mapped[datetime]
    by: Mapped[str]
    """The id of whoever recorded it."""
