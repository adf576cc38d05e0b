"""Projects, who has a say in them, and what residents reacted."""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    pass
