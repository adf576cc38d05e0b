"""Finding the open cases around a point."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    op.create_index("ix_cases_open_spot", "cases", ["lat", "lon", "case_id"], sqlite_where=OPEN, postgresql_where=OPEN)
