"""Institutions, registrations and deployments: what the command line manages."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from store.base import new_public_id
from store.lti_urls import is_secure_url, origin, split_web_url
from store.models.lti import Deployment, Institution, LtiUser, Registration

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class RepositoryError(ValueError):
    """A value that cannot be stored; the message says which and why."""


@dataclass(frozen=True)
class PlatformUrls:
    """Where an LMS answers: authentication, access tokens, key set."""

    auth: str
    token: str
    jwks: str


def add_institution(
    session: Session, slug: str, name: str, *, settings: dict[str, Any] | None = None
) -> Institution:
    """A new institution with the lowest permitted thresholds.

    Raises:
        RepositoryError: the slug is malformed or taken, or the name is empty or too long.
    """
    if not SLUG.fullmatch(slug):
        raise RepositoryError("a slug has 1 to 63 of a-z, 0-9 and hyphens, no hyphen at an end")
    if not name.strip() or len(name) > 200:
        raise RepositoryError("a name has 1 to 200 characters")
    if find_institution(session, slug) is not None:
        raise RepositoryError(f"there already is an institution {slug!r}")
    institution = Institution(slug=slug, name=name.strip(), settings=settings or {})
    session.add(institution)
    session.flush()
    return institution


def find_institution(session: Session, slug: str) -> Institution | None:
    """The institution of that slug."""
    return session.scalar(select(Institution).where(Institution.slug == slug))


def list_institutions(session: Session) -> Sequence[Institution]:
    """All institutions by slug."""
    return session.scalars(select(Institution).order_by(Institution.slug)).all()


def add_registration(
    session: Session,
    institution: Institution,
    *,
    issuer: str,
    client_id: str,
    urls: PlatformUrls,
    key: str | None = None,
    embed_origins: Sequence[str] = (),
    token_audience: str | None = None,
    product_family: str = "",
    allow_unbound_launch: bool = False,
    allow_private_network: bool = False,
    active: bool = True,
    needs_operator: bool = False,
) -> Registration:
    """A new registration. Without ``key`` its login address gets 32 random digits.

    ``embed_origins`` are the origins that may frame the tool; empty means the issuer's.
    Addresses are https, or http on the same machine; with ``allow_private_network``
    http anywhere.

    Raises:
        RepositoryError: a malformed value, or (issuer, client_id) or key is taken.
    """
    key = secrets.token_hex(16) if key is None else key
    if not SLUG.fullmatch(key):
        raise RepositoryError("a key has 1 to 63 of a-z, 0-9 and hyphens, no hyphen at an end")
    require_identifier("issuer", issuer)
    require_identifier("client id", client_id)
    for label, url in (("auth", urls.auth), ("token", urls.token), ("jwks", urls.jwks)):
        _require_url(label, url, allow_private_network)
    if find_registration(session, key) is not None:
        raise RepositoryError(f"there already is a registration {key!r}")
    kept_for = find_institution_of_key(session, key)
    if kept_for is not None and kept_for.id != institution.id:
        raise RepositoryError(f"the key is kept for institution {kept_for.slug!r}")
    taken = select(Registration.key).where(
        Registration.issuer == issuer, Registration.client_id == client_id
    )
    if (other := session.scalar(taken)) is not None:
        raise RepositoryError(f"this issuer and client id are registered as {other!r}")
    registration = Registration(
        key=key,
        institution=institution,
        issuer=issuer,
        client_id=client_id,
        auth_url=urls.auth,
        token_url=urls.token,
        jwks_url=urls.jwks,
        token_audience=token_audience,
        embed_origins=[_require_origin(value) for value in embed_origins],
        product_family=product_family[:64],
        allow_unbound_launch=allow_unbound_launch,
        allow_private_network=allow_private_network,
        active=active,
        needs_operator=needs_operator,
    )
    session.add(registration)
    if key == institution.manual_key:
        institution.manual_key = new_public_id()
    session.flush()
    return registration


def find_institution_of_key(session: Session, key: str) -> Institution | None:
    """Whose addresses hold that key: a registration's, or that of one to be set up by hand."""
    registration = find_registration(session, key)
    if registration is not None:
        return registration.institution
    if not SLUG.fullmatch(key):
        return None
    return session.scalar(select(Institution).where(Institution.manual_key == key))


def find_registration(session: Session, key: str) -> Registration | None:
    """The registration with that key in its login address, its institution loaded."""
    if not SLUG.fullmatch(key):  # PostgreSQL does not even compare with what it cannot store
        return None
    return session.scalar(
        select(Registration)
        .where(Registration.key == key)
        .options(joinedload(Registration.institution))
    )


