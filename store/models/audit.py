"""Who changed what about an institution and its connections."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, Row


class AuditEvent(Row, Base):
    """One change, append-only. Holds no name and nothing that a learner said."""

    __tablename__ = "audit_event"

    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    actor: Mapped[str] = mapped_column(String(32))
    """The code of a person in the institution's study, "operator", or "lms"."""
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(600), default="")
    """What it was done to: a registration's key, a deployment id, a setting."""
