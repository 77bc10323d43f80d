"""Policy statements and pilots.

Revision: 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: None = None
depends_on: None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "pilot",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("institution_id", BIG_ID, nullable=False),
        sa.Column("use", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("unit", sa.String(length=6), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("wordings", JSON, nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("unit IN ('course', 'person')", name=op.f("ck_pilot_unit")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_pilot_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pilot_public_id")),
    )
    with op.batch_alter_table("pilot", schema=None) as batch_op:
        batch_op.create_index(
            "ix_pilot_institution_id_use", ["institution_id", "use"], unique=False
        )

    op.create_table(
        "policy_statement",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("institution_id", BIG_ID, nullable=False),
        sa.Column("use", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("texts", JSON, nullable=False),
        sa.Column("link", sa.String(length=300), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("in_force_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_force_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_policy_statement_institution_id_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_statement")),
        sa.UniqueConstraint(
            "institution_id",
            "use",
            "name",
            "version",
            name=op.f("uq_policy_statement_institution_id_use_name_version"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_policy_statement_public_id")),
    )
    op.create_table(
        "pilot_place",
        sa.Column("pilot_id", BIG_ID, nullable=False),
        sa.Column("unit_id", BIG_ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("wording", sa.SmallInteger(), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_pilot_place_pilot_id_pilot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot_place")),
        sa.UniqueConstraint("pilot_id", "unit_id", name=op.f("uq_pilot_place_pilot_id_unit_id")),
    )
    op.create_table(
        "cue_shown",
        sa.Column("attempt_id", BIG_ID, nullable=False),
        sa.Column("scenario_id", sa.String(length=20), nullable=False),
        sa.Column("scenario_version", sa.Integer(), nullable=False),
        sa.Column("statement_id", BIG_ID, nullable=False),
        sa.Column("pilot_id", BIG_ID, nullable=True),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_cue_shown_attempt_id_attempt")
        ),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_cue_shown_pilot_id_pilot")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["policy_statement.id"],
            name=op.f("fk_cue_shown_statement_id_policy_statement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cue_shown")),
        sa.UniqueConstraint(
            "attempt_id",
            "scenario_id",
            "scenario_version",
            name=op.f("uq_cue_shown_attempt_id_scenario_id_scenario_version"),
        ),
    )
    with op.batch_alter_table("cue_shown", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_cue_shown_statement_id"), ["statement_id"], unique=False
        )


def downgrade() -> None:
    """Take this revision back."""
    with op.batch_alter_table("cue_shown", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cue_shown_statement_id"))

    op.drop_table("cue_shown")
    op.drop_table("pilot_place")
    op.drop_table("policy_statement")
    with op.batch_alter_table("pilot", schema=None) as batch_op:
        batch_op.drop_index("ix_pilot_institution_id_use")

    op.drop_table("pilot")
