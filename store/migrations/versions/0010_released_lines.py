"""Released lines.

Revision: 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: None = None
depends_on: None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "released_line",
        sa.Column("response_id", BIG_ID, nullable=False),
        sa.Column("study_id", BIG_ID, nullable=False),
        sa.Column("released_by", sa.String(length=32), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_released_line_response_id_response")
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_released_line_study_id_study")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_released_line")),
        sa.UniqueConstraint("response_id", name=op.f("uq_released_line_response_id")),
    )
    with op.batch_alter_table("released_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_released_line_study_id"), ["study_id"], unique=False)


def downgrade() -> None:
    """Take this revision back."""
    with op.batch_alter_table("released_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_released_line_study_id"))

    op.drop_table("released_line")
