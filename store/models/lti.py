"""Institutions, LMS registrations and what a launch leaves behind.

The terms are those of LTI 1.3: a *registration* is one (issuer, client_id) pair,
a *deployment* one place in the LMS where it is switched on, a *context* a course,
a *resource link* one activity in it. No name and no e-mail address is ever held.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.base import Base, Row, new_public_id, utcnow

ID_LENGTH = 255
URL_LENGTH = 2048
HASH_LENGTH = 64
MIN_COUNT = 5
MIN_QUOTE = 10


class Institution(Row, Base):
    """A tenant: it sees nothing of the other institutions on the same installation."""

    __tablename__ = "institution"
    __table_args__ = (
        CheckConstraint(f"min_count >= {MIN_COUNT}", name="min_count"),
        CheckConstraint(f"min_quote >= {MIN_QUOTE}", name="min_quote"),
    )

    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    slug: Mapped[str] = mapped_column(String(63), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    # Figures about fewer people than these are hidden; an institution may only raise them.
    min_count: Mapped[int] = mapped_column(default=MIN_COUNT)
    min_quote: Mapped[int] = mapped_column(default=MIN_QUOTE)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Registration(Row, Base):
    """The tool as one LMS knows it: issuer and client id, and where the LMS answers."""

    __tablename__ = "lti_registration"
    __table_args__ = (UniqueConstraint("issuer", "client_id"),)

    # The last part of the login address: an issuer may have several registrations.
    key: Mapped[str] = mapped_column(String(63), unique=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(ID_LENGTH))
    client_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    auth_url: Mapped[str] = mapped_column(String(URL_LENGTH))
    token_url: Mapped[str] = mapped_column(String(URL_LENGTH))
    jwks_url: Mapped[str] = mapped_column(String(URL_LENGTH))
    # What the token endpoint expects as the assertion's audience; None: its own address.
    token_audience: Mapped[str | None] = mapped_column(String(URL_LENGTH))
    embed_origins: Mapped[list[Any]] = mapped_column(default=list)
    product_family: Mapped[str] = mapped_column(String(64), default="")
    # Accept a launch that cannot be tied to the browser that began it (login CSRF is the risk).
    allow_unbound_launch: Mapped[bool] = mapped_column(default=False)
    # Let the LMS's addresses resolve to private or loopback hosts.
    allow_private_network: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    # The last time the key set was fetched in vain; limits how often it is asked for.
    keys_missed_at: Mapped[datetime | None]

    institution: Mapped[Institution] = relationship()


class Deployment(Row, Base):
    """One deployment id of a registration. Recorded at its first launch, then approved."""

    __tablename__ = "lti_deployment"
    __table_args__ = (UniqueConstraint("registration_id", "deployment_id"),)

    registration_id: Mapped[int] = mapped_column(ForeignKey("lti_registration.id"))
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    deployment_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    active: Mapped[bool] = mapped_column(default=False)
    first_seen: Mapped[datetime] = mapped_column(default=utcnow)

    registration: Mapped[Registration] = relationship()
    institution: Mapped[Institution] = relationship()


class RegistrationInvite(Row, Base):
    """Lets one LMS register itself for an institution, once; the token is stored as a hash."""

    __tablename__ = "registration_invite"

    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    # The LMS may be at a private address and speak http: for trials inside one network.
    allow_private_network: Mapped[bool] = mapped_column(default=False)
    # Another host than the configuration's own that may stand in the issuer.
    issuer_host: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]

    institution: Mapped[Institution] = relationship()


class ToolKey(Row, Base):
    """A signing key of an institution; the private half is encrypted (purpose ``tool-key``)."""

    __tablename__ = "tool_key"
    __table_args__ = (
        CheckConstraint("status IN ('next', 'active', 'retired')", name="status"),
        Index("ix_tool_key_institution_id_status", "institution_id", "status"),
    )

    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    kid: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    public_jwk: Mapped[dict[str, Any]]
    private_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[str] = mapped_column(String(7))
    activated_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]


class PlatformKey(Row, Base):
    """A public key of an LMS, as last fetched from its key set."""

    __tablename__ = "platform_key"
    __table_args__ = (UniqueConstraint("registration_id", "kid"),)

    registration_id: Mapped[int] = mapped_column(
        ForeignKey("lti_registration.id", ondelete="CASCADE")
    )
    kid: Mapped[str] = mapped_column(String(ID_LENGTH))
    jwk: Mapped[dict[str, Any]]
    fetched_at: Mapped[datetime]


class LaunchAttempt(Row, Base):
    """A login that has begun: state, nonce and registration in one row, consumed once."""

    __tablename__ = "launch_attempt"

    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("lti_registration.id", ondelete="CASCADE"), index=True
    )
    state_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    nonce_hash: Mapped[str] = mapped_column(String(HASH_LENGTH))
    binding_hash: Mapped[str] = mapped_column(String(HASH_LENGTH))
    lti_deployment_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    target_link_uri: Mapped[str] = mapped_column(String(URL_LENGTH))
    storage_target: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    # State, nonce, binding secret and the LMS's hints (purpose ``launch-attempt``): needed
    # between the two steps of the login, emptied when the row is consumed.
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    consumed_at: Mapped[datetime | None]

    registration: Mapped[Registration] = relationship()


class OneTimeTicket(Row, Base):
    """A verified step that waits for its confirmation; the token is stored as a hash."""

    __tablename__ = "one_time_ticket"

    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    purpose: Mapped[str] = mapped_column(String(32))
    attempt_id: Mapped[int | None] = mapped_column(
        ForeignKey("launch_attempt.id", ondelete="CASCADE"), index=True
    )
    # What the confirmed step needs (purpose ``ticket``); emptied on use.
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class LtiUser(Row, Base):
    """A person of one deployment: a keyed hash to find them, the sub encrypted for grades."""

    __tablename__ = "lti_user"
    __table_args__ = (UniqueConstraint("deployment_id", "sub_hash"),)

    deployment_id: Mapped[int] = mapped_column(ForeignKey("lti_deployment.id"))
    sub_hash: Mapped[str] = mapped_column(String(HASH_LENGTH))
    sub_sealed: Mapped[bytes] = mapped_column(LargeBinary)

    deployment: Mapped[Deployment] = relationship()


class Context(Row, Base):
    """A course."""

    __tablename__ = "lti_context"
    __table_args__ = (UniqueConstraint("deployment_id", "lms_id"),)

    deployment_id: Mapped[int] = mapped_column(ForeignKey("lti_deployment.id"))
    lms_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    title: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    nrps_url: Mapped[str | None] = mapped_column(String(URL_LENGTH))


class ResourceLink(Row, Base):
    """One activity; ``custom`` is what the link carries, unresolved variables left out."""

    __tablename__ = "lti_resource_link"
    __table_args__ = (UniqueConstraint("deployment_id", "lms_id"),)

    deployment_id: Mapped[int] = mapped_column(ForeignKey("lti_deployment.id"))
    context_id: Mapped[int | None] = mapped_column(ForeignKey("lti_context.id"), index=True)
    lms_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    title: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # Cases chosen here, as custom parameters, for an activity that carries none itself.
    chosen: Mapped[dict[str, Any] | None]
    lineitem_url: Mapped[str | None] = mapped_column(String(URL_LENGTH))
    lineitems_url: Mapped[str | None] = mapped_column(String(URL_LENGTH))
    ags_scopes: Mapped[list[Any]] = mapped_column(default=list)


class AppSession(Row, Base):
    """A session that a launch has opened. The token is in the page; here is its hash."""

    __tablename__ = "app_session"

    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    lti_user_id: Mapped[int] = mapped_column(ForeignKey("lti_user.id"), index=True)
    deployment_id: Mapped[int] = mapped_column(ForeignKey("lti_deployment.id"))
    context_id: Mapped[int | None] = mapped_column(ForeignKey("lti_context.id"))
    resource_link_id: Mapped[int | None] = mapped_column(ForeignKey("lti_resource_link.id"))
    role: Mapped[str] = mapped_column(String(16))
    # The person administers the LMS; gives nothing by itself inside a course.
    administrator: Mapped[bool] = mapped_column(default=False)
    # What it was opened for and is good for: "launch", "deep_link" or "review".
    kind: Mapped[str] = mapped_column(String(16), default="launch")
    locale: Mapped[str | None] = mapped_column(String(35))
    # Encrypted (purpose ``return-url``): LMSs put their own session key into it.
    return_url_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    # Encrypted (purpose ``deep-link``): what the LMS takes back from a choice of activities.
    # Emptied when the choice is sent, which can be done once.
    deep_link_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    # In a review: whose work it is about, if they are known here.
    review_user_id: Mapped[int | None] = mapped_column(ForeignKey("lti_user.id"))
    seen_at: Mapped[datetime]
    idle_expires_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    user: Mapped[LtiUser] = relationship(foreign_keys=lti_user_id)
    review_user: Mapped[LtiUser | None] = relationship(foreign_keys=review_user_id)
    deployment: Mapped[Deployment] = relationship()
    context: Mapped[Context | None] = relationship()
    resource_link: Mapped[ResourceLink | None] = relationship()
