"""Tenants: shared registrations, what only the operator switches on, and who changed what.

Revision: 0004, after 0003.
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: None = None
depends_on: None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# SQLite makes the table anew and knows only what it is told of its checks.
CHECKS = {"min_count": "min_count >= 5", "min_quote": "min_quote >= 10"}
FLAGS = (
    ("lti_deployment", "needs_operator"),
    ("lti_registration", "shared"),
    ("lti_registration", "needs_operator"),
)


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "audit_event",
        sa.Column("institution_id", BIG_ID, nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=600), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_audit_event_institution_id_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index(op.f("ix_audit_event_institution_id"), "audit_event", ["institution_id"])
    op.add_column("institution", sa.Column("manual_key", sa.String(length=63), nullable=True))
    _give_keys()
    with op.batch_alter_table("institution", table_args=_checks()) as batch_op:
        batch_op.alter_column("manual_key", existing_type=sa.String(length=63), nullable=False)
        batch_op.create_unique_constraint(op.f("uq_institution_manual_key"), ["manual_key"])
    for table, name in FLAGS:
        op.add_column(
            table, sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        )
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column(name, existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    """Take this revision back."""
    for table, name in reversed(FLAGS):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column(name)
    with op.batch_alter_table("institution", table_args=_checks()) as batch_op:
        batch_op.drop_constraint(op.f("uq_institution_manual_key"), type_="unique")
        batch_op.drop_column("manual_key")
    op.drop_index(op.f("ix_audit_event_institution_id"), table_name="audit_event")
    op.drop_table("audit_event")


def _checks() -> tuple[sa.CheckConstraint, ...]:
    return tuple(
        sa.CheckConstraint(rule, name=op.f(f"ck_institution_{name}"))
        for name, rule in CHECKS.items()
    )


def _give_keys() -> None:
    """Each institution gets a random key of its own."""
    institution = sa.table("institution", sa.column("id", BIG_ID), sa.column("manual_key"))
    connection = op.get_bind()
    for found in connection.execute(sa.select(institution.c.id)).scalars().all():
        connection.execute(
            institution.update()
            .where(institution.c.id == found)
            .values(manual_key=secrets.token_hex(16))
        )
