"""What an institution's lead may see and change of its connections with LMSs.

Every function begins with the institution. What is another's is answered as if it were not
there; what is the institution's own but for the operator to decide is refused. The operator's
own commands go by ``store.lti_repository``.

Why some things are for the operator alone: a person's code follows from issuer, deployment
and the LMS's identifier. Whoever could switch on any registration under an issuer's name
could come in as any person of that LMS.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from store.lti_repository import (
    SLUG,
    PlatformUrls,
    RepositoryError,
    add_registration,
    is_used,
    record_deployment,
    require_identifier,
)
from store.lti_urls import split_web_url
from store.models.lti import Deployment, Institution, Registration

ROLE_RULES = ("assistants_limited", "refuse_unknown_roles")
"""The institution's settings that ``lti.launch`` reads."""

MAX_THRESHOLD = 100
MAX_WAITING = 20
"""So many registrations of an institution may wait for the operator."""


class NotThereError(LookupError):
    """The institution has nothing of that id."""


class OperatorOnlyError(Exception):
    """It is the institution's own, but only the operator may do this to it."""


def registrations_of(session: Session, institution_id: int) -> Sequence[Registration]:
    """The institution's registrations, the oldest first."""
    query = select(Registration).where(Registration.institution_id == institution_id)
    return session.scalars(query.order_by(Registration.id)).all()


def deployments_of(session: Session, institution_id: int) -> Sequence[Deployment]:
    """The institution's deployments with their registrations, the oldest first.

    What waits under a shared registration may be anybody's, and is the operator's to see.
    """
    query = (
        select(Deployment)
        .join(Deployment.registration)
        .where(
            Deployment.institution_id == institution_id,
            or_(
                Deployment.active,
                Registration.shared.is_(False),
                Registration.institution_id != institution_id,
            ),
        )
        .options(joinedload(Deployment.registration))
        .order_by(Deployment.id)
    )
    return session.scalars(query).all()


def may_switch(registration: Registration, on: bool) -> bool:
    """Whether the lead of its institution may switch a registration on, or off."""
    return not registration.shared and not (on and registration.needs_operator)


def may_switch_on_deployment(deployment: Deployment) -> bool:
    """Whether the lead of its institution may switch a deployment on; off always."""
    return not deployment.needs_operator and not deployment.registration.shared


def switch_registration(
    session: Session, institution_id: int, key: str, *, on: bool
) -> Registration:
    """Switch one of the institution's registrations on or off.

    Raises:
        NotThereError, OperatorOnlyError: see the classes.
    """
    found = _registration(session, institution_id, key)
    if not may_switch(found, on):
        raise OperatorOnlyError(key)
    found.active = on
    session.flush()
    return found


def switch_deployment(
    session: Session, institution_id: int, deployment_row: int, *, on: bool
) -> Deployment:
    """Switch one of the institution's deployments on or off; named by its row id.

    Raises:
        NotThereError, OperatorOnlyError: see the classes.
    """
    shown = {row.id: row for row in deployments_of(session, institution_id)}
    found = shown.get(deployment_row)
    if found is None:
        raise NotThereError(deployment_row)
    if on and not may_switch_on_deployment(found):
        raise OperatorOnlyError(deployment_row)
    found.active = on
    session.flush()
    return found


