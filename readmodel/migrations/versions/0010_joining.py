"""Reports that join and part again, and who reports again."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    pass
