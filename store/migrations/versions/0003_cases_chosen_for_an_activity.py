"""Cases chosen for an activity.

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: None = None
depends_on: None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("lti_resource_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("chosen", JSON, nullable=True))


def downgrade() -> None:
    """Take this revision back."""
    with op.batch_alter_table("lti_resource_link", schema=None) as batch_op:
        batch_op.drop_column("chosen")
