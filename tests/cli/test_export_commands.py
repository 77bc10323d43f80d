"""``greyarea export``: whole files or none, readable by the tools that researchers have."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from cli import export
from cli.failures import CliError


def test_a_folder_comes_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "log"
    with pytest.raises(RuntimeError), export.whole_folder(out) as draft:
        (draft / "half").write_text("x")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    with export.whole_folder(out) as draft:
        (draft / "whole").write_text("x")
    assert [path.name for path in out.iterdir()] == ["whole"]
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    with pytest.raises(CliError, match="is there already"), export.whole_folder(out):
        pass
    with pytest.raises(CliError, match="there is no folder"), export.whole_file(out / "a" / "b"):
        pass


KILLED = """
import signal, sys, time
from pathlib import Path
from cli import export
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
with export.whole_file(Path(sys.argv[1])) as draft:
    draft.write_text("half")
    print("writing", flush=True)
    time.sleep(60)
"""


def test_a_killed_export_leaves_no_half_file(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    running = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(out)], stdout=subprocess.PIPE, text=True, env=os.environ
    )
    assert running.stdout is not None and running.stdout.readline() == "writing\n"
    running.send_signal(signal.SIGTERM)
    began = time.monotonic()
    assert running.wait(timeout=30) == 143 and time.monotonic() - began < 30
    running.stdout.close()
    assert list(tmp_path.iterdir()) == []


def test_parquet_is_read_by_another_program(tmp_path: Path) -> None:
    from store.db import Database
    from store.models import Study
    from tests.analysis.cohort import Course, make_world
    from tests.store.databases import fresh_database

    with fresh_database("sqlite", tmp_path) as url:
        database = Database.from_url(url)
        world = make_world(database)
        course = Course(world)
        for n in range(30):
            course.write(course.take(1 + n % 5, "cant_say"), f"words {n} 😀")
        out = tmp_path / "log"
        with database.read() as session, export.whole_folder(out) as draft:
            from analysis.export.tables import write_parquet

            assert write_parquet(session, session.get_one(Study, world.study_id), draft) == 90
        database.engine.dispose()
    query = (
        "select study, month, count(*), count(value), max(submitted_at)::timestamp, "
        "count(distinct words), any_value(typeof(flags)) from "
        f"read_parquet('{out}/**/*.parquet', hive_partitioning = true) group by all"
    )
    ((study, month, rows, values, last, texts, flags),) = duckdb.sql(query).fetchall()
    assert (study, str(month)[:7], rows, values, texts) == (
        "main",
        f"{course.now:%Y-%m}",
        90,
        30,
        30,
    )
    assert last == course.now.replace(tzinfo=None) and flags == "VARCHAR[]"
