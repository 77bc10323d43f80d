"""The record of an interview: inbox, words, responses, utterances, events."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, SmallInteger, String, Text, text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, BigId, Row, new_public_id


COUNTED_ROLES = ("learner", "educator", "assistant")
"""LMS roles whose interviews can be part of a study; previews and test learners cannot."""


class PackVersion(Row, Base):
    """A published pack with all its scenarios. Never changes once it is here."""

    __tablename__ = "pack_version"
    __table_args__ = (Unique("pack_id", "version"),)

    pack_id: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    content: Mapped[dict[str, Any]]


class Attempt(Row, Base):
    """One interview of one participant. ``state`` is where it stands."""

    __tablename__ = "attempt"
    __table_args__ = (
        CheckConstraint("keep IN ('study', 'session')", name="keep"),
        Index("ix_attempt_class", "context_id", "study_id"),
        Index(
            "ix_attempt_recount",
            "study_id",
            "context_id",
            "id",
            sqlite_where=text("recount"),
            postgresql_where=text("recount"),
        ),
    )

    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), index=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    context_id: Mapped[int | None] = mapped_column(ForeignKey("lti_context.id"))
    resource_link_id: Mapped[int | None] = mapped_column(ForeignKey("lti_resource_link.id"))
    lti_user_id: Mapped[int | None] = mapped_column(ForeignKey("lti_user.id"))
    """Whom to mark as complete; set only where the activity reports completion, and emptied
    once the mark is in the outbox: nothing else leads from a record to an LMS account."""
    pack_version_id: Mapped[int] = mapped_column(ForeignKey("pack_version.id"))
    ordinal: Mapped[int] = mapped_column(SmallInteger)
    """Which attempt of this participant, from 1: aggregates use the first complete one."""
    role_view: Mapped[str] = mapped_column(String(10))
    lms_role: Mapped[str] = mapped_column(String(20), default="learner")
    profession: Mapped[str | None] = mapped_column(String(60))
    locale: Mapped[str] = mapped_column(String(20))
    seed: Mapped[int] = mapped_column(Integer)
    keep: Mapped[str] = mapped_column(String(8))
    start_state: Mapped[dict[str, Any]]
    state: Mapped[dict[str, Any]]
    open_step: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(12), default="open", index=True)
    """Either "open", or how it ended: completed, stopped, distress, abuse, erased."""
    turns: Mapped[int] = mapped_column(default=0)
    events: Mapped[int] = mapped_column(default=0)
    utterances: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    last_turn_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    synthetic: Mapped[bool] = mapped_column(default=False)
    recount: Mapped[bool] = mapped_column(default=True)
    """Changed since it was last counted in the figures (``analysis/counting.py``)."""


class Words(Row, Base):
    """What a learner typed, redacted. The only table with learners' words."""

    __tablename__ = "words"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    body: Mapped[str | None] = mapped_column(Text)
    masked: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How many identifiers of each kind were masked before the words were written."""
    restricted: Mapped[bool] = mapped_column(default=False)
    """A disclosure or distress: left out of excerpts unless a researcher asks for it."""
    erased_at: Mapped[datetime | None]


class Turn(Row, Base):
    """The inbox: what came in, safe before it is understood."""

    __tablename__ = "turn"
    __table_args__ = (
        Unique("attempt_id", "client_msg_id"),
        CheckConstraint("status IN ('received', 'done', 'stale')", name="status"),
    )

    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    client_msg_id: Mapped[str] = mapped_column(String(64))
    step_id: Mapped[str] = mapped_column(String(40))
    """The question that the page showed, e.g. "1.twist"."""
    kind: Mapped[str] = mapped_column(String(6))
    option: Mapped[str | None] = mapped_column(String(40))
    words_id: Mapped[int | None] = mapped_column(ForeignKey("words.id"))
    received_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(10), default="received")
    number: Mapped[int | None]
    """Its place among the turns applied, from 1."""
    move: Mapped[dict[str, Any] | None]
    """What was taken of it, without words: replaying these gives the state again."""
    done_at: Mapped[datetime | None]


class Utterance(Row, Base):
    """What the assistant said, verbatim as shown (an echo of the learner by offset)."""

    __tablename__ = "utterance"
    __table_args__ = (Unique("attempt_id", "seq"),)

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    turn_id: Mapped[int | None] = mapped_column(ForeignKey("turn.id"), index=True)
    seq: Mapped[int]
    key: Mapped[str] = mapped_column(String(60))
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    text: Mapped[str] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(String(20))
    question: Mapped[bool] = mapped_column(default=False)
    echo_words_id: Mapped[int | None] = mapped_column(ForeignKey("words.id"))
    echo_start: Mapped[int | None]
    echo_end: Mapped[int | None]
    shown_at: Mapped[datetime]


class Response(Row, Base):
    """A row of the response log, append-only: a change is a new row that supersedes."""

    __tablename__ = "response"
    __table_args__ = (
        Unique("attempt_id", "number", "revision_no"),
        Index("ix_response_cell", "scenario_id", "step", "kind"),
    )

    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), index=True)
    turn_id: Mapped[int | None] = mapped_column(ForeignKey("turn.id"), index=True)
    number: Mapped[int]
    """The turn whose words or button it holds; an edit keeps the number."""
    position: Mapped[int] = mapped_column(SmallInteger)
    scenario_id: Mapped[str | None] = mapped_column(String(20))
    scenario_version: Mapped[int | None]
    scenario_hash: Mapped[str | None] = mapped_column(String(64))
    step: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(10))
    probe_id: Mapped[str | None] = mapped_column(String(40))
    prompt_key: Mapped[str] = mapped_column(String(60), default="")
    prompt_text: Mapped[str] = mapped_column(Text, default="")
    options: Mapped[list[Any]] = mapped_column(default=list)
    """The labelled points as shown, in order."""
    value: Mapped[int | None] = mapped_column(SmallInteger)
    flags: Mapped[list[Any]] = mapped_column(default=list)
    themes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Machine-heard themes and where each was first seen; never a human code."""
    words_id: Mapped[int | None] = mapped_column(ForeignKey("words.id"))
    revision_no: Mapped[int] = mapped_column(SmallInteger, default=1)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("response.id"))
    superseded: Mapped[bool] = mapped_column(default=False)
    shown_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime]
    locale: Mapped[str] = mapped_column(String(20))
    model_version: Mapped[str] = mapped_column(String(80), default="")
    act: Mapped[str] = mapped_column(String(20))
    erased_at: Mapped[datetime | None]
    synthetic: Mapped[bool] = mapped_column(default=False)


class MachineReading(Row, Base):
    """What the machine read in a turn, beside the words and apart from human codes."""

    __tablename__ = "machine_reading"

    turn_id: Mapped[int] = mapped_column(ForeignKey("turn.id"), unique=True)
    source: Mapped[str] = mapped_column(String(8))
    intent: Mapped[str] = mapped_column(String(40))
    confidence: Mapped[float]
    themes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    thin: Mapped[bool]
    model_version: Mapped[str] = mapped_column(String(80), default="")


class Event(Row, Base):
    """What happened, in order, without words: the audit trail of an attempt."""

    __tablename__ = "event"
    __table_args__ = (Unique("attempt_id", "seq"),)

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    seq: Mapped[int]
    kind: Mapped[str] = mapped_column(String(30))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]


class Tombstone(Row, Base):
    """That something was erased, so that a restored backup can be purged again."""

    __tablename__ = "tombstone"

    participant_public_id: Mapped[str] = mapped_column(String(32), index=True)
    words_id: Mapped[int | None] = mapped_column(BigId)
    response_public_id: Mapped[str | None] = mapped_column(String(32))
    at: Mapped[datetime]
