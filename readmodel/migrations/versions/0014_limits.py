"""What holds follow-up back, and for how long; told from the events of every case that was ever held back."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from domain.limits import cause_of
from readmodel.base import PLAIN, UtcDateTime
from readmodel.codec import case_to_json
from readmodel.eventlog import happened_in
from readmodel.limits import Changes
from readmodel.steps import Step, fold

revision = "0014"
down_revision = "0013"

AT_ONCE = 500
Found = sa.Row[*tuple[Any, ...]]
HOLDING = ("assignment_declined", "assignment_paused", "escalation_raised")

CASES = sa.table(
    "cases",
    sa.column("case_id", PLAIN),
    sa.column("theme", PLAIN),
    sa.column("closed_at", UtcDateTime()),
    sa.column("state", sa.Text()),
)
EVENTS = sa.table(
    "events",
    sa.column("case_id", PLAIN),
    sa.column("seq", sa.Integer()),
    sa.column("at", UtcDateTime()),
    sa.column("body", sa.Text()),
    *(sa.column(name, PLAIN) for name in ("kind", "by_role", "by_id", "by_department", "rule", "command_id")),
)
ESCALATIONS = sa.table("escalations", *(sa.column(name, PLAIN) for name in ("case_id", "escalation", "cause")))
LIMITS = sa.table(
    "limits",
    sa.column("seq", sa.Integer()),
    *(
        sa.column(name, PLAIN)
        for name in ("case_id", "what", "source", "department", "neighbourhood", "service", "theme", "cause")
    ),
    *(sa.column(name, UtcDateTime()) for name in ("began_at", "ended_at")),
)


def upgrade() -> None:
    op.create_table(
        "limits",
        sa.Column("case_id", PLAIN, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("what", PLAIN, nullable=False),
        sa.Column("source", PLAIN, nullable=False),
        sa.Column("department", PLAIN, nullable=True),
        sa.Column("neighbourhood", PLAIN, nullable=False),
        sa.Column("service", PLAIN, nullable=False),
        sa.Column("theme", PLAIN, nullable=False),
        sa.Column("cause", PLAIN, nullable=True),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "seq", "what", "source", name=op.f("pk_limits")),
    )
    op.add_column("escalations", sa.Column("cause", PLAIN, nullable=True))
    tell(op.get_bind())
    op.create_index("ix_limits_ended", "limits", ["ended_at", "began_at"])
    lasting = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_limits_lasting", "limits", ["began_at", "case_id"], sqlite_where=lasting, postgresql_where=lasting
    )


def tell(connection: sa.Connection) -> None:
    """The waits of every case, from its events; the state of open ones tells the causes, too, from now on."""
    change_state = sa.update(CASES).where(CASES.c.case_id == sa.bindparam("id"))
    change_rung = sa.update(ESCALATIONS).where(
        ESCALATIONS.c.case_id == sa.bindparam("id"), ESCALATIONS.c.escalation == sa.bindparam("part")
    )
    for cases in _held_back(connection):
        told = Changes()
        states: list[dict[str, str]] = []
        rungs: list[dict[str, str]] = []
        for case, steps in _stories(connection, cases):
            told.follow(steps, case.theme)
            after = steps[-1].after
            if case.closed_at is None:
                states.append({"id": case.case_id, "state": case_to_json(after)})
            causes = ((rung.id, cause_of(after, rung)) for rung in after.escalations)
            rungs += (
                {"id": case.case_id, "part": id, "cause": cause.value} for id, cause in causes if cause is not None
            )
        if told.begun:
            connection.execute(sa.insert(LIMITS), told.begun)
        for statement, changed in ((change_state, states), (change_rung, rungs)):
            if changed:
                connection.execute(statement, changed)


def _held_back(connection: sa.Connection) -> Iterator[Sequence[Found]]:
    """Some hundreds of cases at a time, in their order; those that nothing ever held back are passed over."""
    held = sa.exists().where(EVENTS.c.case_id == CASES.c.case_id, EVENTS.c.kind.in_(HOLDING))
    query = sa.select(CASES.c.case_id, CASES.c.theme, CASES.c.closed_at).where(held).order_by(CASES.c.case_id)
    last = ""
    while cases := connection.execute(query.where(CASES.c.case_id > last).limit(AT_ONCE)).all():
        yield cases
        last = cases[-1].case_id


def _stories(connection: sa.Connection, cases: Sequence[Found]) -> Iterator[tuple[Found, list[Step]]]:
    of_case = {case.case_id: case for case in cases}
    events = connection.execute(
        sa.select(EVENTS).where(EVENTS.c.case_id.in_(list(of_case))).order_by(EVENTS.c.case_id, EVENTS.c.seq)
    ).all()
    for case_id, told in groupby(events, lambda row: row.case_id):
        yield of_case[case_id], fold(None, [happened_in(row) for row in told])
