"""Participants: found by pseudonym, made at consent, never by name."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from store.keyring import Keyring
from store.models import Deployment, Grant, LtiUser, Participant, Study
from study.pseudonym import pseudonym

SUB_PURPOSE = "lti-sub"
RIGHTS = ("researcher", "institution_lead")


def default_study(session: Session, institution_id: int) -> Study | None:
    """The institution's study: the oldest one until several can be told apart by a link."""
    query = select(Study).where(Study.institution_id == institution_id).order_by(Study.id)
    return session.scalars(query.limit(1)).first()


def pseudonym_of(keyring: Keyring, study: Study, user: LtiUser, deployment: Deployment) -> str:
    """The code of an LMS user in a study; needs the master key, as nothing else links them."""
    sub = keyring.decrypt(SUB_PURPOSE, user.sub_sealed).decode()
    key = keyring.derive("pseudonym", str(study.institution_id), study.public_id)
    return pseudonym(key, deployment.registration.issuer, deployment.deployment_id, sub)


def find(session: Session, study_id: int, code: str) -> Participant | None:
    """The participant with that pseudonym in that study."""
    query = select(Participant).where(
        Participant.study_id == study_id, Participant.pseudonym == code
    )
    return session.scalars(query).first()


def find_or_add(session: Session, study_id: int, code: str) -> Participant:
    """The participant with that pseudonym, added if new (call it inside ``write()``)."""
    found = find(session, study_id, code)
    if found is None:
        try:
            with session.begin_nested():
                session.add(Participant(study_id=study_id, pseudonym=code))
        except IntegrityError:
            pass  # Another request of the same person was faster.
    return lock(session, study_id, code)


def lock(session: Session, study_id: int, code: str) -> Participant:
    """The participant's row, locked: two clicks begin one interview."""
    query = select(Participant).where(
        Participant.study_id == study_id, Participant.pseudonym == code
    )
    return session.scalars(query.with_for_update()).one()


def rights(session: Session, study_id: int, code: str) -> frozenset[str]:
    """The rights beyond teaching that the pseudonym holds in the study."""
    query = select(Grant.right).where(
        Grant.study_id == study_id, Grant.pseudonym == code, Grant.revoked_at.is_(None)
    )
    return frozenset(session.scalars(query))


def grant(session: Session, study: Study, code: str, right: str, granted_by: str) -> Grant:
    """Give a right to a pseudonym; the same right twice is one grant.

    Raises:
        ValueError: an unknown right, or something that is not a pseudonym.
    """
    if right not in RIGHTS:
        raise ValueError(f"unknown right {right!r}: use one of {', '.join(RIGHTS)}")
    if len(code) != 32 or not all(c in "0123456789abcdef" for c in code):
        raise ValueError("a code has 32 hexadecimal digits; it stands on the person's own page")
    query = select(Grant).where(
        Grant.study_id == study.id, Grant.pseudonym == code, Grant.right == right
    )
    row = session.scalars(query).first()
    if row is None:
        row = Grant(study_id=study.id, pseudonym=code, right=right, granted_by=granted_by)
        session.add(row)
    row.revoked_at = None
    session.flush()
    return row
