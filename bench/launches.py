"""What a launch costs, and how many one machine serves, beside PyLTI1p3 alone.

A launch is the LMS's login POST, the step after it, the POST of the id_token and the page
that comes back (the information and consent page of a learner who is new). Run it with
``make bench``, or alone with ``python -m bench launches``. It starts real web processes on
ports of their own, ours against PostgreSQL (at GREYAREA_TEST_POSTGRES), and prints JSON:

- CPU time of a single web process for one launch after another, keys cached;
- a thousand launches of new people, eight at a time, by two web processes: wall time,
  errors, and how long a launch took.
"""

import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.client import HTTPException
from itertools import count
from pathlib import Path
from typing import Any

from bench import plain_tool
from bench.lms import CLIENT, DEPLOYMENT, HOST, LaunchFailed, Lms, Tool, launch
from cli.packs import default_folder
from cli.ports import free_ports
from cli.processes import Child, Processes
from cli.registering import DEFAULT_PACK, Platform, register
from cli.stack import Ports, Stack
from store import schema, scripts
from store.base import utcnow
from store.db import Database
from store.keyring import Keyring
from store.lti_repository import PlatformUrls
from store.pack_files import load_folder
from store.settings import PROJECT_ROOT
from tests.store.databases import fresh_database

WARM_UP = 30
SINGLE = 200
MANY = 1000
AT_ONCE = 8
WORKERS = 2
THREADS = 8
TARGET_CPU_MS = 25.0
TARGET_SECONDS = 60.0
CONSENT_PAGE = "/app/consent"
KEY = "bench"
PLAIN = {"without a cache": "", "with its cache": "SimpleCache"}
SHARED_CACHE = "FileSystemCache"
"""For several processes: a cache in memory would be one for each."""

Serve = Callable[[int], Any]
"""A tool served by so many processes: a context manager of the tool and their ids."""


def main() -> int:
    """Measure and print; 0 when the targets are met, 1 when not."""
    with (
        tempfile.TemporaryDirectory() as name,
        fresh_database("postgresql", Path(name)) as url,
        Lms() as lms,
    ):
        folder = Path(name)
        ours = our_tool(lms, folder, url)
        result: dict[str, Any] = {
            "machine": machine(),
            "cpu_ms_of_one_launch": {"grey area": cpu_of_one(lms, ours)},
            "many": {"grey area": many(lms, ours)},
        }
        for label, cache in PLAIN.items():
            plain = a_plain_tool(lms, folder / f"cpu{cache}", cache)
            result["cpu_ms_of_one_launch"][f"PyLTI1p3 {label}"] = cpu_of_one(lms, plain)
            shared = a_plain_tool(lms, folder / f"many{cache}", cache and SHARED_CACHE)
            result["many"][f"PyLTI1p3 {label}"] = many(lms, shared)
    cost, load = result["cpu_ms_of_one_launch"]["grey area"], result["many"]["grey area"]
    result["target"] = {"cpu_ms": TARGET_CPU_MS, "seconds": TARGET_SECONDS, "errors": 0}
    print(json.dumps(result, indent=2))
    met = cost["p95"] < TARGET_CPU_MS and not load["errors"] and load["seconds"] < TARGET_SECONDS
    return 0 if met else 1


def cpu_of_one(lms: Lms, serve: Serve) -> dict[str, float]:
    """Milliseconds of CPU time, user and system, that one web process spends on a launch."""
    people = (f"single-{number}" for number in count())
    with serve(1) as (tool, (worker,)):
        for _ in range(WARM_UP):
            launch(lms, tool, next(people))
        costs = []
        for _ in range(SINGLE):
            before = cpu_seconds(worker)
            launch(lms, tool, next(people))
            costs.append((cpu_seconds(worker) - before) * 1000)
    return {"launches": SINGLE, **spread(costs)}


