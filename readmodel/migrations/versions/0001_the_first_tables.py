"""The first tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from readmodel.base import PLAIN, UtcDateTime

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "counters",
        sa.Column("name", PLAIN, nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )
    op.create_table(
        "figure_months",
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("first_day", name=op.f("pk_figure_months")),
    )
    op.create_table(
        "figure_scopes",
        sa.Column("scope_by", PLAIN, nullable=False),
        sa.Column("group_by", PLAIN, nullable=False),
        sa.Column("scope", PLAIN, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("member", PLAIN, nullable=False),
        sa.Column("open_change", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("days_to_close", sa.LargeBinary(), nullable=False),
        sa.Column("hours_to_respond", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("scope_by", "group_by", "scope", "first_day", "member", name=op.f("pk_figure_scopes")),
    )
    op.create_table(
        "figure_summaries",
        sa.Column("bucket", PLAIN, nullable=False),
        sa.Column("group_by", PLAIN, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("member", PLAIN, nullable=False),
        sa.Column("open_change", sa.Integer(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("days_to_close", sa.LargeBinary(), nullable=False),
        sa.Column("hours_to_respond", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "group_by", "first_day", "member", name=op.f("pk_figure_summaries")),
    )
    op.create_table(
        "figure_touches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_touches")),
    )
    with op.batch_alter_table("figure_touches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_figure_touches_day"), ["day"], unique=False)

    op.create_table(
        "figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("measure", PLAIN, nullable=False),
        sa.Column("department", PLAIN, nullable=True),
        sa.Column("neighbourhood", PLAIN, nullable=False),
        sa.Column("service", PLAIN, nullable=False),
        sa.Column("theme", PLAIN, nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("good", sa.Boolean(), nullable=True),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figures")),
    )
    with op.batch_alter_table("figures", schema=None) as batch_op:
        batch_op.create_index("ix_figures_day", ["day"], unique=False)
        batch_op.create_index("ix_figures_department", ["department", "day"], unique=False)
        batch_op.create_index("ix_figures_neighbourhood", ["neighbourhood", "day"], unique=False)

    op.create_table(
        "rulebooks",
        sa.Column("version", PLAIN, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_rulebooks")),
    )
    op.create_table(
        "tokens",
        sa.Column("hash", PLAIN, nullable=False),
        sa.Column("id", PLAIN, nullable=False),
        sa.Column("label", PLAIN, nullable=False),
        sa.Column("role", PLAIN, nullable=False),
        sa.Column("department", PLAIN, nullable=True),
        sa.Column("neighbourhoods", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_tokens")),
        sa.UniqueConstraint("id", name=op.f("uq_tokens_id")),
    )
    op.create_table(
        "users",
        sa.Column("id", PLAIN, nullable=False),
        sa.Column("email", PLAIN, nullable=False),
        sa.Column("name", PLAIN, nullable=False),
        sa.Column("password_hash", PLAIN, nullable=True),
        sa.Column("role", PLAIN, nullable=False),
        sa.Column("department", PLAIN, nullable=True),
        sa.Column("neighbourhoods", sa.JSON(), nullable=False),
        sa.Column("language", PLAIN, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "cases",
        sa.Column("case_id", PLAIN, nullable=False),
        sa.Column("number", PLAIN, nullable=False),
        sa.Column("kind", PLAIN, nullable=False),
        sa.Column("service", PLAIN, nullable=False),
        sa.Column("theme", PLAIN, nullable=False),
        sa.Column("neighbourhood", PLAIN, nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("source", PLAIN, nullable=True),
        sa.Column("source_ref", PLAIN, nullable=True),
        sa.Column("stage", PLAIN, nullable=False),
        sa.Column("outcome", PLAIN, nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("promised_by", UtcDateTime(), nullable=True),
        sa.Column("due", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("supporters", sa.Integer(), nullable=False),
        sa.Column("escalation_level", sa.Integer(), nullable=False),
        sa.Column("departments", sa.JSON(), nullable=False),
        sa.Column("merged_into", PLAIN, nullable=True),
        sa.Column("rules", PLAIN, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("accepted_at", UtcDateTime(), nullable=False),
        sa.Column("workflow_started_at", UtcDateTime(), nullable=True),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["rules"], ["rulebooks.version"], name=op.f("fk_cases_rules_rulebooks")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
        sa.UniqueConstraint("source", "source_ref", name=op.f("uq_cases_source_source_ref")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index("ix_cases_due", ["due", "case_id"], unique=False)
        batch_op.create_index(
            "ix_cases_escalated",
            ["opened_at", "case_id"],
            unique=False,
            sqlite_where=sa.text("escalation_level > 0"),
            postgresql_where=sa.text("escalation_level > 0"),
        )
        batch_op.create_index("ix_cases_kind", ["kind", "opened_at", "case_id"], unique=False)
        batch_op.create_index("ix_cases_neighbourhood", ["neighbourhood", "opened_at", "case_id"], unique=False)
        batch_op.create_index(
            "ix_cases_open_due",
            ["due", "case_id"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index(
            "ix_cases_open_neighbourhood",
            ["neighbourhood", "due", "case_id"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index(
            "ix_cases_open_opened",
            ["opened_at", "case_id"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index("ix_cases_opened_at", ["opened_at", "case_id"], unique=False)
        batch_op.create_index("ix_cases_service", ["service", "opened_at", "case_id"], unique=False)
        batch_op.create_index("ix_cases_stage", ["stage", "opened_at", "case_id"], unique=False)
        batch_op.create_index("ix_cases_theme", ["theme", "opened_at", "case_id"], unique=False)
        batch_op.create_index(
            "ix_cases_to_start",
            ["accepted_at"],
            unique=False,
            sqlite_where=sa.text("workflow_started_at IS NULL AND closed_at IS NULL"),
            postgresql_where=sa.text("workflow_started_at IS NULL AND closed_at IS NULL"),
        )

    op.create_table(
        "assignments",
        sa.Column("case_id", PLAIN, nullable=False),
        sa.Column("assignment", PLAIN, nullable=False),
        sa.Column("department", PLAIN, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("state", PLAIN, nullable=False),
        sa.Column("carried", sa.Boolean(), nullable=False),
        sa.Column("assigned_at", UtcDateTime(), nullable=False),
        sa.Column("respond_by", UtcDateTime(), nullable=True),
        sa.Column("responded_at", UtcDateTime(), nullable=True),
        sa.Column("resolve_by", UtcDateTime(), nullable=False),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        sa.Column("planned_for", UtcDateTime(), nullable=True),
        sa.Column("escalation_level", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_assignments_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "assignment", name=op.f("pk_assignments")),
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index("ix_assignments_department", ["department", "state", "case_id"], unique=False)
        batch_op.create_index(
            "ix_assignments_live",
            ["department", "resolve_by", "case_id"],
            unique=False,
            sqlite_where=sa.text("state IN ('assigned', 'in_progress', 'waiting')"),
            postgresql_where=sa.text("state IN ('assigned', 'in_progress', 'waiting')"),
        )

    op.create_table(
        "escalations",
        sa.Column("case_id", PLAIN, nullable=False),
        sa.Column("escalation", PLAIN, nullable=False),
        sa.Column("assignment", PLAIN, nullable=True),
        sa.Column("department", PLAIN, nullable=True),
        sa.Column("neighbourhood", PLAIN, nullable=False),
        sa.Column("reason", PLAIN, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("to", PLAIN, nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("acknowledged_at", UtcDateTime(), nullable=True),
        sa.Column("held_until", UtcDateTime(), nullable=True),
        sa.Column("cleared_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_escalations_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "escalation", name=op.f("pk_escalations")),
    )
    with op.batch_alter_table("escalations", schema=None) as batch_op:
        batch_op.create_index("ix_escalations_department", ["department", "raised_at"], unique=False)
        batch_op.create_index("ix_escalations_neighbourhood", ["neighbourhood", "raised_at"], unique=False)
        batch_op.create_index(
            "ix_escalations_open",
            ["raised_at", "case_id", "escalation"],
            unique=False,
            sqlite_where=sa.text("cleared_at IS NULL"),
            postgresql_where=sa.text("cleared_at IS NULL"),
        )
        batch_op.create_index("ix_escalations_raised_at", ["raised_at", "case_id", "escalation"], unique=False)

    op.create_table(
        "events",
        sa.Column("case_id", PLAIN, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", PLAIN, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("by_role", PLAIN, nullable=True),
        sa.Column("by_id", PLAIN, nullable=True),
        sa.Column("by_department", PLAIN, nullable=True),
        sa.Column("rule", PLAIN, nullable=True),
        sa.Column("command_id", PLAIN, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_events_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_events")),
        sa.UniqueConstraint("position", name=op.f("uq_events_position")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(
            "ix_events_command_id",
            ["command_id"],
            unique=False,
            sqlite_where=sa.text("command_id IS NOT NULL"),
            postgresql_where=sa.text("command_id IS NOT NULL"),
        )

    op.create_table(
        "feedback",
        sa.Column("case_id", PLAIN, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("solved", PLAIN, nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("comment", PLAIN, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_feedback_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_feedback")),
    )
    op.create_table(
        "followers",
        sa.Column("id", PLAIN, nullable=False),
        sa.Column("case_id", PLAIN, nullable=False),
        sa.Column("role", PLAIN, nullable=False),
        sa.Column("name", PLAIN, nullable=True),
        sa.Column("email", PLAIN, nullable=True),
        sa.Column("phone", PLAIN, nullable=True),
        sa.Column("language", PLAIN, nullable=True),
        sa.Column("token", PLAIN, nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_followers_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followers")),
        sa.UniqueConstraint("token", name=op.f("uq_followers_token")),
    )
    with op.batch_alter_table("followers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_followers_case_id"), ["case_id"], unique=False)

    op.create_table(
        "idempotency_keys",
        sa.Column("key", PLAIN, nullable=False),
        sa.Column("body_hash", PLAIN, nullable=False),
        sa.Column("case_id", PLAIN, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_idempotency_keys_case_id_cases")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_idempotency_keys")),
    )
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", PLAIN, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", PLAIN, nullable=False),
        sa.Column("recipient", PLAIN, nullable=False),
        sa.Column("language", PLAIN, nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("digest", PLAIN, nullable=True),
        sa.Column("status", PLAIN, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("not_before", UtcDateTime(), nullable=False),
        sa.Column("batch", PLAIN, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_letters_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("case_id", "seq", "kind", "recipient", name=op.f("uq_letters_case_id_seq_kind_recipient")),
    )
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letters_batch"), ["batch"], unique=False)
        batch_op.create_index(
            "ix_letters_waiting",
            ["not_before", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )

    op.create_table(
        "notes",
        sa.Column("note_id", PLAIN, nullable=False),
        sa.Column("case_id", PLAIN, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("author_role", PLAIN, nullable=False),
        sa.Column("author_id", PLAIN, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_notes_case_id_cases")),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_notes")),
    )
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notes_case_id"), ["case_id"], unique=False)

    op.create_table(
        "reports",
        sa.Column("case_id", PLAIN, nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_reports_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_reports")),
    )


def downgrade() -> None:
    op.drop_table("reports")
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notes_case_id"))

    op.drop_table("notes")
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_letters_waiting",
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )
        batch_op.drop_index(batch_op.f("ix_letters_batch"))

    op.drop_table("letters")
    op.drop_table("idempotency_keys")
    with op.batch_alter_table("followers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_followers_case_id"))

    op.drop_table("followers")
    op.drop_table("feedback")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_events_command_id",
            sqlite_where=sa.text("command_id IS NOT NULL"),
            postgresql_where=sa.text("command_id IS NOT NULL"),
        )

    op.drop_table("events")
    with op.batch_alter_table("escalations", schema=None) as batch_op:
        batch_op.drop_index("ix_escalations_raised_at")
        batch_op.drop_index(
            "ix_escalations_open",
            sqlite_where=sa.text("cleared_at IS NULL"),
            postgresql_where=sa.text("cleared_at IS NULL"),
        )
        batch_op.drop_index("ix_escalations_neighbourhood")
        batch_op.drop_index("ix_escalations_department")

    op.drop_table("escalations")
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_assignments_live",
            sqlite_where=sa.text("state IN ('assigned', 'in_progress', 'waiting')"),
            postgresql_where=sa.text("state IN ('assigned', 'in_progress', 'waiting')"),
        )
        batch_op.drop_index("ix_assignments_department")

    op.drop_table("assignments")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_cases_to_start",
            sqlite_where=sa.text("workflow_started_at IS NULL AND closed_at IS NULL"),
            postgresql_where=sa.text("workflow_started_at IS NULL AND closed_at IS NULL"),
        )
        batch_op.drop_index("ix_cases_theme")
        batch_op.drop_index("ix_cases_stage")
        batch_op.drop_index("ix_cases_service")
        batch_op.drop_index("ix_cases_opened_at")
        batch_op.drop_index(
            "ix_cases_open_opened",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_cases_open_neighbourhood",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_cases_open_due",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.drop_index("ix_cases_neighbourhood")
        batch_op.drop_index("ix_cases_kind")
        batch_op.drop_index(
            "ix_cases_escalated",
            sqlite_where=sa.text("escalation_level > 0"),
            postgresql_where=sa.text("escalation_level > 0"),
        )
        batch_op.drop_index("ix_cases_due")

    op.drop_table("cases")
    op.drop_table("users")
    op.drop_table("tokens")
    op.drop_table("rulebooks")
    with op.batch_alter_table("figures", schema=None) as batch_op:
        batch_op.drop_index("ix_figures_neighbourhood")
        batch_op.drop_index("ix_figures_department")
        batch_op.drop_index("ix_figures_day")

    op.drop_table("figures")
    with op.batch_alter_table("figure_touches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_figure_touches_day"))

    op.drop_table("figure_touches")
    op.drop_table("figure_summaries")
    op.drop_table("figure_scopes")
    op.drop_table("figure_months")
    op.drop_table("counters")
