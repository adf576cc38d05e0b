"""The working lists: what is due first, what will escalate, views that people keep."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from readmodel.base import PLAIN, UtcDateTime
from readmodel.codec import case_from_json
from readmodel.rows import assignment_rows, escalates_at, escalation_rows, to_place_since
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
    sa.column("case_ladders", sa.Integer()),
    sa.column("case_escalates_at", UtcDateTime()),
    sa.column("case_to_place_since", UtcDateTime()),
)
escalations = sa.table(
    "escalations",
    sa.column("case_id", PLAIN),
    sa.column("escalation", PLAIN),
    sa.column("stuck_since", UtcDateTime()),
    sa.column("stuck_until", UtcDateTime()),
    sa.column("rungs", PLAIN),
)
OF_TASK = ("due_at", "case_ladders", "case_escalates_at", "case_to_place_since")
OF_RUNG = ("stuck_since", "stuck_until", "rungs")


def upgrade() -> None:
    for table, column in (
        ("cases", "escalates_at"),
        ("cases", "to_place_since"),
        ("assignments", "due_at"),
        ("assignments", "case_escalates_at"),
        ("assignments", "case_to_place_since"),
        ("escalations", "stuck_since"),
        ("escalations", "stuck_until"),
    ):
        op.add_column(table, sa.Column(column, UtcDateTime(), nullable=True))
    op.add_column("assignments", sa.Column("case_ladders", sa.Integer(), nullable=True))
    op.add_column("escalations", sa.Column("rungs", PLAIN, nullable=True))
    op.add_column("assignments", sa.Column("neighbourhood", PLAIN, nullable=True))
    fill(op.get_bind())
    op.drop_index("ix_assignments_live", "assignments")
    op.drop_index("ix_assignments_department", "assignments")
    op.create_index("ix_assignments_department", "assignments", ["department", "case_id", "carried"])
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
            ["neighbourhood", "stuck_since", "case_id", "escalation", "rungs", "stuck_until"],
        ),
        (
            "ix_escalations_stuck_with",
            "escalations",
            "stuck_since",
            ["department", "stuck_since", "case_id", "escalation", "rungs", "stuck_until"],
        ),
        (
            "ix_assignments_board",
            "assignments",
            "case_ladders",
            ["department", "case_id", "case_ladders", "case_escalates_at", "case_to_place_since"],
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
    _look_ahead(connection)


PLACE = """
    UPDATE assignments
    SET neighbourhood = (SELECT cases.neighbourhood FROM cases WHERE cases.case_id = assignments.case_id)
"""


def _look_ahead(connection: sa.Connection) -> None:
    """What only the rules can tell, when tasks are due, and what the board counts, by the states of open cases."""
    change_case = sa.update(cases).where(cases.c.case_id == sa.bindparam("id"))
    change_task = sa.update(assignments).where(
        assignments.c.case_id == sa.bindparam("id"), assignments.c.assignment == sa.bindparam("part")
    )
    change_rung = sa.update(escalations).where(
        escalations.c.case_id == sa.bindparam("id"), escalations.c.escalation == sa.bindparam("part")
    )
    for rows in _open_cases(connection):
        rules = rules_of(connection, {row.rules for row in rows})
        ahead: list[dict[str, Any]] = []
        tasks: list[dict[str, Any]] = []
        rungs: list[dict[str, Any]] = []
        for row in rows:
            case = case_from_json(row.state)
            alert = escalates_at(case, rules[row.rules])
            ahead.append({"id": case.case_id, "escalates_at": alert, "to_place_since": to_place_since(case)})
            tasks += (_some(task, "assignment", OF_TASK) for task in assignment_rows(case, alert).values())
            found = (_some(rung, "escalation", OF_RUNG) for rung in escalation_rows(case).values())
            rungs += (rung for rung in found if rung["stuck_since"] is not None)
        connection.execute(change_case, ahead)
        for statement, changed in ((change_task, tasks), (change_rung, rungs)):
            if changed:
                connection.execute(statement, changed)


def _some(row: dict[str, Any], part: str, names: Sequence[str]) -> dict[str, Any]:
    return {"id": row["case_id"], "part": row[part], **{name: row[name] for name in names}}


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
