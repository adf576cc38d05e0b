"""Facts tell which case they are of, and what they are about; all of them are counted anew."""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from domain.measures import facts
from readmodel.base import PLAIN, UtcDateTime
from readmodel.eventlog import happened_in
from readmodel.steps import fold

revision = "0007"
down_revision = "0006"

SELDOM = "measure IN ('bounced', 'declined', 'escalated', 'feedback', 'paused', 'reopened', 'transferred')"
FAILED = "NOT good"
CHUNK = 500

CASES = sa.table("cases", *(sa.column(name, PLAIN) for name in ("case_id", "theme", "rules")))
RULEBOOKS = sa.table("rulebooks", sa.column("version", PLAIN), sa.column("body", sa.Text()))
EVENTS = sa.table(
    "events",
    sa.column("case_id", PLAIN),
    sa.column("seq", sa.Integer()),
    sa.column("at", UtcDateTime()),
    sa.column("body", sa.Text()),
    *(sa.column(name, PLAIN) for name in ("by_role", "by_id", "by_department", "rule", "command_id")),
)
FIGURES = sa.table(
    "figures",
    sa.column("day", sa.Date()),
    sa.column("value", sa.Double()),
    sa.column("good", sa.Boolean()),
    sa.column("is_primary", sa.Boolean()),
    *(
        sa.column(name, PLAIN)
        for name in ("case_id", "measure", "department", "neighbourhood", "service", "theme", "detail")
    ),
)
TOUCHES = sa.table("figure_touches", sa.column("day", sa.Date()))


def upgrade() -> None:
    for table in ("figures", "figure_touches", "figure_summaries"):
        op.execute(f"DELETE FROM {table}")
    for table in ("figure_scopes", "figure_months"):
        op.drop_table(table)
    op.create_table(
        "figure_kept",
        sa.Column("bucket", PLAIN, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "first_day", name=op.f("pk_figure_kept")),
    )
    op.create_table(
        "figure_scopes",
        sa.Column("bucket", PLAIN, nullable=False),
        sa.Column("scope_by", PLAIN, nullable=False),
        sa.Column("group_by", PLAIN, nullable=False),
        sa.Column("scope", PLAIN, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("member", PLAIN, nullable=False),
        sa.Column("open_change", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("days_to_close", sa.LargeBinary(), nullable=False),
        sa.Column("hours_to_respond", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint(
            "bucket", "scope_by", "group_by", "scope", "first_day", "member", name=op.f("pk_figure_scopes")
        ),
    )
    with op.batch_alter_table("figures", schema=None) as batch_op:
        batch_op.add_column(sa.Column("case_id", PLAIN, nullable=False))
        batch_op.add_column(sa.Column("detail", PLAIN, nullable=True))
    count_anew(op.get_bind())
    for name, condition, columns in (
        ("ix_figures_seldom", SELDOM, ["measure", "day", "detail", "case_id"]),
        ("ix_figures_seldom_case", SELDOM, ["case_id", "measure", "day"]),
        ("ix_figures_failed", FAILED, ["measure", "day", "case_id"]),
    ):
        where = sa.text(condition)
        op.create_index(name, "figures", columns, sqlite_where=where, postgresql_where=where)
    closed = sa.text("closed_at IS NOT NULL")
    op.create_index(
        "ix_cases_closed_at", "cases", ["closed_at", "case_id"], sqlite_where=closed, postgresql_where=closed
    )


def count_anew(connection: sa.Connection) -> None:
    """The facts of every case, from its events; the figures round sums them up."""
    last = ""
    days = set()
    while cases := connection.execute(
        sa.select(CASES).where(CASES.c.case_id > last).order_by(CASES.c.case_id).limit(CHUNK)
    ).all():
        last = cases[-1].case_id
        rows = list(_facts_of(connection, cases))
        if rows:
            connection.execute(sa.insert(FIGURES), rows)
        days |= {row["day"] for row in rows}
    if days:
        connection.execute(sa.insert(TOUCHES), [{"day": day} for day in sorted(days)])


def _facts_of(connection: sa.Connection, cases: Sequence[sa.Row[Any]]) -> Iterator[dict[str, Any]]:
    of_case = {case.case_id: case for case in cases}
    zones = {
        row.version: ZoneInfo(json.loads(row.body)["weeks"]["city"]["timezone"])
        for row in connection.execute(sa.select(RULEBOOKS).where(RULEBOOKS.c.version.in_({c.rules for c in cases})))
    }
    events = connection.execute(
        sa.select(EVENTS).where(EVENTS.c.case_id.in_(list(of_case))).order_by(EVENTS.c.case_id, EVENTS.c.seq)
    ).all()
    for case_id, told in groupby(events, lambda row: row.case_id):
        case = of_case[case_id]
        for step in fold(None, [happened_in(row) for row in told]):
            for fact in facts(step.before, step.happened, step.after):
                yield {
                    "case_id": case_id,
                    "day": (fact.at or step.happened.at).astimezone(zones[case.rules]).date(),
                    "measure": fact.measure.value,
                    "department": fact.department,
                    "neighbourhood": step.after.neighbourhood,
                    "service": step.after.service,
                    "theme": case.theme,
                    "value": fact.value,
                    "good": fact.good,
                    "is_primary": fact.primary,
                    "detail": " ".join(fact.detail) or None,
                }
