"""The redactor starts and works through every kind without asking the network."""

import subprocess
import sys

from store.settings import PROJECT_ROOT
from study.redaction import KINDS


def test_nothing_is_asked_of_the_network() -> None:
    """In an interpreter of its own, so that imports are under the ban as well."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.redaction.offline"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"worked through {', '.join(sorted(KINDS))}"
