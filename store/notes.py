"""Educators' own notes: one for each course, read and written by whoever wrote it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.models import EducatorNote

LONGEST = 5000


def note_of(session: Session, study_id: int, context_id: int, pseudonym: str) -> str:
    """The person's note on the course; empty for none."""
    found = _row(session, study_id, context_id, pseudonym)
    return found.body if found is not None else ""


def write(
    session: Session, study_id: int, context_id: int, pseudonym: str, body: str, now: datetime
) -> None:
    """Keep the note as it is now; an empty one is deleted.

    Raises:
        ValueError: it is too long, or holds a null character.
    """
    body = body.replace("\r\n", "\n").strip()
    if len(body) > LONGEST:
        raise ValueError(f"a note holds up to {LONGEST:,} characters; this one has {len(body):,}")
    if "\x00" in body:
        raise ValueError("a note cannot hold a null character")
    found = _row(session, study_id, context_id, pseudonym)
    if not body:
        if found is not None:
            session.delete(found)
    elif found is None:
        session.add(
            EducatorNote(
                study_id=study_id,
                context_id=context_id,
                pseudonym=pseudonym,
                body=body,
                changed_at=now,
            )
        )
    else:
        found.body, found.changed_at = body, now
    session.flush()


def _row(session: Session, study_id: int, context_id: int, pseudonym: str) -> EducatorNote | None:
    query = select(EducatorNote).where(
        EducatorNote.study_id == study_id,
        EducatorNote.context_id == context_id,
        EducatorNote.pseudonym == pseudonym,
    )
    return session.scalars(query).first()
