"""``greyarea db``: upgrade, check and back up the database."""

from pathlib import Path
from typing import Annotated

import typer

from cli.environment import database, settings
from store import schema
from store.base import utcnow

group = typer.Typer(no_args_is_help=True, help="Upgrade, check and back up the database.")


@group.command()
def upgrade() -> None:
    """Bring the tables up to date; does nothing if they are."""
    found = database(migrated=False)
    if schema.is_current(found.engine):
        typer.echo("The database is up to date.")
        return
    schema.upgrade(found.engine)
    typer.echo(f"The database is now at revision {', '.join(schema.heads())}.")


@group.command()
def check() -> None:
    """Check that the database answers, is up to date and sound."""
    problems = schema.check(database(migrated=False).engine)
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(1)
    typer.echo("The database is sound.")


@group.command()
def backup(
    folder: Annotated[
        Path | None, typer.Option(help="Where to put it; the var folder's backups if not given.")
    ] = None,
) -> None:
    """Copy the database, while it is in use, into a file named after the present moment.

    The master key is not in it: back that up apart from it (see docs/keys.md).
    """
    target = folder or settings().var_dir / "backups"
    copy = schema.backup(database(migrated=False).engine, target, utcnow())
    typer.echo(f"Backed up to {copy} ({copy.stat().st_size / 1e6:.1f} MB).")
    typer.echo(f"The master key is not in it: keep {settings().resolved_master_key_file} as well.")
