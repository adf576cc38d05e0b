"""Answers to the questions of a service, and where to look at more."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("reports", sa.Column("answers", sa.JSON(), nullable=True))
    op.add_column("reports", sa.Column("media_url", sa.Text(), nullable=True))
