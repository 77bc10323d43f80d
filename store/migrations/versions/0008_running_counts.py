"""Running counts.

Revision: 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: None = None
depends_on: None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "counted_attempt",
        sa.Column("attempt_id", BIG_ID, nullable=False),
        sa.Column("study_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("context_id", BIG_ID, nullable=True),
        sa.Column("population", sa.String(length=8), nullable=False),
        sa.Column("groups", JSON, nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_counted_attempt_study_id_study")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counted_attempt")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_counted_attempt_attempt_id")),
    )
    with op.batch_alter_table("counted_attempt", schema=None) as batch_op:
        batch_op.create_index(
            "ix_counted_attempt_course",
            ["context_id", "study_id", "ended", "attempt_id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_counted_attempt_gone"), ["gone"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_counted_attempt_participant_id"), ["participant_id"], unique=False
        )
        batch_op.create_index(
            "ix_counted_attempt_study", ["study_id", "ended", "attempt_id"], unique=False
        )

    op.create_table(
        "tally",
        sa.Column("study_id", BIG_ID, nullable=False),
        sa.Column("context_id", BIG_ID, nullable=True),
        sa.Column("population", sa.String(length=8), nullable=False),
        sa.Column("scenario_id", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("figure", sa.String(length=20), nullable=False),
        sa.Column("inside", JSON, nullable=False),
        sa.Column("outside", JSON, nullable=False),
        sa.Column("released", JSON, nullable=False),
        sa.Column("stamp_inside", sa.BigInteger(), nullable=False),
        sa.Column("stamp_outside", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until_attempt", sa.BigInteger(), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["context_id"], ["lti_context.id"], name=op.f("fk_tally_context_id_lti_context")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_tally_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally")),
    )
    with op.batch_alter_table("tally", schema=None) as batch_op:
        batch_op.create_index("ix_tally_place", ["study_id", "context_id"], unique=False)

    with op.batch_alter_table("attempt", schema=None) as batch_op:
        # Whoever is there already is counted at the next opportunity.
        batch_op.add_column(
            sa.Column("recount", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.create_index(
            "ix_attempt_recount",
            ["study_id", "context_id", "id"],
            unique=False,
            sqlite_where=sa.text("recount"),
            postgresql_where=sa.text("recount"),
        )

    with op.batch_alter_table("figure_release", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("population", sa.String(length=8), nullable=False, server_default="learner")
        )
        batch_op.add_column(
            sa.Column("splits", JSON, nullable=False, server_default=sa.text("'{}'"))
        )
        batch_op.alter_column("context_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.drop_constraint(
            batch_op.f("uq_figure_release_study_id_context_id_scenario_id_scenario_version_figure"),
            type_="unique",
        )
        batch_op.create_unique_constraint(
            "uq_figure_release_place",
            ["study_id", "context_id", "population", "scenario_id", "scenario_version", "figure"],
        )


def downgrade() -> None:
    """Take this revision back."""
    with op.batch_alter_table("figure_release", schema=None) as batch_op:
        batch_op.drop_constraint("uq_figure_release_place", type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_figure_release_study_id_context_id_scenario_id_scenario_version_figure"),
            ["study_id", "context_id", "scenario_id", "scenario_version", "figure"],
        )
        batch_op.alter_column("context_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("splits")
        batch_op.drop_column("population")

    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_attempt_recount",
            sqlite_where=sa.text("recount"),
            postgresql_where=sa.text("recount"),
        )
        batch_op.drop_column("recount")

    with op.batch_alter_table("tally", schema=None) as batch_op:
        batch_op.drop_index("ix_tally_place")

    op.drop_table("tally")
    with op.batch_alter_table("counted_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_counted_attempt_study")
        batch_op.drop_index(batch_op.f("ix_counted_attempt_participant_id"))
        batch_op.drop_index(batch_op.f("ix_counted_attempt_gone"))
        batch_op.drop_index("ix_counted_attempt_course")

    op.drop_table("counted_attempt")
