"""Running counts: so that a figure costs the same however many people are in it.

Nothing here is shown to anybody as it stands. What may be shown is decided when a figure is
released (``analysis/releases.py``); these tables only save counting everybody again. A recount
from the record gives the same (``analysis/recount.py``).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, BigId, Row


class CountedAttempt(Row, Base):
    """What one interview adds to the figures, so that it can be taken out of them again."""

    __tablename__ = "counted_attempt"
    __table_args__ = (
        Index("ix_counted_attempt_course", "context_id", "study_id", "ended", "attempt_id"),
        Index("ix_counted_attempt_study", "study_id", "ended", "attempt_id"),
    )

    attempt_id: Mapped[int] = mapped_column(BigId, unique=True)
    """No foreign key: an interview that is deleted is taken out of the figures afterwards."""
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    participant_id: Mapped[int] = mapped_column(BigId, index=True)
    context_id: Mapped[int | None] = mapped_column(BigId)
    population: Mapped[str] = mapped_column(String(8))
    """Either "learner" or "educator"."""
    groups: Mapped[dict[str, Any]]
    """The person's role view and profession, as given in this interview."""
    ended: Mapped[datetime]
    facts: Mapped[list[Any]]
    """Each [scenario, version, figure, cell, which statement was shown]."""
    gone: Mapped[bool] = mapped_column(default=False, index=True)
    """The interview has been deleted."""


class Tally(Row, Base):
    """Of one figure: how many people gave which answer, in all and by group.

    ``inside`` are the people of the figure's last release, less those who have left; ``outside``
    all others. Each maps a group ("" for everybody, else "role:learner" and the like) to
    counts by answer.
    """

    __tablename__ = "tally"
    __table_args__ = (Index("ix_tally_place", "study_id", "context_id"),)

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    context_id: Mapped[int | None] = mapped_column(ForeignKey("lti_context.id"))
    """The learners' course; None for the educators of the study."""
    population: Mapped[str] = mapped_column(String(8))
    scenario_id: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    figure: Mapped[str] = mapped_column(String(20))
    inside: Mapped[dict[str, Any]] = mapped_column(default=dict)
    outside: Mapped[dict[str, Any]] = mapped_column(default=dict)
    released: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """As ``inside`` was when it was released: what the sum over courses is made of."""
    stamp_inside: Mapped[int] = mapped_column(BigInteger, default=0)
    stamp_outside: Mapped[int] = mapped_column(BigInteger, default=0)
    """Sums of the interviews' ids: another sum means that other people are in."""
    until_at: Mapped[datetime | None]
    until_attempt: Mapped[int] = mapped_column(BigInteger, default=0)
    """Where the last release ends; None when nothing is released."""
