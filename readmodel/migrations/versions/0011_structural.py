"""Hot spots, and the issues that a structural case bundles."""

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    pass
