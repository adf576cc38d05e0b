"""The tables of the cases: what was reported, what has happened, where it stands, and what must be told."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from readmodel.base import Base


def _partial(name: str, condition: str, *columns: str, unique: bool = False) -> Index:
    where = text(condition)
    return Index(name, *columns, sqlite_where=where, postgresql_where=where, unique=unique)


class RulebookRow(Base):
    """The rules that cases travel with, by version."""

    __tablename__ = "rulebooks"

    version: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)


class CaseRow(Base):
    """Where a case stands; everything but its origin is derived from `state`."""

    __tablename__ = "cases"

    case_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    service: Mapped[str]
    theme: Mapped[str]
    neighbourhood: Mapped[str]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    urgent: Mapped[bool]
    source: Mapped[str | None]
    source_ref: Mapped[str | None]
    stage: Mapped[str]
    outcome: Mapped[str | None]
    opened_at: Mapped[datetime]
    promised_by: Mapped[datetime | None]
    due: Mapped[datetime]
    """`promised_by`, or the end of time where nothing is promised: pages cannot step over nulls."""
    closed_at: Mapped[datetime | None]
    version: Mapped[int]
    round: Mapped[int]
    supporters: Mapped[int]
    escalation_level: Mapped[int]
    """The highest rung that still asks for attention; 0 where none does."""
    departments: Mapped[list[str]]
    """Those that carry a task, finished ones included, in order of assignment."""
    merged_into: Mapped[str | None]
    escalates_at: Mapped[datetime | None]
    """When the next escalation is raised if nobody acts; absent where none will be."""
    to_place_since: Mapped[datetime | None]
    """Since when the manager has to place it; absent where nothing awaits placing."""
    rules: Mapped[str] = mapped_column(ForeignKey(RulebookRow.version))
    state: Mapped[str] = mapped_column(Text)
    accepted_at: Mapped[datetime]
    workflow_started_at: Mapped[datetime | None]
    imported: Mapped[bool]

    __table_args__ = (
        UniqueConstraint("source", "source_ref"),
        Index("ix_cases_opened_at", "opened_at", "case_id"),
        _partial("ix_cases_closed_at", "closed_at IS NOT NULL", "closed_at", "case_id"),
        Index("ix_cases_due", "due", "case_id"),
        Index("ix_cases_kind", "kind", "opened_at", "case_id"),
        Index("ix_cases_theme", "theme", "opened_at", "case_id"),
        Index("ix_cases_stage", "stage", "opened_at", "case_id"),
        Index("ix_cases_neighbourhood", "neighbourhood", "opened_at", "case_id"),
        Index("ix_cases_service", "service", "opened_at", "case_id"),
        Index("ix_cases_neighbourhood_service", "neighbourhood", "service", "opened_at", "case_id"),
        _partial("ix_cases_open_opened", "closed_at IS NULL", "opened_at", "case_id"),
        _partial("ix_cases_open_due", "closed_at IS NULL", "due", "case_id"),
        _partial("ix_cases_open_neighbourhood", "closed_at IS NULL", "neighbourhood", "due", "case_id"),
        _partial("ix_cases_open_spot", "closed_at IS NULL", "lat", "lon", "case_id"),
        _partial("ix_cases_escalated", "escalation_level > 0", "opened_at", "case_id"),
        _partial("ix_cases_escalates", "escalates_at IS NOT NULL", "escalates_at", "case_id"),
        _partial("ix_cases_escalates_there", "escalates_at IS NOT NULL", "neighbourhood", "escalates_at", "case_id"),
        _partial("ix_cases_to_place_there", "to_place_since IS NOT NULL", "neighbourhood", "to_place_since", "case_id"),
        _partial("ix_cases_to_place", "to_place_since IS NOT NULL", "to_place_since", "case_id"),
        _partial("ix_cases_to_start", "workflow_started_at IS NULL AND closed_at IS NULL", "accepted_at"),
    )


class ReportRow(Base):
    """What the reporter wrote and where it is, in words: personal, so kept apart and erasable."""

    __tablename__ = "reports"

    case_id: Mapped[str] = mapped_column(ForeignKey(CaseRow.case_id), primary_key=True)
    description: Mapped[str] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    answers: Mapped[dict[str, Any] | None]
    """To the questions of the service: lists of values by the code of the question."""
    media_url: Mapped[str | None] = mapped_column(Text)
    """Of something to look at elsewhere, as whoever reports gave it; it was never fetched."""


class FollowerRow(Base):
    """Someone who follows a case by a secret link: its reporter, or a supporter."""

    __tablename__ = "followers"

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey(CaseRow.case_id), index=True)
    role: Mapped[str]
    name: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    language: Mapped[str | None]
    token: Mapped[str] = mapped_column(unique=True)
    joined_at: Mapped[datetime]


class NoteRow(Base):
    """A free text that events name by its id."""

    __tablename__ = "notes"

    note_id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey(CaseRow.case_id), index=True)
    text: Mapped[str] = mapped_column(Text)
    public: Mapped[bool]
    author_role: Mapped[str]
    author_id: Mapped[str]
    at: Mapped[datetime]


class EventRow(Base):
    """One event in its place: in its case by `seq`, in the city by `position`."""

    __tablename__ = "events"

    case_id: Mapped[str] = mapped_column(ForeignKey(CaseRow.case_id), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(unique=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    by_role: Mapped[str | None]
    by_id: Mapped[str | None]
    by_department: Mapped[str | None]
    rule: Mapped[str | None]
    command_id: Mapped[str | None]

    __table_args__ = (_partial("ix_events_command_id", "command_id IS NOT NULL", "command_id"),)


class AssignmentRow(Base):
    """One department's task."""

    __tablename__ = "assignments"

    case_id: Mapped[str] = mapped_column(ForeignKey(CaseRow.case_id), primary_key=True)
    assignment: Mapped[str] = mapped_column(primary_key=True)
    department: Mapped[str]
    neighbourhood: Mapped[str | None]
    """That of the case."""
    round: Mapped[int]
    state: Mapped[str]
    carried: Mapped[bool]
    """Not passed on, declined or taken away."""
    assigned_at: Mapped[datetime]
    respond_by: Mapped[datetime | None]
    responded_at: Mapped[datetime | None]
    resolve_by: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    planned_for: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    """When the department is next expected to act; absent where it has nothing to do any more."""
    escalation_level: Mapped[int]
    case_ladders: Mapped[int | None]
    """Of the case: how many ladders are being climbed.

    This and the next two stand on the last task of each department, as long as the case is open."""
    case_escalates_at: Mapped[datetime | None]
    case_to_place_since: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_assignments_department", "department", "case_id", "carried"),
        _partial("ix_assignments_due", "due_at IS NOT NULL", "department", "due_at", "case_id", "assignment"),
        _partial(
            "ix_assignments_neighbourhood",
            "due_at IS NOT NULL",
            "department",
            "neighbourhood",
            "due_at",
            "case_id",
            "assignment",
        ),
        _partial("ix_assignments_newest", "due_at IS NOT NULL", "department", "assigned_at", "case_id", "assignment"),
        _partial(
            "ix_assignments_board",
            "case_ladders IS NOT NULL",
            "department",
            "case_id",
            "case_ladders",
            "case_escalates_at",
            "case_to_place_since",
        ),
    )


