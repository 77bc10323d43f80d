"""``greyarea figures``: the running counts behind the figures."""

from typing import Annotated

import typer
from sqlalchemy import select

from analysis.recount import differences
from cli.environment import database
from cli.failures import CliError
from cli.studies import study_of
from store.base import utcnow
from store.models import Attempt
from worker.counting import count_figures

group = typer.Typer(no_args_is_help=True, help="Check the counts behind the figures.")


@group.command()
def check(
    institution: Annotated[str, typer.Option(help="Short name of the institution.")],
) -> None:
    """Count everybody anew from the record, and compare with the running counts."""
    found = database()
    counted = count_figures(found, utcnow())
    with found.read() as session:
        study = study_of(session, institution)
        courses = select(Attempt.context_id).where(Attempt.study_id == study.id).distinct()
        places = {None, *session.scalars(courses)}
        wrong = differences(session, study.id, sorted(places, key=lambda place: place or 0))
    typer.echo(f"{counted} interviews counted; {len(places)} places compared.")
    if wrong:
        raise CliError("The running counts differ from the record:\n" + "\n".join(wrong))
    typer.echo("The running counts are those of the record.")
