"""Educators notes.

Revision: 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: None = None
depends_on: None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "educator_note",
        sa.Column("study_id", BIG_ID, nullable=False),
        sa.Column("context_id", BIG_ID, nullable=False),
        sa.Column("pseudonym", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["context_id"], ["lti_context.id"], name=op.f("fk_educator_note_context_id_lti_context")
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_educator_note_study_id_study")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_educator_note")),
        sa.UniqueConstraint(
            "study_id",
            "context_id",
            "pseudonym",
            name=op.f("uq_educator_note_study_id_context_id_pseudonym"),
        ),
    )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("educator_note")
