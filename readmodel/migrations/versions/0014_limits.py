"""What holds follow-up back, and for how long."""

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    pass
