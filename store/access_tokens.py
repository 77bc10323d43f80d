"""Access tokens of the LMSs' services, shared by all processes."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from store.models.services import AccessToken


def find(session: Session, registration_id: int, scopes_hash: str) -> AccessToken | None:
    """The token held for these scopes, timely or not."""
    return session.scalar(
        select(AccessToken).where(
            AccessToken.registration_id == registration_id,
            AccessToken.scopes_hash == scopes_hash,
        )
    )


def keep(
    session: Session, registration_id: int, scopes_hash: str, sealed: bytes, expires_at: datetime
) -> None:
    """Hold a token in place of the one before; of two that arrive at once either will do."""
    row = find(session, registration_id, scopes_hash)
    if row is not None:
        row.sealed, row.expires_at = sealed, expires_at
        return
    try:
        with session.begin_nested():
            session.add(
                AccessToken(
                    registration_id=registration_id,
                    scopes_hash=scopes_hash,
                    sealed=sealed,
                    expires_at=expires_at,
                )
            )
    except IntegrityError:
        return


def forget(session: Session, registration_id: int, scopes_hash: str) -> None:
    """Drop the token for these scopes."""
    session.execute(
        delete(AccessToken).where(
            AccessToken.registration_id == registration_id,
            AccessToken.scopes_hash == scopes_hash,
        )
    )


def purge_expired(session: Session, now: datetime) -> int:
    """Delete what has expired; how many."""
    old = session.scalars(select(AccessToken).where(AccessToken.expires_at <= now)).all()
    for row in old:
        session.delete(row)
    return len(old)
