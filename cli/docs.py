"""``greyarea docs``: pages that are generated from the code."""

import types
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import typer
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from store.settings import PROJECT_ROOT, Settings

group = typer.Typer(no_args_is_help=True, help="Write pages that are generated from the code.")

PAGE = PROJECT_ROOT / "docs" / "configuration.md"

HEAD = """\
# Configuration

Grey Area is configured by environment variables. A wrong value ends the command with the name of
the variable. This page is written by `greyarea docs configuration` from `store/settings.py`; a
test checks that it is current.

| Variable | Type | Default | Meaning |
|---|---|---|---|
"""

TAIL = """
In production (`GREYAREA_ENV=production`) `GREYAREA_BOT_SECRET`, `GREYAREA_ACTIONS_SECRET` and the
master key file must be there; nothing is made up. Elsewhere the master key is made on first use.
Keys are explained in [keys.md](keys.md).

## The demo

`make demo` (`greyarea demo run`) sets the variables above for the processes that it starts, and
makes both secrets anew for each run. So that several demos can run beside each other it reads:

| Variable | Default | Meaning |
|---|---|---|
| `GREYAREA_VAR_DIR` | as above | Where the demo keeps its database, keys and logs. |
| `GREYAREA_WEB_PORT` | `8080` | Port of the web process. |
| `GREYAREA_BOT_PORT` | `5005` | Port of the bot. |
| `GREYAREA_ACTIONS_PORT` | `5055` | Port of the action server. |
| `SANDBOX_PORT` | `8090` | Port of the sandbox LMS. |
"""


@group.callback()
def docs() -> None:
    """Write pages that are generated from the code."""


@group.command()
def configuration(
    out: Annotated[Path, typer.Option(help="File to write; - for the screen.")] = PAGE,
) -> None:
    """Write docs/configuration.md: every variable with its type, default and meaning."""
    if str(out) == "-":
        typer.echo(page(), nl=False)
        return
    out.write_text(page(), encoding="utf-8")
    typer.echo(f"Wrote {out}.")


def page() -> str:
    """The configuration page, in Markdown."""
    prefix = Settings.model_config.get("env_prefix", "")
    rows = [
        f"| `{prefix}{name.upper()}` | {_type(field.annotation)} | {_default(field)} "
        f"| {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return HEAD + "\n".join(rows) + "\n" + TAIL


def _type(annotation: Any) -> str:
    if get_origin(annotation) is Literal:
        return "one of " + ", ".join(f"`{value}`" for value in get_args(annotation))
    if get_origin(annotation) is types.UnionType:
        return " or ".join(_type(part) for part in get_args(annotation) if part is not type(None))
    names = {Path: "path", SecretStr: "secret", str: "text", int: "number", float: "number"}
    return names.get(annotation, getattr(annotation, "__name__", str(annotation)))


def _default(field: FieldInfo) -> str:
    value = field.default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if value is None or value == "":
        return "empty"
    if isinstance(value, Path) and value.is_relative_to(PROJECT_ROOT):
        return f"`{value.relative_to(PROJECT_ROOT)}` in the project's folder"
    return f"`{value}`"
