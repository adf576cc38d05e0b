"""What held cases back, and for how long: kept as events arrive, one row for each decline, pause and ladder."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Index, bindparam, delete, insert, text, update
from sqlalchemy.orm import Mapped, mapped_column

from domain.case import Case
from domain.limits import Wait, waits
from domain.words import CaseId
from readmodel.base import Base
from readmodel.steps import Step

Row = dict[str, Any]
_Key = tuple[str, str, str]
"""The case, what it is, and its source: at most one wait of these lasts at a time."""

LASTING = "ended_at IS NULL"


class LimitRow(Base):
    """One wait; see `domain.limits`. It holds no personal data, and stays when a case is erased."""

    __tablename__ = "limits"

    case_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The event by which it began."""
    what: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    department: Mapped[str | None]
    """The one whose task it concerns."""
    neighbourhood: Mapped[str]
    service: Mapped[str]
    theme: Mapped[str]
    cause: Mapped[str | None]
    """None where it is not named."""
    began_at: Mapped[datetime]
    """Of what goes on after a wrong merge was split: when it was."""
    ended_at: Mapped[datetime | None]
    """None while it lasts."""

    __table_args__ = (
        Index("ix_limits_ended", "ended_at", "began_at"),
        Index(
            "ix_limits_lasting",
            "began_at",
            "case_id",
            sqlite_where=text(LASTING),
            postgresql_where=text(LASTING),
        ),
    )


_CHANGE = update(LimitRow.__table__).where(  # type: ignore[arg-type]
    LimitRow.case_id == bindparam("id"),
    LimitRow.what == bindparam("which"),
    LimitRow.source == bindparam("of"),
    LimitRow.ended_at.is_(None),
)


@dataclass(slots=True)
class Changes:
    """What began, ended or got another cause in some steps, to be written together."""

    begun: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    _lasting: dict[_Key, Row] = field(default_factory=dict)
    """Those of `begun` that last."""

    def follow(self, steps: Sequence[Step], theme: str) -> None:
        """The steps of one case, in their order; `theme` is that of its service."""
        for step in steps:
            if step.before is not None:
                self._compare(step.before, step, theme)

    def write(self, connection: Connection) -> None:
        """What was known changes first, so that what begins anew is left alone."""
        if self.changed:
            connection.execute(_CHANGE, self.changed)
        if self.begun:
            connection.execute(insert(LimitRow), self.begun)

    def _compare(self, before: Case, step: Step, theme: str) -> None:
        had = {(wait.what, wait.source, wait.since): wait for wait in waits(before)}
        has = {(wait.what, wait.source, wait.since): wait for wait in waits(step.after)}
        for place, wait in had.items():
            if place not in has:
                self._change(step.after.case_id, wait, ended_at=step.happened.at)
        for place, wait in has.items():
            if place not in had:
                self._begin(step, wait, theme)
            elif had[place].cause is not wait.cause:
                self._change(step.after.case_id, wait)

    def _begin(self, step: Step, wait: Wait, theme: str) -> None:
        case = step.after
        row = {
            "case_id": case.case_id,
            "seq": step.happened.seq,
            "what": wait.what.value,
            "source": wait.source,
            "department": case.department_of(wait.assignment),
            "neighbourhood": case.neighbourhood,
            "service": case.service,
            "theme": theme,
            "began_at": step.happened.at,
            **_course(wait),
        }
        self.begun.append(row)
        self._lasting[_key(case.case_id, wait)] = row

    def _change(self, case_id: CaseId, wait: Wait, ended_at: datetime | None = None) -> None:
        key = _key(case_id, wait)
        row = self._lasting.get(key)
        if row is not None:
            row |= _course(wait, ended_at)
        else:
            self.changed.append({"id": case_id, "which": wait.what.value, "of": wait.source, **_course(wait, ended_at)})
        if ended_at is not None:
            self._lasting.pop(key, None)


def tell_anew(connection: Connection, case_id: CaseId, theme: str, steps: Sequence[Step]) -> None:
    """All rows of a case, as its whole story until now has it."""
    connection.execute(delete(LimitRow).where(LimitRow.case_id == case_id))
    told = Changes()
    told.follow(steps, theme)
    told.write(connection)


def _key(case_id: CaseId, wait: Wait) -> _Key:
    return case_id, wait.what, wait.source


def _course(wait: Wait, ended_at: datetime | None = None) -> Row:
    return {"cause": wait.cause.value if wait.cause is not None else None, "ended_at": ended_at}
