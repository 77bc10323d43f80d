"""What an LMS that registered itself leaves in the database: nothing is active yet.

The rule is in one place: what another institution has is never touched, and what this
institution has is brought up to date without switching it on or off.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from store.lti_repository import (
    PlatformUrls,
    RepositoryError,
    add_registration,
    record_deployment,
)
from store.models.lti import Institution, PlatformKey, Registration


class TakenError(Exception):
    """Issuer and client id are another institution's, or shared by several."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The facts of one dynamic registration; ``key`` is in the addresses the LMS got.

    ``needs_operator``: it used an exception that only the operator can make, so that only
    the operator may switch it on.
    """

    key: str
    issuer: str
    client_id: str
    deployment_id: str | None
    urls: PlatformUrls
    token_audience: str | None
    product_family: str
    embed_origins: tuple[str, ...]
    allow_private_network: bool
    needs_operator: bool = False


def enrol(
    session: Session, institution_id: int, enrolment: Enrolment, now: datetime
) -> tuple[Registration, bool]:
    """Store a registration, and its deployment if one is named; true if it was there already.

    New ones are inactive. One of the same institution gets the new addresses and the new
    key, and stays as active as it was.

    Raises:
        TakenError: issuer and client id belong to another institution, or to several.
        RepositoryError: a malformed value.
    """
    known = _known(session, enrolment)
    if known is None:
        try:
            with session.begin_nested():
                registration = _add(session, institution_id, enrolment)
        except IntegrityError:  # another request stored it between the two statements
            raise TakenError from None
        except RepositoryError:
            if _known(session, enrolment) is not None:  # likewise, a moment earlier
                raise TakenError from None
            raise
    elif known.institution_id != institution_id or known.shared:
        raise TakenError
    else:
        registration = known
        _renew(session, registration, enrolment)
    if enrolment.deployment_id is not None:
        record_deployment(session, registration, enrolment.deployment_id, now)
    session.flush()
    return registration, known is not None


def _known(session: Session, enrolment: Enrolment) -> Registration | None:
    return session.scalar(
        select(Registration)
        .where(
            Registration.issuer == enrolment.issuer,
            Registration.client_id == enrolment.client_id,
        )
        .with_for_update()
    )


def _add(session: Session, institution_id: int, enrolment: Enrolment) -> Registration:
    return add_registration(
        session,
        session.get_one(Institution, institution_id),
        issuer=enrolment.issuer,
        client_id=enrolment.client_id,
        urls=enrolment.urls,
        key=enrolment.key,
        embed_origins=enrolment.embed_origins,
        token_audience=enrolment.token_audience,
        product_family=enrolment.product_family,
        allow_private_network=enrolment.allow_private_network,
        active=False,
        needs_operator=enrolment.needs_operator,
    )


def _renew(session: Session, registration: Registration, enrolment: Enrolment) -> None:
    if registration.jwks_url != enrolment.urls.jwks:
        # Keys of the old address must not vouch for the new one.
        session.execute(
            delete(PlatformKey).where(PlatformKey.registration_id == registration.id),
            execution_options={"synchronize_session": False},
        )
    registration.key = enrolment.key
    registration.auth_url = enrolment.urls.auth
    registration.token_url = enrolment.urls.token
    registration.jwks_url = enrolment.urls.jwks
    registration.token_audience = enrolment.token_audience
    registration.product_family = enrolment.product_family
    registration.embed_origins = list(enrolment.embed_origins)
    registration.allow_private_network = enrolment.allow_private_network
    if not registration.active:
        registration.needs_operator = registration.needs_operator or enrolment.needs_operator
