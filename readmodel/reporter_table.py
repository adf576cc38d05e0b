"""By what reporters are recognised, a row for each report."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from readmodel.base import Base
from readmodel.tables import CaseRow


class ReporterRow(Base):
    """A report whose reporter left an address or a number."""

    __tablename__ = "reporters"

    case_id: Mapped[str] = mapped_column(ForeignKey(CaseRow.case_id), primary_key=True)
    email: Mapped[str | None]
    phone: Mapped[str | None]
    person: Mapped[int] = mapped_column(BigInteger)
    """The same for all reports by which someone was recognised."""
    again: Mapped[bool]
    """They had reported before."""
    opened_at: Mapped[datetime]
    neighbourhood: Mapped[str]
    service: Mapped[str]
    theme: Mapped[str]

    __table_args__ = (
        Index("ix_reporters_email", "email"),
        Index("ix_reporters_phone", "phone"),
        Index("ix_reporters_opened_at", "opened_at", "neighbourhood", "service", "theme", "person", "again", "case_id"),
    )