def many(lms: Lms, serve: Serve) -> dict[str, Any]:
    """A thousand launches as fast as they go, ``AT_ONCE`` people at a time."""
    people = (f"many-{number}" for number in range(MANY))
    lock = threading.Lock()
    times: list[float] = []
    errors: Counter[str] = Counter()

    def visitors(tool: Tool) -> None:
        while True:
            with lock:
                person = next(people, None)
            if person is None:
                return
            try:
                taken = launch(lms, tool, person)
            except (LaunchFailed, OSError, HTTPException, KeyError) as error:
                with lock:
                    errors[str(error) or type(error).__name__] += 1
            else:
                with lock:
                    times.append(taken * 1000)

    with serve(WORKERS) as (tool, workers):
        for number in range(WARM_UP):
            launch(lms, tool, f"warm-{number}")
        used = sum(map(cpu_seconds, workers))
        began = time.perf_counter()
        threads = [threading.Thread(target=visitors, args=(tool,)) for _ in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - began
        used = sum(map(cpu_seconds, workers)) - used
    return {
        "launches": MANY,
        "people_at_once": AT_ONCE,
        "web_processes": WORKERS,
        "seconds": round(seconds, 1),
        "errors": dict(errors),
        "latency_ms": spread(times),
        "cpu_ms_each": round(used * 1000 / MANY, 1),
    }


def our_tool(lms: Lms, folder: Path, database_url: str) -> Serve:
    """The real web process over a fresh database with one LMS in it."""
    database = Database.from_url(database_url)
    prepare(database, lms, folder, utcnow())
    database.engine.dispose()

    @contextmanager
    def serve(workers: int) -> Iterator[tuple[Tool, list[int]]]:
        web, bot, actions, sandbox = free_ports(4)
        stack = Stack.fresh(folder, Ports(web, bot, actions, sandbox), database_url)
        command = [sys.executable, "-m", "cli.main", "serve"]
        command += ["--workers", str(workers), "--threads", str(THREADS)]
        with running("web", command, stack.environment(), web, folder) as found:
            yield Tool(web, f"/lti/login/{KEY}", CONSENT_PAGE), found

    return serve


def prepare(database: Database, lms: Lms, folder: Path, now: datetime) -> None:
    """Tables, cases, and the LMS as a registered and approved platform."""
    schema.upgrade(database.engine)
    keyring = Keyring.from_file(folder / "master.key", create=True)
    platform = Platform(
        slug=KEY,
        name="Bench University",
        key=KEY,
        issuer=lms.issuer,
        client_id=CLIENT,
        urls=PlatformUrls(f"{lms.issuer}/auth", f"{lms.issuer}/token", f"{lms.issuer}/jwks"),
        deployment=DEPLOYMENT,
        allow_private_network=True,
    )
    with database.write() as session:
        scripts.publish(session, load_folder(default_folder()), DEFAULT_PACK, None)
        register(session, keyring, platform, now)


def a_plain_tool(lms: Lms, folder: Path, cache: str) -> Serve:
    """PyLTI1p3 alone; ``cache`` is a type of Flask-Caching, or empty."""

    @contextmanager
    def serve(workers: int) -> Iterator[tuple[Tool, list[int]]]:
        (port,) = free_ports(1)
        folder.mkdir(exist_ok=True)
        environment = {
            **os.environ,
            "PLAIN_ISSUER": lms.issuer,
            "PLAIN_CACHE": cache,
            "PLAIN_FOLDER": str(folder / "cache"),
        }
        command = [sys.executable, "-m", "bench.plain_tool", f"{HOST}:{port}"]
        command += [str(workers), str(THREADS)]
        with running("plain", command, environment, port, folder) as found:
            yield Tool(port, plain_tool.LOGIN, plain_tool.SHOWS, checks_cookies=True), found

    return serve


@contextmanager
def running(
    name: str, command: list[str], environment: dict[str, str], port: int, folder: Path
) -> Iterator[list[int]]:
    """The ids of gunicorn's worker processes, once they answer."""
    url = f"http://{HOST}:{port}/healthz"
    child = Child(name, command, environment, port, url, folder=PROJECT_ROOT)
    with Processes([child], folder / "log") as processes:
        processes.start_all()
        yield children_of(processes.pid(name))


def children_of(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cpu_seconds(pid: int) -> float:
    """CPU time of a process and all its threads, to the nanosecond (Linux's own clock for it)."""
    return time.clock_gettime((~pid << 3) | 2)


def spread(values: list[float]) -> dict[str, float]:
    """Median and upper percentiles."""
    if not values:
        return {}
    ranked = sorted(values)
    return {
        "median": round(statistics.median(ranked), 1),
        "p95": round(ranked[int(len(ranked) * 0.95)], 1),
        "p99": round(ranked[int(len(ranked) * 0.99)], 1),
    }


def machine() -> str:
    """The processor and how much of it there is; what else runs on it is told by the load."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":")[1].strip() for line in lines if "model name" in line), "unknown")
    return f"{os.cpu_count()} × {model}; load before: {os.getloadavg()[0]:.1f}"
