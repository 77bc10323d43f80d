"""What the LTI services of an LMS need: access tokens, completion marks, roster counts."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, Row
from store.models.lti import HASH_LENGTH


class AccessToken(Row, Base):
    """A bearer token of one registration for one set of scopes, encrypted.

    Kept by registration and not by issuer: two registrations of one LMS are two clients.
    """

    __tablename__ = "access_token"
    __table_args__ = (UniqueConstraint("registration_id", "scopes_hash"),)

    registration_id: Mapped[int] = mapped_column(
        ForeignKey("lti_registration.id", ondelete="CASCADE")
    )
    scopes_hash: Mapped[str] = mapped_column(String(HASH_LENGTH))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class GradeOutbox(Row, Base):
    """A completion mark on its way to the gradebook: one a person and activity.

    ``payload`` is the fixed part of the score; neither it nor any other column holds
    anything of what the person said, or of how the interview ended.
    """

    __tablename__ = "grade_outbox"
    __table_args__ = (
        UniqueConstraint("resource_link_id", "lti_user_id", "kind"),
        CheckConstraint("state IN ('waiting', 'sent', 'failed')", name="state"),
        Index("ix_grade_outbox_due", "state", "next_try_at"),
    )

    resource_link_id: Mapped[int] = mapped_column(ForeignKey("lti_resource_link.id"))
    lti_user_id: Mapped[int] = mapped_column(ForeignKey("lti_user.id"))
    kind: Mapped[str] = mapped_column(String(16), default="completion")
    payload: Mapped[dict[str, Any]]
    scored_at: Mapped[datetime]
    """The score's timestamp: the same at each try, so that the LMS knows a repeated one."""
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(40), default="")
    """A short code, e.g. "http_403"; never a text of the LMS."""


class TeacherSeen(Row, Base):
    """That somebody has opened an activity of this course as a teacher.

    Moodle's roster calls teachers without editing rights learners; its launches do not.
    """

    __tablename__ = "teacher_seen"
    __table_args__ = (UniqueConstraint("context_id", "lti_user_id"),)

    context_id: Mapped[int] = mapped_column(ForeignKey("lti_context.id"))
    lti_user_id: Mapped[int] = mapped_column(ForeignKey("lti_user.id"))


class RosterSnapshot(Row, Base):
    """How many learners a course has, as the LMS last said; gone after a day.

    ``resource_link_id`` is set where the LMS was asked about one activity. Of the people
    there are keyed hashes only, the same as ``LtiUser.sub_hash``.
    """

    __tablename__ = "roster_snapshot"
    __table_args__ = (Index("ix_roster_snapshot_newest", "context_id", "fetched_at"),)

    context_id: Mapped[int] = mapped_column(ForeignKey("lti_context.id"))
    resource_link_id: Mapped[int | None] = mapped_column(ForeignKey("lti_resource_link.id"))
    fetched_at: Mapped[datetime]
    learners: Mapped[int | None]
    """None: the LMS could not tell; ``problem`` says why."""
    hashes: Mapped[list[Any]] = mapped_column(default=list)
    problem: Mapped[str] = mapped_column(String(40), default="")
