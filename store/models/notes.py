"""Educators' own notes on a course's figures."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, Row


class EducatorNote(Row, Base):
    """What one educator wrote down for themselves about one course; nobody else sees it."""

    __tablename__ = "educator_note"
    __table_args__ = (UniqueConstraint("study_id", "context_id", "pseudonym"),)

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    context_id: Mapped[int] = mapped_column(ForeignKey("lti_context.id"))
    pseudonym: Mapped[str] = mapped_column(String(32))
    body: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
