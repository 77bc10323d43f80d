"""The worker as a process: it starts only on a database of its version, and stops cleanly."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from store import schema
from store.db import make_engine
from worker import READY

COMMAND = [sys.executable, "-m", "worker"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    url = f"sqlite:///{tmp_path / 'test.db'}"
    return os.environ | {"GREYAREA_DATABASE_URL": url, "GREYAREA_VAR_DIR": str(tmp_path)}


def test_refuses_a_database_that_is_not_migrated(environment: dict[str, str]) -> None:
    done = subprocess.run(COMMAND, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr == "worker: the database is not up to date: run greyarea db upgrade\n"


def test_stops_on_sigterm(environment: dict[str, str]) -> None:
    engine = make_engine(environment["GREYAREA_DATABASE_URL"])
    schema.upgrade(engine)
    engine.dispose()
    process = subprocess.Popen(
        COMMAND, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == f"{READY}\n"
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    # The signal may come before the first round or in it.
    assert re.search(r"stopped after [01] rounds", log)
