"""Receipt codes.

Revision: 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("receipt_sha256", sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(
            batch_op.f("uq_participant_receipt_sha256"), ["receipt_sha256"]
        )


def downgrade() -> None:
    """Take this revision back."""
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_participant_receipt_sha256"), type_="unique")
        batch_op.drop_column("receipt_sha256")
