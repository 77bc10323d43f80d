"""Human codes: the codebook of a study, who coded what, memos, and every step on the way."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, BigId, Row, new_public_id


class Coder(Row, Base):
    """Somebody who codes in a study, or a layer of codings that came from another program."""

    __tablename__ = "coder"
    __table_args__ = (UniqueConstraint("study_id", "pseudonym"), UniqueConstraint("study_id", "label"))

    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    pseudonym: Mapped[str] = mapped_column(String(32))
    """The person's code in the study; of an imported layer a name made from what it came from."""
    label: Mapped[str] = mapped_column(String(80))
    """How others see the coder, such as "Coder 2"."""
    imported: Mapped[bool] = mapped_column(default=False)


class Code(Row, Base):
    """A code of a study's codebook, or a folder of codes (a candidate theme)."""

    __tablename__ = "code"
    __table_args__ = (Index("ix_code_study", "study_id"),)

    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    name: Mapped[str] = mapped_column(String(120))
    """Unique among the codes in use, whatever their case: other programs merge twins."""
    definition: Mapped[str] = mapped_column(Text, default="")
    color: Mapped[str] = mapped_column(String(7), default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    codable: Mapped[bool] = mapped_column(default=True)
    """False for a folder: nothing is coded with it."""
    key: Mapped[str] = mapped_column(String(40), default="")
    """The shipped code that it began as: a machine's suggestions name these."""
    a_priori: Mapped[bool] = mapped_column(default=False)
    """Brought to the data, rather than found in it."""
    revision: Mapped[int] = mapped_column(default=1)
    """Counts changes: a change names the revision that its author saw."""
    retired_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))


class Coding(Row, Base):
    """One code on one passage of one answer, by one coder. Taken back, not deleted."""

    __tablename__ = "coding"
    __table_args__ = (
        CheckConstraint("origin IN ('human', 'accepted', 'import')", name="origin"),
        Index("ix_coding_study_coder", "study_id", "coder_id"),
    )

    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), index=True)
    code_id: Mapped[int] = mapped_column(ForeignKey("code.id"), index=True)
    coder_id: Mapped[int] = mapped_column(ForeignKey("coder.id"))
    start: Mapped[int]
    """First character of the passage in the words, from 0, in Unicode code points."""
    end: Mapped[int]
    """The character after its last."""
    origin: Mapped[str] = mapped_column(String(8), default="human")
    """"accepted": a machine's suggestion that a human took."""
    removed_at: Mapped[datetime | None]


class Memo(Row, Base):
    """What a coder noted about the study, a code or an answer."""

    __tablename__ = "memo"
    __table_args__ = (
        CheckConstraint("about IN ('study', 'code', 'response')", name="about"),
        Index("ix_memo_study", "study_id"),
    )

    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    coder_id: Mapped[int] = mapped_column(ForeignKey("coder.id"))
    about: Mapped[str] = mapped_column(String(8))
    code_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    response_id: Mapped[int | None] = mapped_column(ForeignKey("response.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class SuggestionAnswer(Row, Base):
    """What a coder said to a machine's suggestion of a theme for an answer."""

    __tablename__ = "suggestion_answer"
    __table_args__ = (UniqueConstraint("response_id", "theme", "coder_id"),)

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), index=True)
    theme: Mapped[str] = mapped_column(String(40))
    coder_id: Mapped[int] = mapped_column(ForeignKey("coder.id"))
    accepted: Mapped[bool]


class CodingEvent(Row, Base):
    """One step of coding, append-only; replaying them gives codes and codings again.

    Names codes, answers and codings by their public ids and holds no word of a learner.
    """

    __tablename__ = "coding_event"
    __table_args__ = (UniqueConstraint("study_id", "seq"),)

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    seq: Mapped[int] = mapped_column(BigId)
    coder_id: Mapped[int | None] = mapped_column(ForeignKey("coder.id"))
    """None for what came with the study itself."""
    kind: Mapped[str] = mapped_column(String(20))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]