class EscalationRow(Base):
    """One rung of a ladder, with the place and department it concerns."""

    __tablename__ = "escalations"

    case_id: Mapped[str] = mapped_column(ForeignKey(CaseRow.case_id), primary_key=True)
    escalation: Mapped[str] = mapped_column(primary_key=True)
    assignment: Mapped[str | None]
    department: Mapped[str | None]
    neighbourhood: Mapped[str]
    reason: Mapped[str]
    level: Mapped[int]
    to: Mapped[str]
    raised_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    held_until: Mapped[datetime | None]
    cleared_at: Mapped[datetime | None]
    stuck_since: Mapped[datetime | None]
    """When its ladder began; present on the highest rung of a ladder that still asks for attention."""
    stuck_until: Mapped[datetime | None]
    """Until when an acknowledgement holds that ladder, on whatever rung; in the past where none does any more."""
    rungs: Mapped[str | None]
    """Of that ladder: whom it reached, each word between spaces."""
    cause: Mapped[str | None]
    """The limit behind it; absent where it is not named."""

    __table_args__ = (
        Index("ix_escalations_raised_at", "raised_at", "case_id", "escalation"),
        Index("ix_escalations_neighbourhood", "neighbourhood", "raised_at"),
        Index("ix_escalations_department", "department", "raised_at"),
        _partial("ix_escalations_stuck", "stuck_since IS NOT NULL", "stuck_since", "case_id", "escalation"),
        _partial(
            "ix_escalations_stuck_there",
            "stuck_since IS NOT NULL",
            "neighbourhood",
            "stuck_since",
            "case_id",
            "escalation",
            "rungs",
            "stuck_until",
        ),
        _partial(
            "ix_escalations_stuck_with",
            "stuck_since IS NOT NULL",
            "department",
            "stuck_since",
            "case_id",
            "escalation",
            "rungs",
            "stuck_until",
        ),
        _partial("ix_escalations_open", "cleared_at IS NULL", "raised_at", "case_id", "escalation"),
    )


