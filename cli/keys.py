"""``greyarea keys``: the tool's own signing keys, an institution each."""

from typing import Annotated

import typer

from cli.environment import database, keyring
from cli.failures import CliError
from cli.studies import institution_of
from lti.keys import (
    NEXT_PUBLISHED,
    RETIRED_KEPT,
    list_tool_keys,
    next_key_ready_at,
    rotate_tool_keys,
)
from store import audit
from store.base import utcnow

group = typer.Typer(no_args_is_help=True, help="List and rotate the tool's signing keys.")

Slug = Annotated[str, typer.Option("--institution", help="Short name of the institution.")]


@group.command("list")
def list_(institution: Slug) -> None:
    """Show an institution's keys as they are published, the oldest first."""
    with database().read() as session:
        for key in list_tool_keys(session, institution_of(session, institution)):
            since = key.retired_at or key.activated_at or key.created_at
            until = ""
            if key.retired_at is not None:
                until = f", published until {(key.retired_at + RETIRED_KEPT).date().isoformat()}"
            typer.echo(f"{key.kid}: {key.status} since {since.date().isoformat()}{until}")


@group.command()
def rotate(
    institution: Slug,
    compromised: Annotated[
        bool,
        typer.Option(help="The private key is known to others: take it out of the key set now."),
    ] = False,
) -> None:
    """Sign with the next key from now on; the old one stays published for 14 days."""
    now = utcnow()
    with database().write() as session:
        found = institution_of(session, institution)
        ready = next_key_ready_at(session, found)
        if not compromised and ready is not None and ready > now:
            hours = int(NEXT_PUBLISHED.total_seconds() // 3600)
            raise CliError(
                f"the next key has not been published for {hours} hours yet, so that an LMS may "
                f"not know it: rotate after {ready:%Y-%m-%d %H:%M} UTC"
            )
        active = rotate_tool_keys(session, keyring(), found, now, drop_old=compromised)
        audit.note(session, found.id, audit.OPERATOR, "keys rotated", active.kid, now)
    typer.echo(f"{institution} now signs with {active.kid}.")
