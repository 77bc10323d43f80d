"""Verbatim lines that a researcher has released for the institution to read."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, Row


class ReleasedLine(Row, Base):
    """One answer that may be read word for word, as long as its author lets it be quoted.

    It refers to the answer and holds no words: what is changed, deleted or withdrawn is not
    shown any more from that moment on.
    """

    __tablename__ = "released_line"

    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), unique=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    released_by: Mapped[str] = mapped_column(String(32))
    """The researcher's code."""
    revoked_at: Mapped[datetime | None]
