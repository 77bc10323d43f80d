"""Write a revision from the difference between models and migrations.

    make migration MESSAGE="add a column"            the next revision
    make migration MESSAGE="initial" REWRITE=1       the newest one anew (before a release only)

Read what was written before it is committed: a renamed column looks like one dropped
and one added.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from store import schema
from store.db import make_engine


def main() -> int:
    """Run the command; 1 if models and migrations are equal already."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("message")
    parser.add_argument("--rewrite", action="store_true", help="replace the newest revision")
    options = parser.parse_args()
    revisions = list(ScriptDirectory.from_config(schema.make_config()).walk_revisions())
    if options.rewrite and revisions:
        Path(revisions.pop(0).path).unlink()
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/scratch.db")
        schema.upgrade(engine)
        with engine.connect() as connection:
            if not schema.differences(connection):
                print("Models and migrations are equal: nothing to write.", file=sys.stderr)
                return 1
            config = schema.make_config(connection)
            config.attributes["alters"] = bool(revisions)
            made = command.revision(
                config,
                options.message,
                autogenerate=True,
                rev_id=f"{len(revisions) + 1:04d}",
            )
        engine.dispose()
    if made is None or isinstance(made, list):
        raise RuntimeError("Alembic wrote no single revision")
    path = Path(made.path)
    kept = [line for line in path.read_text().splitlines() if "# ###" not in line]
    path.write_text("\n".join(kept) + "\n")
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", made.path], check=True)
    subprocess.run([sys.executable, "-m", "ruff", "check", "--fix", "-q", made.path], check=True)
    print(f"Wrote {made.path}: read it before you commit it.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
