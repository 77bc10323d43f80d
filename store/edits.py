"""Changes that a person makes to their own record outside the conversation."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.inbox import Message, receive_in
from store.models import Attempt, Response, Turn, Words
from store.turns import apply_turn, lock_attempt
from study.moves import Act


class NotEditable(Exception):
    """There is no such answer of this person, or it has been erased or replaced."""


def take_control(
    session: Session, attempt: Attempt, message: Message, act: Act, now: datetime
) -> Turn:
    """A form control of the reflections page: received and applied in one transaction.

    It goes through the engine like any turn, so the log can be replayed; the bot has
    nothing to read in it. The same message id again changes nothing.
    """
    turn = receive_in(session, attempt.id, message, now)
    return apply_turn(session, turn.public_id, act, None, now)


def edit_words(
    session: Session,
    attempt: Attempt,
    response_id: str,
    text: str,
    masked: dict[str, int],
    now: datetime,
) -> Response:
    """Give an answer new words, as a new revision that supersedes the present one.

    Raises:
        NotEditable: see the class.
    """
    earlier = _current(session, attempt, response_id)
    if earlier.words_id is None:
        raise NotEditable(response_id)
    words = Words(
        participant_id=attempt.participant_id,
        attempt_id=attempt.id,
        body=text,
        masked=masked,
        restricted=session.get_one(Words, earlier.words_id).restricted,
    )
    session.add(words)
    session.flush()
    return _revise(session, earlier, now, words_id=words.id, value=earlier.value)


def edit_value(
    session: Session, attempt: Attempt, response_id: str, value: int | None, now: datetime
) -> Response:
    """Choose another point of a labelled scale, as a new revision; None is "can't say".

    Raises:
        NotEditable: see the class, or the answer is not a point of a scale.
        ValueError: the value is not 1..5 or None.
    """
    if value is not None and not 1 <= value <= 5:
        raise ValueError(f"not a point of the scale: {value}")
    earlier = _current(session, attempt, response_id)
    if earlier.kind not in ("stance", "clarity"):
        raise NotEditable(response_id)
    return _revise(session, earlier, now, words_id=earlier.words_id, value=value)


def _current(session: Session, attempt: Attempt, response_id: str) -> Response:
    if not (response_id.isascii() and response_id.isalnum()):
        raise NotEditable("no id")
    lock_attempt(session, attempt.id)
    query = select(Response).where(
        Response.attempt_id == attempt.id,
        Response.public_id == response_id,
        Response.superseded.is_(False),
        Response.erased_at.is_(None),
    )
    found = session.scalars(query).first()
    if found is None:
        raise NotEditable(response_id)
    return found


def _revise(
    session: Session, earlier: Response, now: datetime, *, words_id: int | None, value: int | None
) -> Response:
    """A new row with everything of the earlier one but its answer and its time."""
    same = {
        column.key: getattr(earlier, column.key)
        for column in Response.__table__.columns
        if column.key not in ("id", "created_at", "public_id")
    }
    flags = [flag for flag in earlier.flags if flag not in ("cant_say", "depends", "unstated")]
    if earlier.kind in ("stance", "clarity") and value is None:
        flags.append("cant_say")
    row = Response(
        **{
            **same,
            "words_id": words_id,
            "value": value,
            "flags": [*flags, *(["edited"] if "edited" not in flags else [])],
            "themes": {},
            "revision_no": earlier.revision_no + 1,
            "supersedes_id": earlier.id,
            "submitted_at": now,
            "act": "edit",
        }
    )
    session.add(row)
    earlier.superseded = True
    session.get_one(Attempt, earlier.attempt_id).recount = True
    session.flush()
    return row
