"""Groups told apart.

Revision: 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: None = None
depends_on: None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Bring the tables to this revision.

    Running counts tell more groups apart than before, so they are made anew: whatever was released
    stays as it is.
    """
    with op.batch_alter_table("figure_release", schema=None) as batch_op:
        batch_op.add_column(sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    _count_anew()


def downgrade() -> None:
    """Take this revision back."""
    _count_anew()
    with op.batch_alter_table("figure_release", schema=None) as batch_op:
        batch_op.drop_column("left_at")


def _count_anew() -> None:
    op.execute("DELETE FROM counted_attempt")
    op.execute("DELETE FROM tally")
    attempt = sa.table("attempt", sa.column("recount", sa.Boolean()))
    op.execute(attempt.update().values(recount=True))
