"""``greyarea invite``: an address with which an LMS registers itself."""

from typing import Annotated

import typer

from cli.environment import database, keyring, settings
from cli.failures import CliError
from cli.registering import ensure_study
from lti.keys import ensure_tool_keys
from store import audit
from store.base import utcnow
from store.lti_invites import create_invite
from store.lti_repository import add_institution, find_institution


def invite(
    institution: Annotated[str, typer.Option(help="Short name of the institution: a-z, 0-9, -.")],
    name: Annotated[
        str, typer.Option(help="Full name; needed for an institution that is new here.")
    ] = "",
    allow_private_network: Annotated[
        bool, typer.Option(help="The LMS may be at a private address, and without https.")
    ] = False,
    issuer_host: Annotated[
        str,
        typer.Option(help="The issuer's host, where it is not that of the LMS's configuration."),
    ] = "",
) -> None:
    """Print one address to paste into an LMS; it works once, within 48 hours.

    What registers with it waits for the institution's lead, or for greyarea platform approve;
    with one of the two exceptions below, for the latter alone.
    """
    now = utcnow()
    with database().write() as session:
        found = find_institution(session, institution)
        if found is None and not name:
            raise CliError(f"there is no institution {institution!r}: give its --name to add it")
        if found is None:
            found = add_institution(session, institution, name)
        ensure_tool_keys(session, keyring(), found, now)
        study = ensure_study(session, found)
        token = create_invite(
            session,
            found,
            now,
            allow_private_network=allow_private_network,
            issuer_host=issuer_host or None,
        )
        audit.note(session, found.id, audit.OPERATOR, "invite made", "for 48 hours", now)
    typer.echo(study, err=True)
    typer.echo(f"{settings().public_url.rstrip('/')}/lti/register/{token}")
