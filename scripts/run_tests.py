"""All tests: the root's, then the bot's in its own environment.

    make test                         everything
    make test TESTS="tests/store -x"  the root's pytest with these arguments, nothing else

Names what is missing before anything is run, since no test is skipped: a PostgreSQL server
at GREYAREA_TEST_POSTGRES (where none answers, one is started for this run if its programs
are installed), and Chromium.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psycopg
from throwaway_postgres import PostgresMissing, ThrowawayPostgres

ROOT = Path(__file__).resolve().parent.parent
VARIABLE = "GREYAREA_TEST_POSTGRES"
DEFAULT_URL = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BOT_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"

ROOT_TESTS = (sys.executable, "-m", "pytest")
BOT_TESTS = (str(BOT_PYTHON), "-m", "pytest", "-c", "tests/bot/pytest.ini", "tests/bot")


def main(arguments: Sequence[str]) -> int:
    """Run the tests; 0 if all have passed, 2 if something they need is missing."""
    chromium = os.environ.get("CHROMIUM") or _first_program(CHROMIUM_NAMES)
    if chromium is None:
        return missing(
            "Chromium is not installed; the browser tests need it.",
            "Install it, for example:  apt-get install chromium",
        )
    os.environ["CHROMIUM"] = chromium
    url = os.environ.get(VARIABLE) or DEFAULT_URL
    if answers(url):
        return run(url, arguments)
    if os.environ.get(VARIABLE):
        return missing(f"No PostgreSQL answers at {VARIABLE}={url}.")
    try:
        with ThrowawayPostgres() as server:
            print(f"PostgreSQL for this run: {server.url}", flush=True)
            return run(server.url, arguments)
    except PostgresMissing as error:
        return missing(
            f"No PostgreSQL answers at {url}, and none can be started: {error}",
            "Install it, for example:  apt-get install postgresql",
            f"or name a server where databases may be made:  {VARIABLE}=postgresql+psycopg://…",
        )


def run(url: str, arguments: Sequence[str]) -> int:
    """Both runs, or the root's alone with ``arguments``; 0 only if each of them has passed.

    A run that was killed has a negative code: it has failed like any other.
    """
    environment = os.environ | {VARIABLE: url}
    code = subprocess.run([*ROOT_TESTS, *arguments], cwd=ROOT, env=environment).returncode
    if arguments:
        return abs(code)
    print("\nThe bot's tests, in its own environment", flush=True)
    bot = subprocess.run(BOT_TESTS, cwd=ROOT, env=environment).returncode
    return abs(code) or abs(bot)


def answers(url: str) -> bool:
    """Whether a PostgreSQL server takes connections there."""
    try:
        psycopg.connect(url.replace("+psycopg", ""), connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def _first_program(names: Sequence[str]) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


def missing(*lines: str) -> int:
    """Say what is missing; 2."""
    print(*lines, sep="\n", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
