"""What residents take on, and the budgets of neighbourhoods."""

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    pass
