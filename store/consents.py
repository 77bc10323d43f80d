"""Consent rows: given by the form, ended by withdrawal, restored by an undo."""

from datetime import datetime

from sqlalchemy import ScalarSelect, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from store.models import Attempt, Consent, ConsentText, Response, Study
from store.models.interview import COUNTED_ROLES
from study.consent import Choices, text_hash


def ensure_text(
    session: Session, study: Study, version: str, locale: str, body: str
) -> ConsentText:
    """The stored consent text of that version; raises ValueError if its words changed."""
    query = select(ConsentText).where(
        ConsentText.study_id == study.id,
        ConsentText.version == version,
        ConsentText.locale == locale,
    )
    found = session.scalars(query).first()
    if found is not None:
        if found.sha256 != text_hash(body):
            raise ValueError(f"consent text {version} ({locale}) is stored with other words")
        return found
    row = ConsentText(
        study_id=study.id, version=version, locale=locale, body=body, sha256=text_hash(body)
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        # Another person's first page was faster; its row is compared like any other.
        return ensure_text(session, study, version, locale, body)
    return row


def newest_of_response() -> ScalarSelect[int]:
    """In a query of responses: the id of the choices of each one's author that count now."""
    newest = select(func.max(Consent.id)).where(Consent.participant_id == Response.participant_id)
    return newest.correlate(Response).scalar_subquery()


def current(session: Session, participant_id: int) -> Consent | None:
    """The choices that count now; None if the person has never chosen."""
    query = select(Consent).where(Consent.participant_id == participant_id)
    return session.scalars(query.order_by(Consent.id.desc()).limit(1)).first()


def give(
    session: Session, participant_id: int, text: ConsentText, choices: Choices, now: datetime
) -> Consent:
    """Note the choices made in the form; attempts begun from now on are kept accordingly.

    A yes to research is about what follows: what was said under an earlier no is not drawn
    into it. A no holds for what was said before as well.
    """
    row = Consent(
        participant_id=participant_id,
        consent_text_id=text.id,
        take_part=choices.take_part,
        research=choices.research,
        quote=choices.quote,
        given_at=now,
    )
    session.add(row)
    if not choices.research:
        _keep(session, participant_id, "session")
    session.flush()
    return row


def withdraw(session: Session, participant_id: int, now: datetime) -> None:
    """End research consent at once; without any consent nothing needs ending."""
    last = current(session, participant_id)
    if last is None or not last.research:
        return
    session.add(
        Consent(
            participant_id=participant_id,
            consent_text_id=last.consent_text_id,
            take_part=last.take_part,
            research=False,
            quote=False,
            given_at=now,
            withdrawal=True,
        )
    )
    _keep(session, participant_id, "session")
    session.flush()


def restore(session: Session, participant_id: int, now: datetime) -> None:
    """Undo the withdrawal that is the newest row; otherwise nothing happens."""
    query = select(Consent).where(Consent.participant_id == participant_id)
    rows = session.scalars(query.order_by(Consent.id.desc()).limit(2)).all()
    if len(rows) < 2 or not rows[0].withdrawal:
        return
    before = rows[1]
    session.add(
        Consent(
            participant_id=participant_id,
            consent_text_id=before.consent_text_id,
            take_part=before.take_part,
            research=before.research,
            quote=before.quote,
            given_at=now,
        )
    )
    _keep(session, participant_id, "study" if before.research else "session")
    session.flush()


def _keep(session: Session, participant_id: int, keep: str) -> None:
    """Keep the person's interviews so; those of a preview never become part of the study."""
    statement = (
        update(Attempt)
        .where(Attempt.participant_id == participant_id)
        .values(keep=keep, recount=True)
    )
    if keep == "study":
        statement = statement.where(Attempt.lms_role.in_(COUNTED_ROLES))
    session.execute(statement)
