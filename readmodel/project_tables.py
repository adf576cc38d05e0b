"""The tables of projects: who has a say in one, what was promised, and the documents about it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from readmodel.base import Base
from readmodel.tables import CaseRow


class CasePartyRow(Base):
    """A department or neighbourhood that may know of a case, besides those that have or had a task in it."""

    __tablename__ = "case_parties"

    case_id: Mapped[str] = mapped_column(ForeignKey(CaseRow.case_id), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    """`department` or `neighbourhood`."""
    party: Mapped[str] = mapped_column(primary_key=True)

    __table_args__ = (Index("ix_case_parties_party", "kind", "party", "case_id"),)


class CommitmentRow(Base):
    """Something that was promised about a project, and the case in which it is followed up."""

    __tablename__ = "commitments"

    case_id: Mapped[str] = mapped_column(ForeignKey(CaseRow.case_id), primary_key=True)
    """The project."""
    commitment: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
    note_id: Mapped[str]
    service: Mapped[str]
    neighbourhood: Mapped[str]
    departments: Mapped[list[str]]
    made_at: Mapped[datetime]
    by_role: Mapped[str | None]
    by_id: Mapped[str | None]
    by_department: Mapped[str | None]
    opened: Mapped[str | None] = mapped_column(ForeignKey(CaseRow.case_id), index=True)
    """Absent until it is a case."""

    __table_args__ = (
        Index(
            "ix_commitments_to_open",
            "made_at",
            sqlite_where=text("opened IS NULL"),
            postgresql_where=text("opened IS NULL"),
        ),
    )


class DocumentRow(Base):
    """A document about a case; the large column comes last, so that SQLite passes over it when it reads the others."""

    __tablename__ = "documents"

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey(CaseRow.case_id), index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    public: Mapped[bool]
    """Residents who take part may read it."""
    by_role: Mapped[str]
    by_id: Mapped[str]
    at: Mapped[datetime]
    content: Mapped[bytes] = mapped_column(LargeBinary)
