"""Registering an LMS: institution, registration, deployment and default study in one go."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cli.failures import CliError
from lti.keys import ensure_tool_keys
from store import audit, scripts
from store.keyring import Keyring
from store.lti_repository import (
    PlatformUrls,
    add_institution,
    add_registration,
    approve_deployment,
    find_deployment,
    find_institution,
    find_registration,
)
from store.lti_urls import origin
from store.models import Institution, Registration, Study

DEFAULT_PACK = "core"
DEFAULT_STUDY = "default"


@dataclass(frozen=True, slots=True)
class Platform:
    """An LMS to register. ``key`` is the last part of its login address."""

    slug: str
    name: str
    key: str
    issuer: str
    client_id: str
    urls: PlatformUrls
    deployment: str | None = None
    allow_private_network: bool = False
    embed_origins: tuple[str, ...] = ()
    token_audience: str | None = None
    shared: bool = False


def register(
    session: Session, keyring: Keyring, platform: Platform, now: datetime, *, update: bool = False
) -> list[str]:
    """Bring the database to what ``platform`` says; one line for each thing, done or found.

    To register the same twice changes nothing. With ``update`` a registration of that key
    gets the new addresses; without, a difference is refused.

    Raises:
        CliError: the key or the institution is known with other values.
        RepositoryError: a malformed value, or (issuer, client id) is taken.
    """
    said: list[str] = []
    institution = find_institution(session, platform.slug)
    if institution is None:
        institution = add_institution(session, platform.slug, platform.name)
        said.append(f"Institution {platform.slug} ({platform.name}) added.")
    else:
        said.append(f"Institution {platform.slug} was there already.")
    # The key set has to answer from the first day: an LMS may fetch it when it is set up.
    ensure_tool_keys(session, keyring, institution, now)
    registration = find_registration(session, platform.key)
    if registration is None:
        registration = _add(session, institution, platform)
        audit.note(session, institution.id, audit.OPERATOR, "connection added", platform.key, now)
        said.append(f"Registration {platform.key} added.")
    else:
        said.append(_compare(registration, institution, platform, update))
    if platform.deployment is not None:
        known = find_deployment(session, registration.id, platform.deployment)
        fresh = known is None or not known.active
        approve_deployment(session, registration, platform.deployment, now, institution=institution)
        said.append(f"Deployment {platform.deployment} {'approved' if fresh else 'was approved'}.")
    said.append(ensure_study(session, institution))
    session.flush()
    return said


def ensure_study(session: Session, institution: Institution) -> str:
    """Give the institution its default study once the core pack is published; say what is so."""
    found = session.scalars(select(Study).where(Study.institution_id == institution.id)).first()
    if found is not None:
        return f"Study {found.slug} was there already."
    pack = scripts.find(session, DEFAULT_PACK)
    if pack is None:
        return f"No study yet: run greyarea packs publish {DEFAULT_PACK}, then this command again."
    session.add(
        Study(
            institution_id=institution.id,
            slug=DEFAULT_STUDY,
            name=f"{pack.title}, {institution.name}"[:200],
            pack_id=pack.pack_id,
            pack_version=pack.version,
        )
    )
    session.flush()
    return f"Study {DEFAULT_STUDY} added, with pack {pack.pack_id} version {pack.version}."


def _add(session: Session, institution: Institution, platform: Platform) -> Registration:
    made = add_registration(
        session,
        institution,
        issuer=platform.issuer,
        client_id=platform.client_id,
        urls=platform.urls,
        key=platform.key,
        embed_origins=platform.embed_origins,
        token_audience=platform.token_audience,
        allow_private_network=platform.allow_private_network,
    )
    made.shared = platform.shared
    return made


def _compare(
    registration: Registration, institution: Institution, platform: Platform, update: bool
) -> str:
    """Say that the registration is the same, or make it so."""
    if registration.institution_id != institution.id:
        raise CliError(
            f"registration {platform.key} belongs to institution {registration.institution.slug}"
        )
    wanted = {
        "issuer": platform.issuer,
        "client_id": platform.client_id,
        "auth_url": platform.urls.auth,
        "token_url": platform.urls.token,
        "jwks_url": platform.urls.jwks,
        "allow_private_network": platform.allow_private_network,
        "embed_origins": [origin(value) or value for value in platform.embed_origins],
        "token_audience": platform.token_audience,
        "shared": platform.shared,
    }
    other = [name for name, value in wanted.items() if getattr(registration, name) != value]
    if not other:
        return f"Registration {platform.key} was there already."
    if not update:
        raise CliError(
            f"registration {platform.key} is there already with another "
            + ", ".join(name.replace("_", " ") for name in other)
        )
    for name in other:
        setattr(registration, name, wanted[name])
    return f"Registration {platform.key} changed: {', '.join(other)}."
