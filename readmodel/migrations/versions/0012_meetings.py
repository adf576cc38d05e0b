"""Meetings of neighbourhood teams, and letters about them."""

import sqlalchemy as sa
from alembic import op

from readmodel.base import PLAIN, UtcDateTime

revision = "0012"
down_revision = "0011"

TO_TELL = sa.text("told < revision")
OF_MEETINGS = sa.text("meeting_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "meetings",
        sa.Column("meeting_id", PLAIN, nullable=False),
        sa.Column("neighbourhood", PLAIN, nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("every_weeks", sa.Integer(), nullable=True),
        sa.Column("follows", PLAIN, nullable=True),
        sa.Column("state", PLAIN, nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("planned_at", UtcDateTime(), nullable=False),
        sa.Column("planned_by", PLAIN, nullable=True),
        sa.Column("agenda_sent_at", UtcDateTime(), nullable=True),
        sa.Column("begun_at", UtcDateTime(), nullable=True),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", PLAIN, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("follows", name=op.f("uq_meetings_follows")),
    )
    op.create_index("ix_meetings_neighbourhood", "meetings", ["neighbourhood", "starts_at"])
    op.create_index("ix_meetings_to_tell", "meetings", ["planned_at"], sqlite_where=TO_TELL, postgresql_where=TO_TELL)
    op.create_table(
        "agenda_items",
        sa.Column("meeting_id", PLAIN, nullable=False),
        sa.Column("item", PLAIN, nullable=False),
        sa.Column("case_id", PLAIN, nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("whys", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.Column("parked", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("by", PLAIN, nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.meeting_id"], name=op.f("fk_agenda_items_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_agenda_items_case_id_cases")),
        sa.PrimaryKeyConstraint("meeting_id", "item", name=op.f("pk_agenda_items")),
    )
    op.create_index("ix_agenda_items_case_id", "agenda_items", ["case_id"])
    op.create_table(
        "decisions",
        sa.Column("decision_id", PLAIN, nullable=False),
        sa.Column("meeting_id", PLAIN, nullable=False),
        sa.Column("item", PLAIN, nullable=False),
        sa.Column("case_id", PLAIN, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("on_case", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", PLAIN, nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.meeting_id"], name=op.f("fk_decisions_meeting_id_meetings")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_decisions_case_id_cases")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_decisions")),
    )
    op.create_index("ix_decisions_meeting_id", "decisions", ["meeting_id"])
    op.create_index("ix_decisions_case_id", "decisions", ["case_id"])
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.alter_column("case_id", existing_type=PLAIN, nullable=True)
        batch_op.add_column(sa.Column("meeting_id", PLAIN, nullable=True))
        batch_op.create_foreign_key(op.f("fk_letters_meeting_id_meetings"), "meetings", ["meeting_id"], ["meeting_id"])
    op.create_index(
        "ix_letters_meeting",
        "letters",
        ["meeting_id", "seq", "kind", "recipient"],
        unique=True,
        sqlite_where=OF_MEETINGS,
        postgresql_where=OF_MEETINGS,
    )
