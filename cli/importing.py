"""``greyarea import``: codings that were made in another program."""

from pathlib import Path
from typing import Annotated

import typer

from cli.environment import database
from cli.failures import CliError
from cli.studies import study_of
from store import audit
from store.base import utcnow
from store.coding.journal import CodingError

group = typer.Typer(no_args_is_help=True, help="Bring codings home from another program.")


@group.callback()
def bring() -> None:
    """Bring home codings that were made in another program on an export of ours."""


@group.command()
def qdpx(
    file: Annotated[Path, typer.Argument(help="The project that the other program wrote.")],
    institution: Annotated[str, typer.Option(help="Short name of the institution.")],
) -> None:
    """Add a project's codings as a layer of another coder, and list what does not match."""
    from analysis.importing.archive import ArchiveError, read_project
    from analysis.importing.codings import bring_home

    try:
        with file.open("rb") as stream:
            foreign = read_project(stream)
        with database().write() as session:
            study = study_of(session, institution)
            report = bring_home(session, study, foreign, utcnow())
            subject = f"{study.slug}: {report.imported} codings, {len(report.unmatched)} not"
            now = utcnow()
            audit.note(session, study.institution_id, audit.OPERATOR, "imported", subject, now)
    except (ArchiveError, CodingError, OSError) as error:
        raise CliError(f"nothing was imported: {error}") from error
    typer.echo(
        f"Imported {report.imported} codings"
        + (f" as {', '.join(report.coders)}" if report.coders else "")
        + f"; {report.known} were here already, {len(report.unmatched)} do not match."
    )
    for one in report.unmatched:
        coded = one.coded
        typer.echo(
            f"  line {coded.line}: {coded.source}, {coded.start}-{coded.end}, "
            f"{coded.code!r}: {one.reason}"
        )
