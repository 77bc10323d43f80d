"""``greyarea packs``: check scenario files and publish a pack."""

from pathlib import Path
from typing import Annotated

import typer

from cli.environment import database, settings
from cli.failures import CliError
from store import scripts
from store.pack_files import load_folder

group = typer.Typer(no_args_is_help=True, help="Check scenario files and publish packs.")

Folder = Annotated[Path | None, typer.Option(help="Another folder of scenario files.")]


@group.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of scenario and pack files.")
    ] = None,
) -> None:
    """Check all scenario and pack files; every problem with file, line, field and reason."""
    library = load_folder(folder or default_folder())
    packs = library.packs
    typer.echo(f"{len(library.scenarios)} scenarios and {len(packs)} packs are sound.")
    for pack in packs:
        languages = ", ".join(pack.languages) or "no language throughout"
        what = f"{len(pack.scenarios)} scenarios, {languages}"
        typer.echo(f"  {pack.id} version {pack.version}: {pack.title} ({what})")


@group.command()
def publish(
    pack: Annotated[str, typer.Argument(help="Id of the pack, e.g. core.")],
    version: Annotated[int | None, typer.Option(help="The newest if not given.")] = None,
    folder: Folder = None,
) -> None:
    """Store a version of a pack for good; to publish the same one again changes nothing."""
    library = load_folder(folder or default_folder())
    found = database()
    try:
        library.pack(pack, version)
    except KeyError:
        known = ", ".join(sorted({f"{p.id} {p.version}" for p in library.packs}))
        wanted = pack if version is None else f"{pack} {version}"
        raise CliError(f"there is no pack {wanted}; there is {known or 'none'}") from None
    with found.write() as session:
        known_before = scripts.find(session, pack, library.pack(pack, version).version)
        row = scripts.publish(session, library, pack, version)
        state = "is published" if known_before is None else "was published before"
        typer.echo(f"Pack {row.pack_id} version {row.version} {state} ({row.content_hash[:12]}).")


def default_folder() -> Path:
    """The folder of the scenario files of this installation."""
    return settings().data_dir / "scenarios"
