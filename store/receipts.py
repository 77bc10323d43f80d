"""Receipt codes: with one a person can leave the research or delete everything, and read nothing.

They work without the course, which may be over. Only a hash is stored, so a code is shown once;
asking again makes a new one, and the earlier one ends.
"""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from store import consents, edits
from store.inbox import Message
from store.models import Attempt, Participant
from study.moves import Act

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no I, L, O or U, which are misread or misspell."""
LENGTH = 20
"""Of 32 letters each: 100 bits."""
GROUP = 4
MISREAD = str.maketrans("OIL", "011")
ACTS = {"withdraw": ("withdraw_consent", Act.WITHDRAW), "delete": ("delete_all", Act.DELETE)}


def issue(session: Session, participant_id: int) -> str:
    """A new code for the participant, in groups of four; the earlier one ends."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    person = session.get_one(Participant, participant_id, with_for_update=True)
    person.receipt_sha256 = _hash(code)
    session.flush()
    return "-".join(code[i : i + GROUP] for i in range(0, LENGTH, GROUP))


def find(session: Session, typed: str) -> Participant | None:
    """Whose code was typed, small letters, spaces and look-alikes forgiven."""
    code = "".join(typed[:200].upper().split()).replace("-", "").translate(MISREAD)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        return None
    query = select(Participant).where(Participant.receipt_sha256 == _hash(code))
    return session.scalars(query).first()


def carry_out(session: Session, person: Participant, act: str, now: datetime) -> bool:
    """Withdraw or delete for the person; False if there was nothing left to do it with.

    It goes through the engine like the control of the page, once for the newest interview: both
    concern everything of the person.

    Raises:
        KeyError: ``act`` is neither "withdraw" nor "delete".
    """
    option, meant = ACTS[act]
    query = select(Attempt).where(Attempt.participant_id == person.id)
    attempt = session.scalars(query.order_by(Attempt.id.desc()).limit(1)).first()
    if attempt is None:
        consents.withdraw(session, person.id, now)
        return False
    message = Message(secrets.token_hex(16), "receipt", option=option)
    edits.take_control(session, attempt, message, meant, now)
    return True


def _hash(code: str) -> str:
    return hashlib.sha256(b"greyarea receipt\0" + code.encode()).hexdigest()
