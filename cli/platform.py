"""``greyarea platform``: the LMSs that may open the tool."""

from typing import Annotated

import typer

from cli.environment import database, keyring, settings
from cli.failures import CliError
from cli.registering import Platform, register
from store.base import utcnow
from store.lti_invites import list_open_invites
from store.lti_repository import (
    PlatformUrls,
    approve_deployment,
    find_registration,
    list_deployments,
    list_registrations,
    waiting_deployments,
)

group = typer.Typer(no_args_is_help=True, help="Register LMSs and approve their deployments.")


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
    embed_origin: Annotated[
        list[str] | None, typer.Option(help="An origin that may frame the tool; repeatable.")
    ] = None,
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
    )
    with database().write() as session:
        lines = register(session, keyring(), platform, utcnow())
    for line in lines:
        typer.echo(line)
    base = settings().public_url.rstrip("/")
    typer.echo("Addresses to enter in the LMS:")
    typer.echo(f"  login initiation  {base}/lti/login/{platform.key}")
    typer.echo(f"  redirect and tool {base}/lti/launch")
    typer.echo(f"  public key set    {base}/lti/jwks.json")


@group.command("list")
def list_() -> None:
    """Show registrations, deployments and open invites; what waits for approval is marked."""
    with database().read() as session:
        registrations = list_registrations(session)
        deployments = list_deployments(session)
        if not registrations:
            typer.echo("No platform is registered: see greyarea invite --help.")
        for registration in registrations:
            state = "" if registration.active else ": WAITS for approval"
            typer.echo(
                f"{registration.key}: {registration.institution.name}, {registration.issuer}, "
                f"client {registration.client_id}{state}"
            )
            for deployment in deployments:
                if deployment.registration_id == registration.id:
                    seen = deployment.first_seen.date().isoformat()
                    word = "approved" if deployment.active else "WAITS for approval"
                    typer.echo(f"  deployment {deployment.deployment_id}: {word}, seen {seen}")
        for invite in list_open_invites(session, utcnow()):
            typer.echo(
                f"Open invite for {invite.institution.name}, until "
                f"{invite.expires_at:%Y-%m-%d %H:%M} UTC"
            )


@group.command()
def approve(
    key: Annotated[str, typer.Option(help="Key of the registration: see greyarea platform list.")],
    deployment: Annotated[
        str, typer.Option(help="Deployment id, as the LMS names it; needed if several wait.")
    ] = "",
) -> None:
    """Approve a registration and a deployment of it, whether or not launched from yet.

    Without --deployment, the one that waits is approved, if it is one.
    """
    with database().write() as session:
        registration = find_registration(session, key)
        if registration is None:
            raise CliError(f"there is no registration {key!r}: see greyarea platform list")
        waiting = [row.deployment_id for row in waiting_deployments(session, registration)]
        if not deployment and len(waiting) > 1:
            raise CliError(f"several deployments wait, choose one: {', '.join(waiting)}")
        chosen = deployment or next(iter(waiting), None)
        registration.active = True
        if chosen is not None:
            approve_deployment(session, registration, chosen, utcnow())
    typer.echo(f"Registration {key} is approved.")
    if chosen is not None:
        typer.echo(f"Deployment {chosen} of {key} is approved.")
    else:
        typer.echo("No deployment waits: each is listed, and can be approved, once it is opened.")
