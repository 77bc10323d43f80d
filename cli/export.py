"""``greyarea export``: the record as files for researchers."""

import os
import secrets
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.environment import database
from cli.failures import CliError
from cli.studies import study_of
from store import audit
from store.base import utcnow

if TYPE_CHECKING:
    from analysis.export.forms import Form

group = typer.Typer(no_args_is_help=True, help="Export the record of a study.")

Institution = Annotated[str, typer.Option(help="Short name of the institution.")]
Out = Annotated[Path, typer.Option(help="File (Parquet: folder) to write; an older file goes.")]
Course = Annotated[str, typer.Option(help="Only this course, by its code in the export.")]
Scenario = Annotated[str, typer.Option(help="Only answers to this case, such as S01.")]
Day = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Interviews begun from that day on.")
]
LastDay = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Interviews begun up to that day.")
]
Quotable = Annotated[bool, typer.Option("--quotable", help="Only people who may be quoted.")]
Restricted = Annotated[
    bool, typer.Option("--restricted", help="With words that disclose or tell of distress.")
]


@group.callback()
def export() -> None:
    """Export the record of a study: people who agreed to research, and nobody else."""


def _command(name: str, help_text: str) -> None:
    def run(
        institution: Institution,
        out: Out,
        course: Course = "",
        scenario: Scenario = "",
        since: Day = None,
        until: LastDay = None,
        quotable: Quotable = False,
        restricted: Restricted = False,
    ) -> None:
        from analysis.export.choosing import Chosen
        from analysis.export.forms import Form

        chosen = Chosen(
            course,
            scenario.upper(),
            since.date() if since else None,
            until.date() if until else None,
            quotable,
            restricted,
        )
        _write(Form(name), institution, out, chosen)

    run.__doc__ = help_text
    group.command(name)(run)


for _name, _help in (
    ("csv", "Write the responses as CSV, a row each."),
    ("jsonl", "Write the responses as JSON, a line each."),
    ("parquet", "Write the responses as Parquet into a folder, by study and month."),
    ("xlsx", "Write the responses as a spreadsheet, with the data dictionary."),
    ("qdpx", "Write transcripts, codes and codings as a REFI-QDA project."),
    ("qdpx-nvivo", "Write the project in the way in which NVivo counts."),
    ("qdpx-maxqda", "Write the project in the way in which MAXQDA counts."),
    ("qdc", "Write the codebook in REFI-QDA form."),
    ("codebook", "Write the codebook as CSV."),
    ("codes", "Write answers by codes, 0 or 1, as CSV."),
    ("dictionary", "Write what the columns of the responses mean."),
):
    _command(_name, _help)


def _write(form: "Form", institution: str, out: Path, chosen: object) -> None:
    from analysis.export import choosing, forms
    from analysis.export.book import NoCodesError
    from analysis.export.tables import TooLargeError

    assert isinstance(chosen, choosing.Chosen)
    # A killed export runs through its clean-up, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    here = database()
    try:
        with here.read() as session:
            study = study_of(session, institution)
            size = forms.size_of(session, study, form, chosen)
            place = whole_folder(out) if forms.ABOUT[form].folder else whole_file(out)
            with place as draft, _progress(size) as progress:
                told = forms.write(session, study, form, draft, chosen, progress)
            last = choosing.last_export(session, study)
            gone = choosing.withdrawn_since(session, study, last)
            slug, owner = study.slug, study.institution_id
    except (choosing.ChoiceError, TooLargeError, NoCodesError) as error:
        raise CliError(f"nothing was written: {error}") from error
    with here.write() as session:
        subject = f"{slug}: {form.value}, {chosen.in_words()}: {told}"
        audit.note(session, owner, audit.OPERATOR, choosing.EXPORTED, subject, utcnow())
    typer.echo(f"Wrote {told} to {out}.")
    since = f"since the last export ({last:%Y-%m-%d %H:%M} UTC)" if last else "so far"
    typer.echo(f"{gone} {'person has' if gone == 1 else 'people have'} withdrawn {since}.")


@contextmanager
def _progress(size: int) -> Iterator[Callable[[int], None]]:
    """A bar where somebody looks at it."""
    if not size or not sys.stderr.isatty():
        yield lambda done: None
        return
    with typer.progressbar(length=size, label="Writing", file=sys.stderr) as bar:
        shown = 0

        def show(done: int) -> None:
            nonlocal shown
            if done - shown >= max(1, size // 200) or done >= size:
                bar.update(done - shown)
                shown = done

        yield show


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A draft that becomes ``path`` at the end of the block, whole or not at all.

    Readable by its owner only: it holds what people wrote.
    """
    draft = _draft(path)
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield draft
        with draft.open("rb") as stream:
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """The same for a folder, which must not be there yet."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise CliError(f"{path} is there already: name a folder that is not, or an empty one")
    draft = _draft(path)
    draft.mkdir(mode=0o700)
    try:
        yield draft
        draft.replace(path)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _draft(path: Path) -> Path:
    if not path.parent.is_dir():
        raise CliError(f"there is no folder {path.parent}")
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