def add_by_hand(
    session: Session,
    institution_id: int,
    *,
    issuer: str,
    client_id: str,
    urls: PlatformUrls,
    deployment_id: str = "",
    token_audience: str = "",
    embed_origin: str = "",
    now: datetime,
) -> Registration:
    """A registration as typed by a lead, under the key that the LMS was told beforehand.

    It waits for the operator, and so does its deployment if one is named. ``embed_origin`` is
    the address of the LMS's pages where it is not the issuer's.

    Raises:
        RepositoryError: a malformed value, (issuer, client id) is registered already, or too
            many wait. Nothing that is there is changed, nor told whose it is.
    """
    institution = session.get_one(Institution, institution_id, with_for_update=True)
    waiting = [row for row in registrations_of(session, institution_id) if row.needs_operator]
    if len(waiting) >= MAX_WAITING:
        raise RepositoryError("too many connections wait for the operator already")
    for label, url in (
        ("authentication", urls.auth),
        ("access token", urls.token),
        ("key set", urls.jwks),
        ("audience", token_audience or urls.token),
        ("platform’s own", embed_origin or urls.auth),
    ):
        parts = split_web_url(url)
        if parts is None or parts.scheme != "https":
            raise RepositoryError(f"the {label} address has to begin with https://")
    require_identifier("issuer", issuer)
    require_identifier("client id", client_id)
    if deployment_id:
        require_identifier("deployment id", deployment_id)
    taken = select(Registration.id).where(
        Registration.issuer == issuer, Registration.client_id == client_id
    )
    known = "this issuer and client id are registered already; nothing was changed"
    if session.scalar(taken) is not None:
        raise RepositoryError(known)
    try:
        with session.begin_nested():
            made = add_registration(
                session,
                institution,
                issuer=issuer,
                client_id=client_id,
                urls=urls,
                key=institution.manual_key,
                token_audience=token_audience or None,
                embed_origins=[embed_origin] if embed_origin else [],
                active=False,
                needs_operator=True,
            )
    except IntegrityError:  # another request was faster
        raise RepositoryError(known) from None
    if deployment_id:
        record_deployment(session, made, deployment_id, now)
    return made


def withdraw_registration(session: Session, institution_id: int, key: str) -> None:
    """Take back one of the institution's registrations that was never used.

    Raises:
        NotThereError: see the class.
        OperatorOnlyError: it is shared.
        RepositoryError: it is switched on, or was used.
    """
    found = _registration(session, institution_id, key)
    if found.shared:
        raise OperatorOnlyError(key)
    remove_unused(session, found)


def remove_unused(session: Session, registration: Registration) -> None:
    """Delete a registration by which nobody has ever come in, and its deployments.

    Raises:
        RepositoryError: it is switched on, or somebody has.
    """
    if registration.active or was_used(session, registration):
        raise RepositoryError(
            f"registration {registration.key} is in use or was used: it can only be switched off"
        )
    session.execute(delete(Deployment).where(Deployment.registration_id == registration.id))
    session.execute(delete(Registration).where(Registration.id == registration.id))


def was_used(session: Session, registration: Registration) -> bool:
    """Whether anybody has ever come in by the registration."""
    rows = select(Deployment.id).where(Deployment.registration_id == registration.id)
    return any(is_used(session, row) for row in session.scalars(rows).all())


def set_role_rules(session: Session, institution_id: int, chosen: set[str]) -> Institution:
    """Set the institution's role rules: those of ``ROLE_RULES`` that are chosen hold."""
    institution = session.get_one(Institution, institution_id, with_for_update=True)
    rules = {rule: rule in chosen for rule in ROLE_RULES}
    # A new mapping: a change inside the old one would not be seen and stored.
    institution.settings = {**institution.settings, **rules}
    session.flush()
    return institution


def raise_thresholds(
    session: Session, institution_id: int, min_count: int, min_quote: int
) -> Institution:
    """Set the numbers of people below which figures and quotations are hidden.

    Raises:
        RepositoryError: one of them is lower than before, or above ``MAX_THRESHOLD``.
    """
    institution = session.get_one(Institution, institution_id, with_for_update=True)
    for given, present in ((min_count, institution.min_count), (min_quote, institution.min_quote)):
        if not present <= given <= max(MAX_THRESHOLD, present):
            raise RepositoryError(
                f"a threshold can only be raised, to {MAX_THRESHOLD} at most: it is {present} now"
            )
    institution.min_count, institution.min_quote = min_count, min_quote
    session.flush()
    return institution


def _registration(session: Session, institution_id: int, key: str) -> Registration:
    query = select(Registration).where(
        Registration.institution_id == institution_id, Registration.key == key
    )
    known = SLUG.fullmatch(key) is not None
    found = session.scalars(query.with_for_update()).first() if known else None
    if found is None:
        raise NotThereError(key)
    return found
