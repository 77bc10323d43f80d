"""``greyarea platform``: the LMSs that may open the tool."""

from typing import Annotated

import typer
from sqlalchemy.orm import Session

from cli.environment import database, keyring, settings
from cli.failures import CliError
from cli.registering import Platform, ensure_study, register
from cli.studies import institution_of
from lti.addresses import ToolAddresses
from lti.keys import ensure_tool_keys
from store import audit
from store.base import utcnow
from store.lti_invites import list_open_invites
from store.lti_repository import (
    PlatformUrls,
    add_embed_origin,
    approve_deployment,
    find_deployment,
    find_registration,
    list_deployments,
    list_registrations,
    waiting_deployments,
)
from store.lti_tenants import remove_unused
from store.models import Deployment, Registration

group = typer.Typer(no_args_is_help=True, help="Register LMSs and approve their deployments.")

Key = Annotated[str, typer.Option(help="Key of the registration: see greyarea platform list.")]
EmbedOrigin = Annotated[
    list[str] | None, typer.Option(help="An origin that may frame the tool; repeatable.")
]


@group.command()
def add(
    institution: Annotated[str, typer.Option(help="Short name of the institution: a-z, 0-9, -.")],
    issuer: Annotated[str, typer.Option(help="Issuer (iss) of the LMS.")],
    client_id: Annotated[str, typer.Option(help="Client id that the LMS gave the tool.")],
    auth_url: Annotated[str, typer.Option(help="OIDC authentication request address.")],
    token_url: Annotated[str, typer.Option(help="Access token address.")],
    jwks_url: Annotated[str, typer.Option(help="Public key set address.")],
    name: Annotated[str, typer.Option(help="Full name of the institution.")] = "",
    key: Annotated[
        str, typer.Option(help="Last part of the login address; the institution's if not given.")
    ] = "",
    deployment: Annotated[
        str | None, typer.Option(help="A deployment id to approve at once.")
    ] = None,
    allow_private_network: Annotated[
        bool, typer.Option(help="The LMS's addresses may be private ones.")
    ] = False,
    embed_origin: EmbedOrigin = None,
    token_audience: Annotated[
        str, typer.Option(help="Audience for access tokens, if not the access token address.")
    ] = "",
    shared: Annotated[
        bool, typer.Option(help="One client id for several institutions, as Blackboard has it.")
    ] = False,
) -> None:
    """Register an LMS. To add the same one twice changes nothing and says so."""
    platform = Platform(
        slug=institution,
        name=name or institution,
        key=key or institution,
        issuer=issuer,
        client_id=client_id,
        urls=PlatformUrls(auth=auth_url, token=token_url, jwks=jwks_url),
        deployment=deployment,
        allow_private_network=allow_private_network,
        embed_origins=tuple(embed_origin or ()),
        token_audience=token_audience or None,
        shared=shared,
    )
    now = utcnow()
    with database().write() as session:
        lines = register(session, keyring(), platform, now)
    for line in lines:
        typer.echo(line)
    typer.echo("Addresses to enter in the LMS:")
    for line in _addresses(platform.key):
        typer.echo(f"  {line}")


@group.command("list")
def list_() -> None:
    """Show registrations, their addresses here, deployments and open invites.

    What waits for approval is marked.
    """
    with database().read() as session:
        registrations = list_registrations(session)
        deployments = list_deployments(session)
        if not registrations:
            typer.echo("No platform is registered: see greyarea invite --help.")
        for registration in registrations:
            shared = ", shared" if registration.shared else ""
            state = "" if registration.active else f": {_waits(registration)}"
            typer.echo(
                f"{registration.key}: {registration.institution.name}, {registration.issuer}, "
                f"client {registration.client_id}{shared}{state}"
            )
            for line in _addresses(registration.key):
                typer.echo(f"    {line}")
            for deployment in deployments:
                if deployment.registration_id == registration.id:
                    typer.echo(f"  {_line(registration, deployment)}")
        for invite in list_open_invites(session, utcnow()):
            typer.echo(
                f"Open invite for {invite.institution.name}, until "
                f"{invite.expires_at:%Y-%m-%d %H:%M} UTC"
            )


