"""Hot spots, and the issues that a structural case bundles."""

import sqlalchemy as sa
from alembic import op

from readmodel.base import PLAIN, UtcDateTime

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "hot_spots",
        sa.Column("id", PLAIN, nullable=False),
        sa.Column("neighbourhood", PLAIN, nullable=False),
        sa.Column("theme", PLAIN, nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("radius", sa.Double(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("observed", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Double(), nullable=False),
        sa.Column("p", sa.Double(), nullable=False),
        sa.Column("cases", sa.JSON(), nullable=False),
        sa.Column("first_found_at", UtcDateTime(), nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.Column("state", PLAIN, nullable=False),
        sa.Column("structural", PLAIN, nullable=True),
        sa.Column("decided_by", PLAIN, nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["structural"], ["cases.case_id"], name=op.f("fk_hot_spots_structural_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hot_spots")),
    )
    op.create_index("ix_hot_spots_neighbourhood", "hot_spots", ["neighbourhood", "state"])
    op.create_index("ix_hot_spots_theme", "hot_spots", ["theme", "state"])
    op.create_table(
        "hot_spot_reviews",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_hot_spot_reviews")),
    )
    op.create_table(
        "bundled",
        sa.Column("structural", PLAIN, nullable=False),
        sa.Column("issue", PLAIN, nullable=False),
        sa.ForeignKeyConstraint(["structural"], ["cases.case_id"], name=op.f("fk_bundled_structural_cases")),
        sa.PrimaryKeyConstraint("structural", "issue", name=op.f("pk_bundled")),
    )
    op.create_index("ix_bundled_issue", "bundled", ["issue"])