def list_registrations(session: Session) -> Sequence[Registration]:
    """All registrations by key, their institutions loaded."""
    return session.scalars(
        select(Registration)
        .options(joinedload(Registration.institution))
        .order_by(Registration.key)
    ).all()


def note_product_family(session: Session, registration_id: int, family: str) -> None:
    """Which LMS it is, as its launches say, where its registration did not."""
    session.execute(
        update(Registration)
        .where(Registration.id == registration_id, Registration.product_family == "")
        .values(product_family=family)
    )


def add_embed_origin(registration: Registration, value: str) -> None:
    """Let one more origin frame the registration's pages, beside those that may.

    Raises:
        RepositoryError: it is no origin.
    """
    present = registration.embed_origins or [registration.issuer]
    registration.embed_origins = list(dict.fromkeys([*present, _require_origin(value)]))


def find_deployment(
    session: Session, registration_id: int, deployment_id: str
) -> Deployment | None:
    """The deployment of a registration, with its institution."""
    return session.scalar(
        select(Deployment)
        .where(
            Deployment.registration_id == registration_id,
            Deployment.deployment_id == deployment_id,
        )
        .options(joinedload(Deployment.institution))
    )


def record_deployment(
    session: Session,
    registration: Registration,
    deployment_id: str,
    now: datetime,
    *,
    active: bool = False,
) -> Deployment:
    """The deployment, recorded once; a new one belongs to the registration's institution.

    A deployment that exists is returned as it is: ``active`` is for new ones only.
    """
    found = find_deployment(session, registration.id, deployment_id)
    if found is not None:
        return found
    deployment = Deployment(
        registration_id=registration.id,
        institution_id=registration.institution_id,
        deployment_id=deployment_id,
        active=active,
        first_seen=now,
    )
    try:
        with session.begin_nested():
            session.add(deployment)
    except IntegrityError:  # another launch recorded it between the two statements
        deployment = _existing(find_deployment(session, registration.id, deployment_id))
    return deployment


def approve_deployment(
    session: Session,
    registration: Registration,
    deployment_id: str,
    now: datetime,
    *,
    institution: Institution | None = None,
) -> Deployment:
    """Activate a deployment, recorded or not yet seen, as the operator does.

    ``institution`` says whose it is, if not the registration's own; a shared registration
    tells nothing about that, so it has to be said.

    Raises:
        RepositoryError: the id is malformed; nobody said whose it is; or people have come by
            it already, whose record stays where it is.
    """
    require_identifier("deployment id", deployment_id)
    if registration.shared and institution is None:
        raise RepositoryError(
            f"registration {registration.key} is shared: say which institution the deployment "
            "belongs to"
        )
    deployment = record_deployment(session, registration, deployment_id, now)
    if institution is not None and institution.id != deployment.institution_id:
        if is_used(session, deployment.id):
            raise RepositoryError(
                f"deployment {deployment_id} is in use by institution "
                f"{deployment.institution.slug}: it cannot become another's"
            )
        deployment.institution = institution
    deployment.active, deployment.needs_operator = True, False
    session.flush()
    return deployment


def require_identifier(label: str, value: str) -> str:
    """``value`` if it can be an LMS's identifier; RepositoryError names it by ``label``."""
    if not 0 < len(value) <= 255 or not value.isprintable():
        raise RepositoryError(f"the {label} has 1 to 255 printable characters")
    return value


def is_used(session: Session, deployment_row: int) -> bool:
    """Whether anybody has come by the deployment with that row id."""
    query = select(LtiUser.id).where(LtiUser.deployment_id == deployment_row).limit(1)
    return session.scalar(query) is not None


def waiting_deployments(session: Session, registration: Registration) -> Sequence[Deployment]:
    """The deployments of a registration that nobody has approved, the oldest first."""
    return session.scalars(
        select(Deployment)
        .where(Deployment.registration_id == registration.id, Deployment.active.is_(False))
        .order_by(Deployment.id)
    ).all()


def list_deployments(session: Session) -> Sequence[Deployment]:
    """All deployments with registration and institution, those that wait first."""
    return session.scalars(
        select(Deployment)
        .options(joinedload(Deployment.registration), joinedload(Deployment.institution))
        .order_by(Deployment.active, Deployment.id)
    ).all()


def _existing(deployment: Deployment | None) -> Deployment:
    if deployment is None:
        raise RepositoryError("the deployment could not be recorded")
    return deployment


def _require_url(label: str, url: str, allow_private_network: bool) -> None:
    if allow_private_network and split_web_url(url) is not None:
        return
    if not is_secure_url(url):
        raise RepositoryError(f"the {label} address needs https (http only on this machine)")


def _require_origin(value: str) -> str:
    found = origin(value)
    if found is None:
        raise RepositoryError(f"{value!r} is not an origin such as https://lms.example.edu")
    return found
