"""Initial tables.

Revision: 0001, after nothing.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: None = None
depends_on: None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "institution",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("slug", sa.String(length=63), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("min_count", sa.Integer(), nullable=False),
        sa.Column("min_quote", sa.Integer(), nullable=False),
        sa.Column("settings", JSON, nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("min_count >= 5", name=op.f("ck_institution_min_count")),
        sa.CheckConstraint("min_quote >= 10", name=op.f("ck_institution_min_quote")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution")),
        sa.UniqueConstraint("public_id", name=op.f("uq_institution_public_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_institution_slug")),
    )
    op.create_table(
        "pack_version",
        sa.Column("pack_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_version")),
        sa.UniqueConstraint("pack_id", "version", name=op.f("uq_pack_version_pack_id_version")),
    )
    op.create_table(
        "tombstone",
        sa.Column("participant_public_id", sa.String(length=32), nullable=False),
        sa.Column("words_id", BIG_ID, nullable=True),
        sa.Column("response_public_id", sa.String(length=32), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstone")),
    )
    op.create_index(
        op.f("ix_tombstone_participant_public_id"),
        "tombstone",
        ["participant_public_id"],
        unique=False,
    )
    op.create_table(
        "lti_registration",
        sa.Column("key", sa.String(length=63), nullable=False),
        sa.Column("institution_id", BIG_ID, nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("client_id", sa.String(length=255), nullable=False),
        sa.Column("auth_url", sa.String(length=2048), nullable=False),
        sa.Column("token_url", sa.String(length=2048), nullable=False),
        sa.Column("jwks_url", sa.String(length=2048), nullable=False),
        sa.Column("token_audience", sa.String(length=2048), nullable=True),
        sa.Column("embed_origins", JSON, nullable=False),
        sa.Column("product_family", sa.String(length=64), nullable=False),
        sa.Column("allow_unbound_launch", sa.Boolean(), nullable=False),
        sa.Column("allow_private_network", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("keys_missed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_lti_registration_institution_id_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_registration")),
        sa.UniqueConstraint(
            "issuer", "client_id", name=op.f("uq_lti_registration_issuer_client_id")
        ),
        sa.UniqueConstraint("key", name=op.f("uq_lti_registration_key")),
    )
    op.create_index(
        op.f("ix_lti_registration_institution_id"),
        "lti_registration",
        ["institution_id"],
        unique=False,
    )
    op.create_table(
        "registration_invite",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("institution_id", BIG_ID, nullable=False),
        sa.Column("allow_private_network", sa.Boolean(), nullable=False),
        sa.Column("issuer_host", sa.String(length=255), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_registration_invite_institution_id_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_invite")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_registration_invite_token_hash")),
    )
    op.create_index(
        op.f("ix_registration_invite_expires_at"),
        "registration_invite",
        ["expires_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_registration_invite_institution_id"),
        "registration_invite",
        ["institution_id"],
        unique=False,
    )
    op.create_table(
        "study",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("institution_id", BIG_ID, nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("pack_id", sa.String(length=40), nullable=False),
        sa.Column("pack_version", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retention_days", sa.Integer(), nullable=False),
        sa.Column("settings", JSON, nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_study_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study")),
        sa.UniqueConstraint("institution_id", "slug", name=op.f("uq_study_institution_id_slug")),
        sa.UniqueConstraint("public_id", name=op.f("uq_study_public_id")),
    )
    op.create_table(
        "tool_key",
        sa.Column("institution_id", BIG_ID, nullable=False),
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("public_jwk", JSON, nullable=False),
        sa.Column("private_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=7), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('next', 'active', 'retired')", name=op.f("ck_tool_key_status")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_tool_key_institution_id_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tool_key")),
        sa.UniqueConstraint("kid", name=op.f("uq_tool_key_kid")),
    )
    op.create_index(
        "ix_tool_key_institution_id_status", "tool_key", ["institution_id", "status"], unique=False
    )
    op.create_table(
        "access_grant",
        sa.Column("study_id", BIG_ID, nullable=False),
        sa.Column("pseudonym", sa.String(length=32), nullable=False),
        sa.Column("right", sa.String(length=20), nullable=False),
        sa.Column("granted_by", sa.String(length=60), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_access_grant_study_id_study")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_grant")),
        sa.UniqueConstraint(
            "study_id", "pseudonym", "right", name=op.f("uq_access_grant_study_id_pseudonym_right")
        ),
    )
    op.create_index(op.f("ix_access_grant_pseudonym"), "access_grant", ["pseudonym"], unique=False)
    op.create_table(
        "access_token",
        sa.Column("registration_id", BIG_ID, nullable=False),
        sa.Column("scopes_hash", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["lti_registration.id"],
            name=op.f("fk_access_token_registration_id_lti_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_token")),
        sa.UniqueConstraint(
            "registration_id",
            "scopes_hash",
            name=op.f("uq_access_token_registration_id_scopes_hash"),
        ),
    )
    op.create_index(
        op.f("ix_access_token_expires_at"), "access_token", ["expires_at"], unique=False
    )
    op.create_table(
        "consent_text",
        sa.Column("study_id", BIG_ID, nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_consent_text_study_id_study")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_text")),
        sa.UniqueConstraint(
            "study_id", "version", "locale", name=op.f("uq_consent_text_study_id_version_locale")
        ),
    )
    op.create_table(
        "launch_attempt",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("registration_id", BIG_ID, nullable=False),
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("nonce_hash", sa.String(length=64), nullable=False),
        sa.Column("binding_hash", sa.String(length=64), nullable=False),
        sa.Column("lti_deployment_id", sa.String(length=255), nullable=True),
        sa.Column("target_link_uri", sa.String(length=2048), nullable=False),
        sa.Column("storage_target", sa.String(length=255), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["lti_registration.id"],
            name=op.f("fk_launch_attempt_registration_id_lti_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_launch_attempt")),
        sa.UniqueConstraint("public_id", name=op.f("uq_launch_attempt_public_id")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_launch_attempt_state_hash")),
    )
    op.create_index(
        op.f("ix_launch_attempt_expires_at"), "launch_attempt", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_launch_attempt_registration_id"),
        "launch_attempt",
        ["registration_id"],
        unique=False,
    )
    op.create_table(
        "lti_deployment",
        sa.Column("registration_id", BIG_ID, nullable=False),
        sa.Column("institution_id", BIG_ID, nullable=False),
        sa.Column("deployment_id", sa.String(length=255), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_lti_deployment_institution_id_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["lti_registration.id"],
            name=op.f("fk_lti_deployment_registration_id_lti_registration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_deployment")),
        sa.UniqueConstraint(
            "registration_id",
            "deployment_id",
            name=op.f("uq_lti_deployment_registration_id_deployment_id"),
        ),
    )
    op.create_index(
        op.f("ix_lti_deployment_institution_id"), "lti_deployment", ["institution_id"], unique=False
    )
    op.create_table(
        "participant",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("study_id", BIG_ID, nullable=False),
        sa.Column("pseudonym", sa.String(length=32), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_participant_study_id_study")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("public_id", name=op.f("uq_participant_public_id")),
        sa.UniqueConstraint(
            "study_id", "pseudonym", name=op.f("uq_participant_study_id_pseudonym")
        ),
    )
    op.create_index(op.f("ix_participant_study_id"), "participant", ["study_id"], unique=False)
    op.create_table(
        "platform_key",
        sa.Column("registration_id", BIG_ID, nullable=False),
        sa.Column("kid", sa.String(length=255), nullable=False),
        sa.Column("jwk", JSON, nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["lti_registration.id"],
            name=op.f("fk_platform_key_registration_id_lti_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_key")),
        sa.UniqueConstraint(
            "registration_id", "kid", name=op.f("uq_platform_key_registration_id_kid")
        ),
    )
    op.create_table(
        "consent",
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("consent_text_id", BIG_ID, nullable=False),
        sa.Column("take_part", sa.Boolean(), nullable=False),
        sa.Column("research", sa.Boolean(), nullable=False),
        sa.Column("quote", sa.Boolean(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawal", sa.Boolean(), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_text_id"],
            ["consent_text.id"],
            name=op.f("fk_consent_consent_text_id_consent_text"),
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_consent_participant_id_participant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_participant_id"), "consent", ["participant_id"], unique=False)
    op.create_table(
        "lti_context",
        sa.Column("deployment_id", BIG_ID, nullable=False),
        sa.Column("lms_id", sa.String(length=255), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("nrps_url", sa.String(length=2048), nullable=True),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["lti_deployment.id"],
            name=op.f("fk_lti_context_deployment_id_lti_deployment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_context")),
        sa.UniqueConstraint(
            "deployment_id", "lms_id", name=op.f("uq_lti_context_deployment_id_lms_id")
        ),
    )
    op.create_table(
        "lti_user",
        sa.Column("deployment_id", BIG_ID, nullable=False),
        sa.Column("sub_hash", sa.String(length=64), nullable=False),
        sa.Column("sub_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["lti_deployment.id"],
            name=op.f("fk_lti_user_deployment_id_lti_deployment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_user")),
        sa.UniqueConstraint(
            "deployment_id", "sub_hash", name=op.f("uq_lti_user_deployment_id_sub_hash")
        ),
    )
    op.create_table(
        "one_time_ticket",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("attempt_id", BIG_ID, nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["launch_attempt.id"],
            name=op.f("fk_one_time_ticket_attempt_id_launch_attempt"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_ticket")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_ticket_token_hash")),
    )
    op.create_index(
        op.f("ix_one_time_ticket_attempt_id"), "one_time_ticket", ["attempt_id"], unique=False
    )
    op.create_index(
        op.f("ix_one_time_ticket_expires_at"), "one_time_ticket", ["expires_at"], unique=False
    )
    op.create_table(
        "figure_release",
        sa.Column("study_id", BIG_ID, nullable=False),
        sa.Column("context_id", BIG_ID, nullable=False),
        sa.Column("scenario_id", sa.String(length=20), nullable=False),
        sa.Column("scenario_version", sa.Integer(), nullable=False),
        sa.Column("figure", sa.String(length=20), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("k", sa.SmallInteger(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=10), nullable=False),
        sa.Column("cells", JSON, nullable=False),
        sa.Column("sizes", JSON, nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_attempt", sa.BigInteger(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["context_id"],
            ["lti_context.id"],
            name=op.f("fk_figure_release_context_id_lti_context"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_figure_release_study_id_study")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_release")),
        sa.UniqueConstraint(
            "study_id",
            "context_id",
            "scenario_id",
            "scenario_version",
            "figure",
            name=op.f("uq_figure_release_study_id_context_id_scenario_id_scenario_version_figure"),
        ),
    )
    op.create_table(
        "lti_resource_link",
        sa.Column("deployment_id", BIG_ID, nullable=False),
        sa.Column("context_id", BIG_ID, nullable=True),
        sa.Column("lms_id", sa.String(length=255), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("custom", JSON, nullable=False),
        sa.Column("lineitem_url", sa.String(length=2048), nullable=True),
        sa.Column("lineitems_url", sa.String(length=2048), nullable=True),
        sa.Column("ags_scopes", JSON, nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["context_id"],
            ["lti_context.id"],
            name=op.f("fk_lti_resource_link_context_id_lti_context"),
        ),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["lti_deployment.id"],
            name=op.f("fk_lti_resource_link_deployment_id_lti_deployment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_resource_link")),
        sa.UniqueConstraint(
            "deployment_id", "lms_id", name=op.f("uq_lti_resource_link_deployment_id_lms_id")
        ),
    )
    op.create_index(
        op.f("ix_lti_resource_link_context_id"), "lti_resource_link", ["context_id"], unique=False
    )
    op.create_table(
        "teacher_seen",
        sa.Column("context_id", BIG_ID, nullable=False),
        sa.Column("lti_user_id", BIG_ID, nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["context_id"], ["lti_context.id"], name=op.f("fk_teacher_seen_context_id_lti_context")
        ),
        sa.ForeignKeyConstraint(
            ["lti_user_id"], ["lti_user.id"], name=op.f("fk_teacher_seen_lti_user_id_lti_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teacher_seen")),
        sa.UniqueConstraint(
            "context_id", "lti_user_id", name=op.f("uq_teacher_seen_context_id_lti_user_id")
        ),
    )
    op.create_table(
        "app_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("lti_user_id", BIG_ID, nullable=False),
        sa.Column("deployment_id", BIG_ID, nullable=False),
        sa.Column("context_id", BIG_ID, nullable=True),
        sa.Column("resource_link_id", BIG_ID, nullable=True),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("administrator", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=True),
        sa.Column("return_url_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idle_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["context_id"], ["lti_context.id"], name=op.f("fk_app_session_context_id_lti_context")
        ),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["lti_deployment.id"],
            name=op.f("fk_app_session_deployment_id_lti_deployment"),
        ),
        sa.ForeignKeyConstraint(
            ["lti_user_id"], ["lti_user.id"], name=op.f("fk_app_session_lti_user_id_lti_user")
        ),
        sa.ForeignKeyConstraint(
            ["resource_link_id"],
            ["lti_resource_link.id"],
            name=op.f("fk_app_session_resource_link_id_lti_resource_link"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_app_session_token_hash")),
    )
    op.create_index(
        op.f("ix_app_session_idle_expires_at"), "app_session", ["idle_expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_app_session_lti_user_id"), "app_session", ["lti_user_id"], unique=False
    )
    op.create_table(
        "attempt",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("study_id", BIG_ID, nullable=False),
        sa.Column("context_id", BIG_ID, nullable=True),
        sa.Column("resource_link_id", BIG_ID, nullable=True),
        sa.Column("lti_user_id", BIG_ID, nullable=True),
        sa.Column("pack_version_id", BIG_ID, nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("role_view", sa.String(length=10), nullable=False),
        sa.Column("lms_role", sa.String(length=20), nullable=False),
        sa.Column("profession", sa.String(length=60), nullable=True),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("keep", sa.String(length=8), nullable=False),
        sa.Column("start_state", JSON, nullable=False),
        sa.Column("state", JSON, nullable=False),
        sa.Column("open_step", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("utterances", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_turn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("keep IN ('study', 'session')", name=op.f("ck_attempt_keep")),
        sa.ForeignKeyConstraint(
            ["context_id"], ["lti_context.id"], name=op.f("fk_attempt_context_id_lti_context")
        ),
        sa.ForeignKeyConstraint(
            ["lti_user_id"], ["lti_user.id"], name=op.f("fk_attempt_lti_user_id_lti_user")
        ),
        sa.ForeignKeyConstraint(
            ["pack_version_id"],
            ["pack_version.id"],
            name=op.f("fk_attempt_pack_version_id_pack_version"),
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_attempt_participant_id_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["resource_link_id"],
            ["lti_resource_link.id"],
            name=op.f("fk_attempt_resource_link_id_lti_resource_link"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_attempt_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("public_id", name=op.f("uq_attempt_public_id")),
    )
    op.create_index("ix_attempt_class", "attempt", ["context_id", "study_id"], unique=False)
    op.create_index(op.f("ix_attempt_last_turn_at"), "attempt", ["last_turn_at"], unique=False)
    op.create_index(op.f("ix_attempt_participant_id"), "attempt", ["participant_id"], unique=False)
    op.create_index(op.f("ix_attempt_status"), "attempt", ["status"], unique=False)
    op.create_table(
        "grade_outbox",
        sa.Column("resource_link_id", BIG_ID, nullable=False),
        sa.Column("lti_user_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=40), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'failed')", name=op.f("ck_grade_outbox_state")
        ),
        sa.ForeignKeyConstraint(
            ["lti_user_id"], ["lti_user.id"], name=op.f("fk_grade_outbox_lti_user_id_lti_user")
        ),
        sa.ForeignKeyConstraint(
            ["resource_link_id"],
            ["lti_resource_link.id"],
            name=op.f("fk_grade_outbox_resource_link_id_lti_resource_link"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_outbox")),
        sa.UniqueConstraint(
            "resource_link_id",
            "lti_user_id",
            "kind",
            name=op.f("uq_grade_outbox_resource_link_id_lti_user_id_kind"),
        ),
    )
    op.create_index("ix_grade_outbox_due", "grade_outbox", ["state", "next_try_at"], unique=False)
    op.create_table(
        "roster_snapshot",
        sa.Column("context_id", BIG_ID, nullable=False),
        sa.Column("resource_link_id", BIG_ID, nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("learners", sa.Integer(), nullable=True),
        sa.Column("hashes", JSON, nullable=False),
        sa.Column("problem", sa.String(length=40), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["context_id"],
            ["lti_context.id"],
            name=op.f("fk_roster_snapshot_context_id_lti_context"),
        ),
        sa.ForeignKeyConstraint(
            ["resource_link_id"],
            ["lti_resource_link.id"],
            name=op.f("fk_roster_snapshot_resource_link_id_lti_resource_link"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_snapshot")),
    )
    op.create_index(
        "ix_roster_snapshot_newest", "roster_snapshot", ["context_id", "fetched_at"], unique=False
    )
    op.create_table(
        "event",
        sa.Column("attempt_id", BIG_ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_event_attempt_id_attempt")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("attempt_id", "seq", name=op.f("uq_event_attempt_id_seq")),
    )
    op.create_table(
        "words",
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("attempt_id", BIG_ID, nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("masked", JSON, nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_words_attempt_id_attempt")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_words_participant_id_participant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_words")),
    )
    op.create_index(op.f("ix_words_attempt_id"), "words", ["attempt_id"], unique=False)
    op.create_index(op.f("ix_words_participant_id"), "words", ["participant_id"], unique=False)
    op.create_table(
        "turn",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("attempt_id", BIG_ID, nullable=False),
        sa.Column("client_msg_id", sa.String(length=64), nullable=False),
        sa.Column("step_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("option", sa.String(length=40), nullable=True),
        sa.Column("words_id", BIG_ID, nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("move", JSON, nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('received', 'done', 'stale')", name=op.f("ck_turn_status")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_turn_attempt_id_attempt")
        ),
        sa.ForeignKeyConstraint(["words_id"], ["words.id"], name=op.f("fk_turn_words_id_words")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn")),
        sa.UniqueConstraint(
            "attempt_id", "client_msg_id", name=op.f("uq_turn_attempt_id_client_msg_id")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_turn_public_id")),
    )
    op.create_table(
        "machine_reading",
        sa.Column("turn_id", BIG_ID, nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("intent", sa.String(length=40), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("themes", JSON, nullable=False),
        sa.Column("thin", sa.Boolean(), nullable=False),
        sa.Column("model_version", sa.String(length=80), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turn.id"], name=op.f("fk_machine_reading_turn_id_turn")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine_reading")),
        sa.UniqueConstraint("turn_id", name=op.f("uq_machine_reading_turn_id")),
    )
    op.create_table(
        "response",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("attempt_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("turn_id", BIG_ID, nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("scenario_id", sa.String(length=20), nullable=True),
        sa.Column("scenario_version", sa.Integer(), nullable=True),
        sa.Column("scenario_hash", sa.String(length=64), nullable=True),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("probe_id", sa.String(length=40), nullable=True),
        sa.Column("prompt_key", sa.String(length=60), nullable=False),
        sa.Column("prompt_text", sa.Text(), nullable=False),
        sa.Column("options", JSON, nullable=False),
        sa.Column("value", sa.SmallInteger(), nullable=True),
        sa.Column("flags", JSON, nullable=False),
        sa.Column("themes", JSON, nullable=False),
        sa.Column("words_id", BIG_ID, nullable=True),
        sa.Column("revision_no", sa.SmallInteger(), nullable=False),
        sa.Column("supersedes_id", BIG_ID, nullable=True),
        sa.Column("superseded", sa.Boolean(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("model_version", sa.String(length=80), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_response_attempt_id_attempt")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_response_participant_id_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["response.id"], name=op.f("fk_response_supersedes_id_response")
        ),
        sa.ForeignKeyConstraint(["turn_id"], ["turn.id"], name=op.f("fk_response_turn_id_turn")),
        sa.ForeignKeyConstraint(
            ["words_id"], ["words.id"], name=op.f("fk_response_words_id_words")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint(
            "attempt_id",
            "number",
            "revision_no",
            name=op.f("uq_response_attempt_id_number_revision_no"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_response_public_id")),
    )
    op.create_index("ix_response_cell", "response", ["scenario_id", "step", "kind"], unique=False)
    op.create_index(
        op.f("ix_response_participant_id"), "response", ["participant_id"], unique=False
    )
    op.create_index(op.f("ix_response_turn_id"), "response", ["turn_id"], unique=False)
    op.create_table(
        "utterance",
        sa.Column("attempt_id", BIG_ID, nullable=False),
        sa.Column("turn_id", BIG_ID, nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("params", JSON, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("question", sa.Boolean(), nullable=False),
        sa.Column("echo_words_id", BIG_ID, nullable=True),
        sa.Column("echo_start", sa.Integer(), nullable=True),
        sa.Column("echo_end", sa.Integer(), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_utterance_attempt_id_attempt")
        ),
        sa.ForeignKeyConstraint(
            ["echo_words_id"], ["words.id"], name=op.f("fk_utterance_echo_words_id_words")
        ),
        sa.ForeignKeyConstraint(["turn_id"], ["turn.id"], name=op.f("fk_utterance_turn_id_turn")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_utterance")),
        sa.UniqueConstraint("attempt_id", "seq", name=op.f("uq_utterance_attempt_id_seq")),
    )
    op.create_index(op.f("ix_utterance_turn_id"), "utterance", ["turn_id"], unique=False)


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index(op.f("ix_utterance_turn_id"), table_name="utterance")
    op.drop_table("utterance")
    op.drop_index(op.f("ix_response_turn_id"), table_name="response")
    op.drop_index(op.f("ix_response_participant_id"), table_name="response")
    op.drop_index("ix_response_cell", table_name="response")
    op.drop_table("response")
    op.drop_table("machine_reading")
    op.drop_table("turn")
    op.drop_index(op.f("ix_words_participant_id"), table_name="words")
    op.drop_index(op.f("ix_words_attempt_id"), table_name="words")
    op.drop_table("words")
    op.drop_table("event")
    op.drop_index("ix_roster_snapshot_newest", table_name="roster_snapshot")
    op.drop_table("roster_snapshot")
    op.drop_index("ix_grade_outbox_due", table_name="grade_outbox")
    op.drop_table("grade_outbox")
    op.drop_index(op.f("ix_attempt_status"), table_name="attempt")
    op.drop_index(op.f("ix_attempt_participant_id"), table_name="attempt")
    op.drop_index(op.f("ix_attempt_last_turn_at"), table_name="attempt")
    op.drop_index("ix_attempt_class", table_name="attempt")
    op.drop_table("attempt")
    op.drop_index(op.f("ix_app_session_lti_user_id"), table_name="app_session")
    op.drop_index(op.f("ix_app_session_idle_expires_at"), table_name="app_session")
    op.drop_table("app_session")
    op.drop_table("teacher_seen")
    op.drop_index(op.f("ix_lti_resource_link_context_id"), table_name="lti_resource_link")
    op.drop_table("lti_resource_link")
    op.drop_table("figure_release")
    op.drop_index(op.f("ix_one_time_ticket_expires_at"), table_name="one_time_ticket")
    op.drop_index(op.f("ix_one_time_ticket_attempt_id"), table_name="one_time_ticket")
    op.drop_table("one_time_ticket")
    op.drop_table("lti_user")
    op.drop_table("lti_context")
    op.drop_index(op.f("ix_consent_participant_id"), table_name="consent")
    op.drop_table("consent")
    op.drop_table("platform_key")
    op.drop_index(op.f("ix_participant_study_id"), table_name="participant")
    op.drop_table("participant")
    op.drop_index(op.f("ix_lti_deployment_institution_id"), table_name="lti_deployment")
    op.drop_table("lti_deployment")
    op.drop_index(op.f("ix_launch_attempt_registration_id"), table_name="launch_attempt")
    op.drop_index(op.f("ix_launch_attempt_expires_at"), table_name="launch_attempt")
    op.drop_table("launch_attempt")
    op.drop_table("consent_text")
    op.drop_index(op.f("ix_access_token_expires_at"), table_name="access_token")
    op.drop_table("access_token")
    op.drop_index(op.f("ix_access_grant_pseudonym"), table_name="access_grant")
    op.drop_table("access_grant")
    op.drop_index("ix_tool_key_institution_id_status", table_name="tool_key")
    op.drop_table("tool_key")
    op.drop_table("study")
    op.drop_index(op.f("ix_registration_invite_institution_id"), table_name="registration_invite")
    op.drop_index(op.f("ix_registration_invite_expires_at"), table_name="registration_invite")
    op.drop_table("registration_invite")
    op.drop_index(op.f("ix_lti_registration_institution_id"), table_name="lti_registration")
    op.drop_table("lti_registration")
    op.drop_index(op.f("ix_tombstone_participant_public_id"), table_name="tombstone")
    op.drop_table("tombstone")
    op.drop_table("pack_version")
    op.drop_table("institution")
