"""The tables of structural work."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from readmodel.base import Base
from readmodel.tables import CaseRow


class HotSpotRow(Base):
    """A circle and some days with more reports of a theme than chance explains, and what was decided about it."""

    __tablename__ = "hot_spots"

    id: Mapped[str] = mapped_column(primary_key=True)
    neighbourhood: Mapped[str]
    """Where most of its reports are."""
    theme: Mapped[str]
    lat: Mapped[float]
    lon: Mapped[float]
    radius: Mapped[float]
    """In metres."""
    first_day: Mapped[date]
    last_day: Mapped[date]
    """Inclusive, in the city's time zone."""
    observed: Mapped[int]
    expected: Mapped[float]
    p: Mapped[float]
    cases: Mapped[list[str]]
    """Its reports, the oldest first."""
    first_found_at: Mapped[datetime]
    found_at: Mapped[datetime]
    """When a review last found it."""
    state: Mapped[str]
    structural: Mapped[str | None] = mapped_column(ForeignKey(CaseRow.case_id))
    """The structural case that takes it up."""
    decided_by: Mapped[str | None]
    """The id of whoever took it up or dismissed it."""
    decided_at: Mapped[datetime | None]
    why: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index("ix_hot_spots_neighbourhood", "neighbourhood", "state"),
        Index("ix_hot_spots_theme", "theme", "state"),
    )


class HotSpotReviewRow(Base):
    """A review that looked for hot spots: on which day, and over how many reports."""

    __tablename__ = "hot_spot_reviews"

    day: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    reports: Mapped[int]


class BundledRow(Base):
    """An issue that a structural case bundles, or bundled until it closed."""

    __tablename__ = "bundled"

    structural: Mapped[str] = mapped_column(ForeignKey(CaseRow.case_id), primary_key=True)
    issue: Mapped[str] = mapped_column(primary_key=True, index=True)
