"""How long exports take and how much memory they need.

``python -m bench exports [LEARNERS]`` seeds a synthetic cohort (4,000 learners, about 100,000
responses) on SQLite and writes every form of it, each in a process of its own. It prints JSON:
responses, and for each form seconds, megabytes of memory at the most, and megabytes of the file.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bench.figures import installation, seed
from store.models import Response

TARGET_MB = 300
FORMS = ("csv", "jsonl", "parquet", "xlsx", "qdpx", "codes")


def _write(url: str, form: str, place: Path) -> dict[str, Any]:
    """One export by the command, as a researcher's operator runs it."""
    began = time.monotonic()
    command = [sys.executable, "-m", "cli.main", "export", form, "--institution", "testville"]
    running = subprocess.Popen(
        [*command, "--out", str(place)],
        env={**os.environ, "GREYAREA_DATABASE_URL": url},
        stdout=subprocess.PIPE,
        text=True,
    )
    highest = 0
    # What the system keeps of a child's memory counts from before it became another program.
    while running.poll() is None:
        highest = max(highest, _peak_kb(running.pid))
        time.sleep(0.02)
    assert running.stdout is not None
    told = running.stdout.read().splitlines()
    running.stdout.close()
    if running.returncode:
        raise RuntimeError(f"{form}: exit code {running.returncode}")
    size = sum(p.stat().st_size for p in (place.rglob("*") if place.is_dir() else [place]))
    return {
        "told": told[0],
        "seconds": round(time.monotonic() - began, 1),
        "memory_mb": round(highest / 1024),
        "file_mb": round(size / 1e6, 1),
    }


def _peak_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def main() -> int:
    """Measure and print; 0 when every form stays under the target."""
    sizes = [int(word) for word in sys.argv[2:3] if word.isdigit()]
    learners = sizes[0] if sizes else 4000
    with tempfile.TemporaryDirectory() as name, installation("sqlite", Path(name)) as (world, _):
        seed(world, learners, 16)
        with world.database.read() as session:
            responses = session.scalar(select(func.count()).select_from(Response))
        url = world.database.engine.url.render_as_string(hide_password=False)
        found = {form: _write(url, form, Path(name) / f"export-{form}") for form in FORMS}
    print(json.dumps({"responses": responses, "forms": found}, indent=2))
    return 0 if all(part["memory_mb"] < TARGET_MB for part in found.values()) else 1
