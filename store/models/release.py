"""What was last published of a course: so that figures move in steps, not person by person."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, Row


class Release(Row, Base):
    """One figure of one course, or of the study, as it is seen until the next refresh.

    ``cells`` holds counts as published, never the small ones that were hidden. Nothing here
    has anybody's name or code. The rule by which a figure is renewed is in ``analysis/releases.py``.
    """

    __tablename__ = "figure_release"
    __table_args__ = (
        UniqueConstraint(
            "study_id",
            "context_id",
            "population",
            "scenario_id",
            "scenario_version",
            "figure",
            name="uq_figure_release_place",
        ),
    )

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    context_id: Mapped[int | None] = mapped_column(ForeignKey("lti_context.id"))
    """The course; None for the study as a whole."""
    population: Mapped[str] = mapped_column(String(8), default="learner")
    """Whom it is about: "learner", "educator", or "pool" for learners of all courses."""
    scenario_id: Mapped[str] = mapped_column(String(20), default="")
    """Empty for figures about the course as a whole."""
    scenario_version: Mapped[int] = mapped_column(default=0)
    figure: Mapped[str] = mapped_column(String(20))
    """A step with a stance, or "moves", "took_part", "finished", "stopped_early"."""
    shown: Mapped[bool] = mapped_column(default=True)
    k: Mapped[int] = mapped_column(SmallInteger)
    """The threshold that it was published under."""
    people: Mapped[int]
    form: Mapped[str] = mapped_column(String(10))
    """Which points the cells are of: "points", "grouped", "moves", or "total" for none."""
    cells: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Point → count, or null where the count is hidden."""
    splits: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """By kind of group what may be shown of the figure, as "table", and as "blocks" the counts
    that it was made from, which are never shown (``analysis/splits.py``)."""
    sizes: Mapped[list[Any]] = mapped_column(default=list)
    """All numbers of people that this figure was ever published for."""
    until_at: Mapped[datetime]
    """When the last of the people in it ended their interview; later ones are not in it."""
    until_attempt: Mapped[int] = mapped_column(BigInteger)
    stamp: Mapped[int] = mapped_column(BigInteger)
    """Sum of the attempts in it: another sum means that other people are in."""
    as_of: Mapped[datetime]
    checked_at: Mapped[datetime]
    """When it was last compared with the record for people who have left."""
    left_at: Mapped[datetime | None]
    """When somebody last had to be taken out of it."""
