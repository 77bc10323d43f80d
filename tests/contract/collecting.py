"""Which tests of a folder are about which row, as pytest itself finds them.

``python -m tests.contract.collecting FOLDER`` prints it as JSON; in a process of its own, since
a run of pytest cannot collect another.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Tagged:
    """A test, the rows that it is marked with, and whether it would be left out or excused."""

    test: str
    rows: tuple[str, ...]
    excused: bool


class _Plugin:
    def __init__(self) -> None:
        self.found: list[tuple[str, list[str], bool]] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            rows = [str(marker.args[0]) for marker in item.iter_markers("case")]
            excused = any(item.get_closest_marker(name) for name in ("skip", "skipif", "xfail"))
            self.found.append((item.nodeid, rows, excused))


def collect(folder: Path) -> list[Tagged]:
    """The tests of a folder.

    Raises:
        subprocess.CalledProcessError: they cannot be collected.
    """
    command = [sys.executable, "-m", "tests.contract.collecting", str(folder)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return [Tagged(test, tuple(rows), excused) for test, rows, excused in found]


def main(folder: str) -> int:
    """Collect, and print what was found on the last line."""
    plugin = _Plugin()
    options = ["--collect-only", "-qq", "-p", "no:cacheprovider"]
    code = pytest.main([*options, folder], plugins=[plugin])
    print()
    print(json.dumps(plugin.found))
    return int(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
