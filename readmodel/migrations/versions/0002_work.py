"""The working lists: what is due first, what will escalate, views that people keep."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from readmodel.base import PLAIN, UtcDateTime
from readmodel.codec import case_from_json
from readmodel.rows import due_at, escalates_at
from readmodel.rulebooks import rules_of

revision = "0002"
down_revision = "0001"

AT_ONCE = 500

cases = sa.table(
    "cases",
    sa.column("case_id", PLAIN),
    sa.column("closed_at", UtcDateTime()),
    sa.column("escalates_at", UtcDateTime()),
    sa.column("to_place_since", UtcDateTime()),
    sa.column("rules", PLAIN),
    sa.column("state", sa.Text()),
)
assignments = sa.table(
    "assignments",
    sa.column("case_id", PLAIN),
    sa.column("assignment", PLAIN),
    sa.column("due_at", UtcDateTime()),
)


def upgrade() -> None:
    for table, column in (
        ("cases", "escalates_at"),
        ("cases", "to_place_since"),
        ("assignments", "due_at"),
        ("escalations", "stuck_since"),
    ):
        op.add_column(table, sa.Column(column, UtcDateTime(), nullable=True))
    op.add_column("assignments", sa.Column("neighbourhood", PLAIN, nullable=True))
    fill(op.get_bind())
    op.drop_index("ix_assignments_live", "assignments")
    for name, table, column, columns in (
        ("ix_cases_escalates", "cases", "escalates_at", ["escalates_at", "case_id"]),
        ("ix_cases_to_place", "cases", "to_place_since", ["to_place_since", "case_id"]),
        ("ix_cases_escalates_there", "cases", "escalates_at", ["neighbourhood", "escalates_at", "case_id"]),
        ("ix_cases_to_place_there", "cases", "to_place_since", ["neighbourhood", "to_place_since", "case_id"]),
        ("ix_assignments_due", "assignments", "due_at", ["department", "due_at", "case_id", "assignment"]),
        (
            "ix_assignments_neighbourhood",
            "assignments",
            "due_at",
            ["department", "neighbourhood", "due_at", "case_id", "assignment"],
        ),
        ("ix_assignments_newest", "assignments", "due_at", ["department", "assigned_at", "case_id", "assignment"]),
        ("ix_escalations_stuck", "escalations", "stuck_since", ["stuck_since", "case_id", "escalation"]),
        (
            "ix_escalations_stuck_there",
            "escalations",
            "stuck_since",
            ["neighbourhood", "stuck_since", "case_id", "escalation"],
        ),
    ):
        where = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "saved_views",
        sa.Column("id", PLAIN, nullable=False),
        sa.Column("owner", PLAIN, nullable=False),
        sa.Column("page", PLAIN, nullable=False),
        sa.Column("name", PLAIN, nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("owner", "page", "name", name=op.f("uq_saved_views_owner_page_name")),
    )


def fill(connection: sa.Connection) -> None:
    """The new columns of the rows there are."""
    connection.execute(sa.text(PLACE))
    connection.execute(sa.text(DUE))
    connection.execute(sa.text(STUCK))
    _look_ahead(connection)


PLACE = """
    UPDATE assignments
    SET neighbourhood = (SELECT cases.neighbourhood FROM cases WHERE cases.case_id = assignments.case_id)
"""
DUE = """
    UPDATE assignments
    SET due_at = CASE WHEN state = 'assigned' AND respond_by < resolve_by THEN respond_by ELSE resolve_by END
    WHERE state IN ('assigned', 'in_progress') AND case_id IN (SELECT case_id FROM cases WHERE closed_at IS NULL)
"""
SAME_LADDER = """
    FROM escalations AS other
    WHERE other.case_id = escalations.case_id AND other.reason = escalations.reason
      AND coalesce(other.assignment, '') = coalesce(escalations.assignment, '') AND other.cleared_at IS NULL
"""
STUCK = f"""
    UPDATE escalations SET stuck_since = (SELECT min(other.raised_at) {SAME_LADDER})
    WHERE cleared_at IS NULL AND level = (SELECT max(other.level) {SAME_LADDER})
"""


def _look_ahead(connection: sa.Connection) -> None:
    """What only the rules can tell, and the ends of pauses, from the state of every open case."""
    change_case = sa.update(cases).where(cases.c.case_id == sa.bindparam("id"))
    change_task = sa.update(assignments).where(
        assignments.c.case_id == sa.bindparam("id"), assignments.c.assignment == sa.bindparam("part")
    )
    for rows in _open_cases(connection):
        rules = rules_of(connection, {row.rules for row in rows})
        ahead: list[dict[str, Any]] = []
        pauses: list[dict[str, Any]] = []
        for row in rows:
            case = case_from_json(row.state)
            since = min((p.since for p in case.placements), default=None)
            alert = escalates_at(case, rules[row.rules])
            ahead.append({"id": case.case_id, "escalates_at": alert, "to_place_since": since})
            waiting = (task for task in case.live if task.pause is not None)
            pauses += ({"id": case.case_id, "part": task.id, "due_at": due_at(case, task)} for task in waiting)
        connection.execute(change_case, ahead)
        if pauses:
            connection.execute(change_task, pauses)


def _open_cases(connection: sa.Connection) -> Iterator[list[sa.Row[Any, Any, Any]]]:
    still_open = sa.select(cases.c.case_id, cases.c.state, cases.c.rules).where(cases.c.closed_at.is_(None))
    last = ""
    while True:
        page = still_open.where(cases.c.case_id > last).order_by(cases.c.case_id).limit(AT_ONCE)
        rows = list(connection.execute(page))
        if not rows:
            return
        yield rows
        last = rows[-1].case_id