@group.command()
def approve(
    key: Key,
    deployment: Annotated[
        str, typer.Option(help="Deployment id, as the LMS names it; needed if several wait.")
    ] = "",
    institution: Annotated[
        str,
        typer.Option(
            help="Short name of the institution that the deployment belongs to, if not the "
            "registration's own; needed for a shared registration."
        ),
    ] = "",
    embed_origin: EmbedOrigin = None,
) -> None:
    """Approve a registration and a deployment of it, whether or not launched from yet.

    Without --deployment, the one that waits is approved, if it is one.
    """
    study = ""
    with database().write() as session:
        registration = _registration(session, key)
        waiting = [row.deployment_id for row in waiting_deployments(session, registration)]
        if not deployment and len(waiting) > 1:
            raise CliError(f"several deployments wait, choose one: {', '.join(waiting)}")
        chosen = deployment or next(iter(waiting), None)
        if institution and chosen is None:
            raise CliError("say which deployment is that institution's, with --deployment")
        registration.active, registration.needs_operator = True, False
        for value in embed_origin or ():
            add_embed_origin(registration, value)
        _note(session, registration, "connection approved", key)
        if chosen is not None:
            owner = institution_of(session, institution) if institution else None
            found = approve_deployment(session, registration, chosen, utcnow(), institution=owner)
            ensure_tool_keys(session, keyring(), found.institution, utcnow())
            study = ensure_study(session, found.institution)
            _note(session, found, "place approved", chosen)
    if institution:
        typer.echo(study, err=True)
    typer.echo(f"Registration {key} is approved.")
    if chosen is not None:
        whose = f" for {institution}" if institution else ""
        typer.echo(f"Deployment {chosen} of {key} is approved{whose}.")
    else:
        typer.echo("No deployment waits: each is listed, and can be approved, once it is opened.")


@group.command()
def deactivate(
    key: Key,
    deployment: Annotated[
        str, typer.Option(help="Only this deployment, as the LMS names it.")
    ] = "",
) -> None:
    """Switch a registration or a deployment off; only platform approve switches it on again.

    Whoever is there now is asked to open the activity again, and cannot.
    """
    with database().write() as session:
        found: Registration | Deployment | None = _registration(session, key)
        if deployment and found is not None:
            found = find_deployment(session, found.id, deployment)
        if found is None:
            raise CliError(f"registration {key} has no deployment {deployment!r}")
        found.active, found.needs_operator = False, True
        place = bool(deployment)
        action = "place switched off" if place else "connection switched off"
        _note(session, found, action, deployment or key)
    typer.echo(f"{f'Deployment {deployment} of {key}' if place else key} is switched off.")


@group.command()
def share(
    key: Key,
    undo: Annotated[bool, typer.Option(help="It belongs to its own institution alone.")] = False,
) -> None:
    """Say that the deployments of a registration belong to several institutions.

    Each has to be approved with --institution from then on, and no institution's lead can
    switch the registration or a deployment of it on. What the tool signs is signed with the
    key of the institution that the registration was added for.
    """
    with database().write() as session:
        registration = _registration(session, key)
        registration.shared = not undo
        _note(session, registration, "no longer shared" if undo else "shared", key)
    typer.echo(f"Registration {key} is {'no longer ' if undo else ''}shared.")


@group.command()
def remove(key: Key) -> None:
    """Remove a registration that is switched off and was never used."""
    with database().write() as session:
        registration = _registration(session, key)
        _note(session, registration, "connection removed", key)
        remove_unused(session, registration)
    typer.echo(f"Registration {key} is removed.")


def _registration(session: Session, key: str) -> Registration:
    found = find_registration(session, key)
    if found is None:
        raise CliError(f"there is no registration {key!r}: see greyarea platform list")
    return found


def _addresses(key: str) -> list[str]:
    addresses = ToolAddresses(settings().public_url, key)
    return [
        f"login initiation    {addresses.login}",
        f"redirect and tool   {addresses.launch}",
        f"public key set      {addresses.key_set}",
        f"Canvas, all in one  {addresses.canvas}",
    ]


def _note(session: Session, about: Registration | Deployment, action: str, subject: str) -> None:
    audit.note(session, about.institution_id, audit.OPERATOR, action, subject, utcnow())


def _waits(row: Registration | Deployment) -> str:
    return "WAITS for the operator's approval" if row.needs_operator else "WAITS for approval"


def _line(registration: Registration, deployment: Deployment) -> str:
    word = "approved" if deployment.active else _waits(deployment)
    other = deployment.institution_id != registration.institution_id
    whose = f" for {deployment.institution.name}" if other else ""
    seen = deployment.first_seen.date().isoformat()
    return f"deployment {deployment.deployment_id}: {word}{whose}, seen {seen}"
