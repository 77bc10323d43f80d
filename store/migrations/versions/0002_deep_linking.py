"""What a choice of activities or a review keeps.

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: None = None
depends_on: None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("app_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("deep_link_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("review_user_id", BIG_ID, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_app_session_review_user_id_lti_user"),
            "lti_user",
            ["review_user_id"],
            ["id"],
        )


def downgrade() -> None:
    """Take this revision back."""
    with op.batch_alter_table("app_session", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_app_session_review_user_id_lti_user"), type_="foreignkey"
        )
        batch_op.drop_column("review_user_id")
        batch_op.drop_column("deep_link_sealed")
