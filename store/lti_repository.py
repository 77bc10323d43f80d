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

from store.lti_urls import is_secure_url, origin, split_web_url
from store.models.lti import Deployment, Institution, Registration

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
    for label, identifier in (("issuer", issuer), ("client id", client_id)):
        if not 0 < len(identifier) <= 255 or not identifier.isprintable():
            raise RepositoryError(f"the {label} has 1 to 255 printable characters")
    for label, url in (("auth", urls.auth), ("token", urls.token), ("jwks", urls.jwks)):
        _require_url(label, url, allow_private_network)
    if find_registration(session, key) is not None:
        raise RepositoryError(f"there already is a registration {key!r}")
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
    )
    session.add(registration)
    session.flush()
    return registration


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
    """Activate a deployment, recorded or not yet seen; ``institution`` moves it to another.

    Raises:
        RepositoryError: the id is empty or too long.
    """
    if not 0 < len(deployment_id) <= 255:
        raise RepositoryError("a deployment id has 1 to 255 characters")
    deployment = record_deployment(session, registration, deployment_id, now)
    deployment.active = True
    if institution is not None:
        deployment.institution = institution
    session.flush()
    return deployment


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
