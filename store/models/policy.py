"""What institutions say of uses of AI, their pilots, and who was shown which wording."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, BigId, Row, new_public_id


class StatementVersion(Row, Base):
    """One version of a statement. Its content never changes; whether it is in force does."""

    __tablename__ = "policy_statement"
    __table_args__ = (UniqueConstraint("institution_id", "use", "name", "version"),)

    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    use: Mapped[str] = mapped_column(String(40))
    """The key of the scenario that it is about."""
    name: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    status: Mapped[str] = mapped_column(String(40))
    """One of ``study.policies.PolicyStatus``."""
    texts: Mapped[dict[str, Any]]
    """Language → wording."""
    link: Mapped[str] = mapped_column(String(300), default="")
    content_hash: Mapped[str] = mapped_column(String(64))
    created_by: Mapped[str] = mapped_column(String(32))
    in_force_from: Mapped[datetime | None]
    in_force_until: Mapped[datetime | None]


class Pilot(Row, Base):
    """A comparison of wordings by random assignment. Only its end is ever added to it."""

    __tablename__ = "pilot"
    __table_args__ = (
        CheckConstraint("unit IN ('course', 'person')", name="unit"),
        Index("ix_pilot_institution_id_use", "institution_id", "use"),
    )

    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    use: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    unit: Mapped[str] = mapped_column(String(6))
    seed: Mapped[int]
    wordings: Mapped[list[Any]]
    """Ids of the statements' versions, in the order in which they are lettered."""
    drawn: Mapped[int] = mapped_column(default=0)
    """How many units have been given a wording."""
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    created_by: Mapped[str] = mapped_column(String(32))


class PilotPlace(Row, Base):
    """Which wording a course or a person was given; it stays for the whole pilot."""

    __tablename__ = "pilot_place"
    __table_args__ = (UniqueConstraint("pilot_id", "unit_id"),)

    pilot_id: Mapped[int] = mapped_column(ForeignKey("pilot.id"))
    unit_id: Mapped[int] = mapped_column(BigId)
    """The row of the course or of the participant, by the pilot's unit."""
    number: Mapped[int]
    """In the order of drawing, from 0: with the seed it gives the wording again."""
    wording: Mapped[int] = mapped_column(SmallInteger)


class CueShown(Row, Base):
    """The statement that an interview shows for one of its cases, fixed when it begins."""

    __tablename__ = "cue_shown"
    __table_args__ = (UniqueConstraint("attempt_id", "scenario_id", "scenario_version"),)

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    scenario_id: Mapped[str] = mapped_column(String(20))
    scenario_version: Mapped[int]
    statement_id: Mapped[int] = mapped_column(ForeignKey("policy_statement.id"), index=True)
    pilot_id: Mapped[int | None] = mapped_column(ForeignKey("pilot.id"))
