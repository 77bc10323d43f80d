"""The inbox: a learner's turn is committed here before anyone tries to understand it."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from store.db import Database
from store.models import Attempt, Turn, Words
from study.questions import intent_of

MAX_TEXT = 5_000
"""Characters of one message."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a page posts: words (already redacted) or the value of a button, never both.

    ``client_msg_id`` is made by the page, once per submission; the same id twice is the
    same message. ``step_id`` names the question that the page showed.
    """

    client_msg_id: str
    step_id: str
    text: str | None = None
    option: str | None = None
    masked: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what no page posts (ValueError with a code of the error pages)."""
        if (self.text is None) == (self.option is None):
            raise ValueError("text_or_option")
        if not 8 <= len(self.client_msg_id) <= 64 or len(self.step_id) > 40:
            raise ValueError("bad_message")
        if self.option is not None and not 1 <= len(self.option) <= 40:
            raise ValueError("bad_message")
        if "\0" in f"{self.client_msg_id}{self.step_id}{self.option}{self.text}":
            raise ValueError("bad_message")
        if self.text is not None and len(self.text) > MAX_TEXT:
            raise ValueError("too_long")

    @property
    def intent(self) -> str | None:
        """The fixed intent of a button; None for words."""
        return None if self.option is None else intent_of(self.option)


def receive(database: Database, attempt_id: int, message: Message, now: datetime) -> Turn:
    """Commit a message; the same client message id gives the row that is there already."""
    try:
        with database.write() as session:
            return receive_in(session, attempt_id, message, now)
    except IntegrityError:
        # Two requests with the same id at once: the other one has written the row.
        with database.read() as session:
            known = _find(session, attempt_id, message.client_msg_id)
        if known is None:
            raise
        return known


def receive_in(session: Session, attempt_id: int, message: Message, now: datetime) -> Turn:
    """The same inside a transaction of the caller's."""
    base = message.client_msg_id[:58]
    for again in range(2, 100):
        known = _find(session, attempt_id, message.client_msg_id)
        if known is None:
            return _insert(session, attempt_id, message, now)
        if _same(session, known, message):
            return known
        # The page kept its id while the words changed: these are other words.
        message = replace(message, client_msg_id=f"{base}~{again}")
    raise ValueError("bad_message")


def _same(session: Session, known: Turn, message: Message) -> bool:
    if known.option != message.option:
        return False
    words = session.get(Words, known.words_id) if known.words_id is not None else None
    return words is None or words.body is None or words.body == message.text


def pending(session: Session, attempt_id: int) -> list[Turn]:
    """Turns that were received and not yet applied, oldest first."""
    query = select(Turn).where(Turn.attempt_id == attempt_id, Turn.status == "received")
    return list(session.scalars(query.order_by(Turn.id)))


def _find(session: Session, attempt_id: int, client_msg_id: str) -> Turn | None:
    query = select(Turn).where(Turn.attempt_id == attempt_id, Turn.client_msg_id == client_msg_id)
    return session.scalars(query).first()


def _insert(session: Session, attempt_id: int, message: Message, now: datetime) -> Turn:
    attempt = session.get_one(Attempt, attempt_id)
    words = None
    if message.text is not None:
        words = Words(
            participant_id=attempt.participant_id,
            attempt_id=attempt_id,
            body=message.text,
            masked=message.masked,
        )
        session.add(words)
        session.flush()
    turn = Turn(
        attempt_id=attempt_id,
        client_msg_id=message.client_msg_id,
        step_id=message.step_id,
        kind="text" if words is not None else "option",
        option=message.option,
        words_id=words.id if words is not None else None,
        received_at=now,
    )
    session.add(turn)
    session.flush()
    return turn
