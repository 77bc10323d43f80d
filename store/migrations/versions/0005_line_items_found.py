"""Grade columns that were looked for or made.

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("lti_resource_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("found_lineitem_url", sa.String(length=2048), nullable=True))
        batch_op.add_column(
            sa.Column("lineitem_search_until", sa.DateTime(timezone=True), nullable=True)
        )


def downgrade() -> None:
    """Take this revision back."""
    with op.batch_alter_table("lti_resource_link", schema=None) as batch_op:
        batch_op.drop_column("lineitem_search_until")
        batch_op.drop_column("found_lineitem_url")
