"""``greyarea care``: whom learners in distress are shown, and what the institution has agreed."""

from typing import Annotated

import typer

from cli.environment import database
from cli.failures import CliError
from cli.studies import institution_of
from store import audit
from store.base import utcnow
from store.care import care_of, set_care
from study.care import Care, CareError, read_line

group = typer.Typer(no_args_is_help=True, help="Support lines and agreements of an institution.")
Slug = Annotated[str, typer.Option("--institution", help="Short name of the institution.")]


@group.command()
def show(institution: Slug) -> None:
    """Show what is set."""
    with database().read() as session:
        _tell(care_of(institution_of(session, institution)))


@group.command("set")
def set_(
    institution: Slug,
    line: Annotated[
        list[str] | None,
        typer.Option(help='"name | number or https address | when it is answered"; repeatable.'),
    ] = None,
    no_lines: Annotated[bool, typer.Option(help="Show no lines of the institution's own.")] = False,
    integrity_agreement: Annotated[
        bool | None,
        typer.Option(help="It is agreed in writing that integrity teams receive no answers."),
    ] = None,
) -> None:
    """Set the support lines (all of them at once), the agreement, or both."""
    if line and no_lines:
        raise typer.BadParameter("give lines or --no-lines, not both", param_hint="care set")
    with database().write() as session:
        found = institution_of(session, institution)
        before = care_of(found)
        try:
            lines = tuple(map(read_line, line or ()))
            care = Care(
                lines if lines or no_lines else before.lines,
                before.integrity_agreement if integrity_agreement is None else integrity_agreement,
            )
        except CareError as error:
            raise CliError(str(error)) from None
        set_care(session, found.id, care)
        subject = (
            f"{len(care.lines)} lines; agreement {'yes' if care.integrity_agreement else 'no'}"
        )
        audit.note(session, found.id, audit.OPERATOR, "care changed", subject, utcnow())
    _tell(care)


def _tell(care: Care) -> None:
    for line in care.lines:
        typer.echo(" | ".join(part for part in (line.name, line.contact, line.when) if part))
    if not care.lines:
        typer.echo("No support lines are set: learners in distress see a general text.")
    agreed = "recorded" if care.integrity_agreement else "not recorded"
    typer.echo(f"Agreement that integrity teams receive no answers: {agreed}.")
