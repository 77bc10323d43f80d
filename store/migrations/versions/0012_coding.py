"""Coding.

Revision: 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: None = None
depends_on: None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "code",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("study_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("color", sa.String(length=7), nullable=False),
        sa.Column("parent_id", BIG_ID, nullable=True),
        sa.Column("codable", sa.Boolean(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("a_priori", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into_id", BIG_ID, nullable=True),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["code.id"], name=op.f("fk_code_merged_into_id_code")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["code.id"], name=op.f("fk_code_parent_id_code")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_code_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_code_public_id")),
    )
    with op.batch_alter_table("code", schema=None) as batch_op:
        batch_op.create_index("ix_code_study", ["study_id"], unique=False)

    op.create_table(
        "coder",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("study_id", BIG_ID, nullable=False),
        sa.Column("pseudonym", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_coder_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coder")),
        sa.UniqueConstraint("public_id", name=op.f("uq_coder_public_id")),
        sa.UniqueConstraint("study_id", "label", name=op.f("uq_coder_study_id_label")),
        sa.UniqueConstraint("study_id", "pseudonym", name=op.f("uq_coder_study_id_pseudonym")),
    )
    op.create_table(
        "coding_event",
        sa.Column("study_id", BIG_ID, nullable=False),
        sa.Column("seq", BIG_ID, nullable=False),
        sa.Column("coder_id", BIG_ID, nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["coder_id"], ["coder.id"], name=op.f("fk_coding_event_coder_id_coder")
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_coding_event_study_id_study")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding_event")),
        sa.UniqueConstraint("study_id", "seq", name=op.f("uq_coding_event_study_id_seq")),
    )
    op.create_table(
        "coding",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("study_id", BIG_ID, nullable=False),
        sa.Column("response_id", BIG_ID, nullable=False),
        sa.Column("code_id", BIG_ID, nullable=False),
        sa.Column("coder_id", BIG_ID, nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=8), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "origin IN ('human', 'accepted', 'import')", name=op.f("ck_coding_origin")
        ),
        sa.ForeignKeyConstraint(["code_id"], ["code.id"], name=op.f("fk_coding_code_id_code")),
        sa.ForeignKeyConstraint(["coder_id"], ["coder.id"], name=op.f("fk_coding_coder_id_coder")),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_coding_response_id_response")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_coding_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding")),
        sa.UniqueConstraint("public_id", name=op.f("uq_coding_public_id")),
    )
    with op.batch_alter_table("coding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coding_code_id"), ["code_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_coding_response_id"), ["response_id"], unique=False)
        batch_op.create_index("ix_coding_study_coder", ["study_id", "coder_id"], unique=False)

    op.create_table(
        "memo",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("study_id", BIG_ID, nullable=False),
        sa.Column("coder_id", BIG_ID, nullable=False),
        sa.Column("about", sa.String(length=8), nullable=False),
        sa.Column("code_id", BIG_ID, nullable=True),
        sa.Column("response_id", BIG_ID, nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("about IN ('study', 'code', 'response')", name=op.f("ck_memo_about")),
        sa.ForeignKeyConstraint(["code_id"], ["code.id"], name=op.f("fk_memo_code_id_code")),
        sa.ForeignKeyConstraint(["coder_id"], ["coder.id"], name=op.f("fk_memo_coder_id_coder")),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_memo_response_id_response")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_memo_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memo")),
        sa.UniqueConstraint("public_id", name=op.f("uq_memo_public_id")),
    )
    with op.batch_alter_table("memo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_memo_response_id"), ["response_id"], unique=False)
        batch_op.create_index("ix_memo_study", ["study_id"], unique=False)

    op.create_table(
        "suggestion_answer",
        sa.Column("study_id", BIG_ID, nullable=False),
        sa.Column("response_id", BIG_ID, nullable=False),
        sa.Column("theme", sa.String(length=40), nullable=False),
        sa.Column("coder_id", BIG_ID, nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["coder_id"], ["coder.id"], name=op.f("fk_suggestion_answer_coder_id_coder")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_suggestion_answer_response_id_response")
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_suggestion_answer_study_id_study")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_answer")),
        sa.UniqueConstraint(
            "response_id",
            "theme",
            "coder_id",
            name=op.f("uq_suggestion_answer_response_id_theme_coder_id"),
        ),
    )
    with op.batch_alter_table("suggestion_answer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_suggestion_answer_response_id"), ["response_id"], unique=False
        )


def downgrade() -> None:
    """Take this revision back."""
    with op.batch_alter_table("suggestion_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_suggestion_answer_response_id"))

    op.drop_table("suggestion_answer")
    with op.batch_alter_table("memo", schema=None) as batch_op:
        batch_op.drop_index("ix_memo_study")
        batch_op.drop_index(batch_op.f("ix_memo_response_id"))

    op.drop_table("memo")
    with op.batch_alter_table("coding", schema=None) as batch_op:
        batch_op.drop_index("ix_coding_study_coder")
        batch_op.drop_index(batch_op.f("ix_coding_response_id"))
        batch_op.drop_index(batch_op.f("ix_coding_code_id"))

    op.drop_table("coding")
    op.drop_table("coding_event")
    op.drop_table("coder")
    with op.batch_alter_table("code", schema=None) as batch_op:
        batch_op.drop_index("ix_code_study")

    op.drop_table("code")