class FeedbackRow(Base):
    """A resident's verdict; the comment is a note."""

    __tablename__ = "feedback"

    case_id: Mapped[str] = mapped_column(ForeignKey(CaseRow.case_id), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    round: Mapped[int]
    at: Mapped[datetime]
    solved: Mapped[str]
    rating: Mapped[int | None]
    comment: Mapped[str | None]


class LetterRow(Base):
    """A letter to be sent, once for its cause: the event, meeting or webhook, the kind of letter and the recipient."""

    __tablename__ = "letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey(CaseRow.case_id))
    meeting_id: Mapped[str | None] = mapped_column(ForeignKey("meetings.meeting_id"))
    webhook_id: Mapped[str | None] = mapped_column(ForeignKey("webhooks.webhook_id"))
    """A letter is about a case, about a meeting of a neighbourhood's team, or about a webhook."""
    seq: Mapped[int]
    """Of the case's event, the meeting's revision, or how often the webhook was disabled."""
    kind: Mapped[str]
    recipient: Mapped[str]
    language: Mapped[str]
    urgent: Mapped[bool]
    facts: Mapped[dict[str, Any]]
    digest: Mapped[str | None]
    """Letters with the same key may go out together; absent: on its own, at once."""
    status: Mapped[str]
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    batch: Mapped[str | None] = mapped_column(index=True)
    attempts: Mapped[int]
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("case_id", "seq", "kind", "recipient"),
        _partial(
            "ix_letters_meeting",
            "meeting_id IS NOT NULL",
            "meeting_id",
            "seq",
            "kind",
            "recipient",
            unique=True,
        ),
        _partial(
            "ix_letters_webhook",
            "webhook_id IS NOT NULL",
            "webhook_id",
            "seq",
            "kind",
            "recipient",
            unique=True,
        ),
        _partial("ix_letters_waiting", "status = 'waiting'", "not_before", "id"),
        _partial("ix_letters_under_way", "status NOT IN ('sent', 'kept')", "status", "id"),
    )


class CounterRow(Base):
    """A number that only grows: positions of events, case numbers of a year."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class IdempotencyKeyRow(Base):
    """Which report an `Idempotency-Key` stood for."""

    __tablename__ = "idempotency_keys"

    key: Mapped[str] = mapped_column(primary_key=True)
    body_hash: Mapped[str]
    case_id: Mapped[str] = mapped_column(ForeignKey(CaseRow.case_id))
    at: Mapped[datetime]
