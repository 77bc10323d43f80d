"""The entry of the ``greyarea`` command."""

import sys
from collections.abc import Sequence

import typer

from cli import (
    care,
    consent,
    db,
    demo,
    docs,
    export,
    figures,
    grant,
    importing,
    invite,
    keys,
    packs,
    platform,
    serve,
)
from cli.failures import explain

commands = typer.Typer(
    name="greyarea",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Run and look after Grey Area. Settings come from GREYAREA_… variables: "
    "see docs/configuration.md.",
)
commands.command("serve")(serve.serve)
commands.command("invite")(invite.invite)
for name, group in (
    ("db", db.group),
    ("platform", platform.group),
    ("keys", keys.group),
    ("packs", packs.group),
    ("grant", grant.group),
    ("care", care.group),
    ("consent", consent.group),
    ("figures", figures.group),
    ("export", export.group),
    ("import", importing.group),
    ("demo", demo.group),
    ("docs", docs.group),
):
    commands.add_typer(group, name=name)


def app(arguments: Sequence[str] | None = None) -> None:
    """Run the command; exit 1 with a plain message when it cannot be done, 2 on wrong usage."""
    try:
        commands(args=list(arguments) if arguments is not None else None)
    except Exception as error:
        message = explain(error)
        if message is None:
            raise
        print(f"Error: {message}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    app()
