"""Coders: people with the researcher's right, and layers that came from another program."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.coding.journal import CodingError, lock
from store.models import Coder

LABEL_LENGTH = 80
IMPORTED = " (imported)"
"""Behind the name of a layer; what comes home twice is the same layer."""


def coder_of(session: Session, study_id: int, pseudonym: str) -> Coder:
    """The coder behind a person's code, made on their first step as "Coder 1" and so on."""
    found = _find(session, study_id, pseudonym)
    if found is not None:
        return found
    lock(session, study_id)
    found = _find(session, study_id, pseudonym)
    if found is None:
        people = select(func.count()).where(Coder.study_id == study_id, Coder.imported.is_(False))
        number = (session.scalar(people) or 0) + 1
        found = Coder(study_id=study_id, pseudonym=pseudonym, label=f"Coder {number}")
        session.add(found)
        session.flush()
    return found


def layer(session: Session, study_id: int, label: str) -> Coder:
    """The layer for codings that somebody of this name made elsewhere, apart from all of ours.

    Raises:
        CodingError: the name is empty or too long.
    """
    plain = " ".join(label.split()).removesuffix(IMPORTED)
    if not plain or len(plain) > LABEL_LENGTH - len(IMPORTED):
        raise CodingError("the name of a coder has 1 to 69 characters")
    pseudonym = hashlib.sha256(f"import|{plain}".encode()).hexdigest()[:32]
    found = _find(session, study_id, pseudonym)
    if found is None:
        found = Coder(
            study_id=study_id, pseudonym=pseudonym, label=f"{plain}{IMPORTED}", imported=True
        )
        session.add(found)
        session.flush()
    return found


def coders_of(session: Session, study_id: int) -> Sequence[Coder]:
    """All coders of a study, the first one first."""
    return session.scalars(select(Coder).where(Coder.study_id == study_id).order_by(Coder.id)).all()


def _find(session: Session, study_id: int, pseudonym: str) -> Coder | None:
    query = select(Coder).where(Coder.study_id == study_id, Coder.pseudonym == pseudonym)
    return session.scalars(query).first()
