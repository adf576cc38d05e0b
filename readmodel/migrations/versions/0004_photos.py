"""Photos."""

import sqlalchemy as sa
from alembic import op

from readmodel.base import PLAIN, UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "photos",
        sa.Column("id", PLAIN, nullable=False),
        sa.Column("case_id", PLAIN, nullable=False),
        sa.Column("note_id", PLAIN, nullable=True),
        sa.Column("by_role", PLAIN, nullable=False),
        sa.Column("by_id", PLAIN, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("media_type", PLAIN, nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_photos_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["note_id"], ["notes.note_id"], name=op.f("fk_photos_note_id_notes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photos")),
    )
    with op.batch_alter_table("photos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_photos_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_photos_note_id"), ["note_id"], unique=False)
