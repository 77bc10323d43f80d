"""``greyarea export``: the record as files for researchers."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer

from cli.environment import database
from cli.studies import study_of

group = typer.Typer(no_args_is_help=True, help="Export the record of a study.")


@group.callback()
def export() -> None:
    """Export the record of a study: people who agreed to research, and nobody else."""


@group.command()
def csv(
    institution: Annotated[str, typer.Option(help="Short name of the institution.")],
    out: Annotated[Path, typer.Option(help="File to write; an older one is replaced.")],
) -> None:
    """Write the responses of all who agree to research as one CSV file, a row each."""
    from analysis.export.log import write_csv

    with database().read() as session:
        study = study_of(session, institution)
        with whole_file(out) as stream:
            rows = write_csv(session, study, stream)
    typer.echo(f"Wrote {rows} rows to {out}.")


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """A text stream that becomes ``path`` at the end of the block, whole or not at all.

    Readable by its owner only: it holds what people wrote.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
