"""``greyarea grant``: rights beyond teaching."""

from enum import StrEnum
from typing import Annotated

import typer
from sqlalchemy import select

from cli.environment import database
from cli.failures import CliError
from cli.studies import study_of
from store import audit, participants
from store.base import utcnow
from store.models import Grant

group = typer.Typer(help="Give, list and revoke rights beyond teaching.")


class Right(StrEnum):
    """A right that can be granted."""

    RESEARCHER = "researcher"
    INSTITUTION_LEAD = "institution_lead"


Slug = Annotated[str, typer.Option("--institution", help="Short name of the institution.")]
Code = Annotated[str, typer.Option(help="The person's code, 32 digits, from their own page.")]


@group.callback(invoke_without_command=True)
def grant(
    context: typer.Context,
    institution: Annotated[str, typer.Option(help="Short name of the institution.")] = "",
    code: Code = "",
    right: Annotated[Right | None, typer.Option(help="The right to give.")] = None,
) -> None:
    """Give a person a right in their institution's study, named by their code."""
    if context.invoked_subcommand is not None:
        if institution or code or right:
            raise typer.BadParameter(
                f"put the options after {context.invoked_subcommand}", param_hint="grant"
            )
        return
    if not institution or not code or right is None:
        raise typer.BadParameter("--institution, --code and --right are needed", param_hint="grant")
    with database().write() as session:
        study = study_of(session, institution)
        try:
            participants.grant(session, study, code, right.value, "operator")
        except ValueError as error:
            raise CliError(str(error)) from None
        subject = f"{right.value} to {code}"
        audit.note(session, study.institution_id, audit.OPERATOR, "right given", subject, utcnow())
    typer.echo(f"{code} is now {right.value} of {institution}.")


@group.command("list")
def list_(institution: Slug) -> None:
    """Show who holds which right."""
    with database().read() as session:
        study = study_of(session, institution)
        query = select(Grant).where(Grant.study_id == study.id, Grant.revoked_at.is_(None))
        grants = session.scalars(query.order_by(Grant.right, Grant.id)).all()
        for row in grants:
            since = row.created_at.date().isoformat()
            typer.echo(f"{row.pseudonym}  {row.right}  since {since}, by {row.granted_by}")
        if not grants:
            typer.echo(f"Nobody holds a right in {institution}.")


@group.command()
def revoke(institution: Slug, code: Code, right: Annotated[Right, typer.Option()]) -> None:
    """Take a right away."""
    with database().write() as session:
        study = study_of(session, institution)
        query = select(Grant).where(
            Grant.study_id == study.id,
            Grant.pseudonym == code,
            Grant.right == right.value,
            Grant.revoked_at.is_(None),
        )
        row = session.scalars(query).first()
        if row is None:
            raise CliError(f"{code} does not hold the right {right.value} in {institution}")
        row.revoked_at = utcnow()
        subject = f"{right.value} from {code}"
        audit.note(session, study.institution_id, audit.OPERATOR, "right taken", subject, utcnow())
    typer.echo(f"{code} is no longer {right.value} of {institution}.")
