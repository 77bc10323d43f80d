"""Studies, participants, consent and grants."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, Row, new_public_id


class Study(Row, Base):
    """An institution's inquiry: a pack, a consent text, dates and retention."""

    __tablename__ = "study"
    __table_args__ = (UniqueConstraint("institution_id", "slug"),)

    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    slug: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    pack_id: Mapped[str] = mapped_column(String(40))
    pack_version: Mapped[int]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    retention_days: Mapped[int] = mapped_column(default=3650)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ConsentText(Row, Base):
    """A version of the information that a person agrees to, as shown, with its hash."""

    __tablename__ = "consent_text"
    __table_args__ = (UniqueConstraint("study_id", "version", "locale"),)

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    version: Mapped[str] = mapped_column(String(20))
    locale: Mapped[str] = mapped_column(String(20))
    body: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))


class Participant(Row, Base):
    """A pseudonym within one study. No name, no e-mail, no address."""

    __tablename__ = "participant"
    __table_args__ = (UniqueConstraint("study_id", "pseudonym"),)

    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    pseudonym: Mapped[str] = mapped_column(String(32))
    synthetic: Mapped[bool] = mapped_column(default=False)
    """Made by ``greyarea demo seed``: marked in every row that is exported."""
    receipt_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Hash of the code by which the person can withdraw and delete without the course."""


class Consent(Row, Base):
    """What a person chose, append-only: the newest row of a participant counts."""

    __tablename__ = "consent"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), index=True)
    consent_text_id: Mapped[int] = mapped_column(ForeignKey("consent_text.id"))
    take_part: Mapped[bool]
    research: Mapped[bool]
    quote: Mapped[bool]
    given_at: Mapped[datetime]
    withdrawal: Mapped[bool] = mapped_column(default=False)
    """This row ends an earlier research consent (and is what exports count)."""


class Grant(Row, Base):
    """A right beyond teaching, given to a pseudonym within a study."""

    __tablename__ = "access_grant"
    __table_args__ = (UniqueConstraint("study_id", "pseudonym", "right"),)

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    pseudonym: Mapped[str] = mapped_column(String(32), index=True)
    right: Mapped[str] = mapped_column(String(20))
    """Either "researcher" or "institution_lead"."""
    granted_by: Mapped[str] = mapped_column(String(60))
    revoked_at: Mapped[datetime | None]
