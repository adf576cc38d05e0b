"""Projects: who has a say in them, what was promised, and the documents about them."""

import sqlalchemy as sa
from alembic import op

from readmodel.base import PLAIN, UtcDateTime

revision = "0009"
down_revision = "0008"

TO_OPEN = sa.text("opened IS NULL")


def upgrade() -> None:
    op.create_table(
        "case_parties",
        sa.Column("case_id", PLAIN, nullable=False),
        sa.Column("kind", PLAIN, nullable=False),
        sa.Column("party", PLAIN, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_case_parties_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "kind", "party", name=op.f("pk_case_parties")),
    )
    op.create_index("ix_case_parties_party", "case_parties", ["kind", "party", "case_id"])
    op.create_table(
        "commitments",
        sa.Column("case_id", PLAIN, nullable=False),
        sa.Column("commitment", PLAIN, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("note_id", PLAIN, nullable=False),
        sa.Column("service", PLAIN, nullable=False),
        sa.Column("neighbourhood", PLAIN, nullable=False),
        sa.Column("departments", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("by_role", PLAIN, nullable=True),
        sa.Column("by_id", PLAIN, nullable=True),
        sa.Column("by_department", PLAIN, nullable=True),
        sa.Column("opened", PLAIN, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_commitments_case_id_cases")),
        sa.ForeignKeyConstraint(["opened"], ["cases.case_id"], name=op.f("fk_commitments_opened_cases")),
        sa.PrimaryKeyConstraint("case_id", "commitment", name=op.f("pk_commitments")),
    )
    op.create_index(op.f("ix_commitments_opened"), "commitments", ["opened"])
    op.create_index(
        "ix_commitments_to_open", "commitments", ["made_at"], sqlite_where=TO_OPEN, postgresql_where=TO_OPEN
    )
    op.create_table(
        "documents",
        sa.Column("id", PLAIN, nullable=False),
        sa.Column("case_id", PLAIN, nullable=False),
        sa.Column("name", PLAIN, nullable=False),
        sa.Column("media_type", PLAIN, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("by_role", PLAIN, nullable=False),
        sa.Column("by_id", PLAIN, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_documents_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_index(op.f("ix_documents_case_id"), "documents", ["case_id"])
