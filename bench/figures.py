"""How long the figures take at the size of a large institution, on both databases.

``python -m bench figures [LEARNERS] [COURSES]`` seeds a synthetic cohort (100,000 learners in 400
courses) on SQLite and PostgreSQL as ``greyarea demo seed`` does, counts it, and asks the pages for
the class and for the institution again and again. One course holds all of what is not dealt out
evenly, so the largest course is measured as well. It prints JSON: seconds to seed and to count,
and the median and 95th percentile of each page in milliseconds.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from cli.cohort import place_of, seed_cohort
from cli.cohort_copies import copy_cohort
from cli.demo import MODELS
from lti.roles import Role
from store import schema
from store.base import utcnow
from store.db import Database
from store.keyring import Keyring
from store.models import Attempt, Context, Response, Study
from store.settings import Settings
from tests.store.databases import KINDS, fresh_database
from tests.web.conftest import Site
from tests.worlds import World, make_world
from web import learner
from web.app import create_app
from web.bot_client import BotClient
from web.services import Services
from worker.counting import count_figures

TIMES = 30
TARGET_MS = {"sqlite": 1000, "postgresql": 300}
TARGET_SEED_SECONDS = 600
PATHS = {
    "class": "/app/class",
    "class, to discuss": "/app/class/discuss",
    "class, to print": "/app/class/summary",
    "institution figures": "/app/figures",
    "policy and pilots": "/app/policies",
    "institution": "/app/institution",
}


def measure(site: Site, token: str, path: str) -> dict[str, float]:
    """Ask for one page often; figures in milliseconds."""
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        answer = site.post(path, token)
        times.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")
    times.sort()
    return {
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
    }


def seed(world: World, learners: int, courses: int) -> float:
    """Make the cohort; the seconds that it took."""
    began, now = time.monotonic(), utcnow()
    with world.database.write() as session:
        study = session.get_one(Study, world.study.id)
        places = [
            place_of(session, study, f"course-{n}", f"activity-{n}", f"Course {n}")
            for n in range(1, courses + 1)
        ]
    models = min(learners, MODELS)
    seed_cohort(world.database, world.study.id, places[0], models, 1, now)
    if learners > models:
        copy_cohort(world.database, world.study.id, places, 1, models, learners, lambda done: None)
    return time.monotonic() - began


@contextmanager
def installation(kind: str, folder: Path) -> Iterator[tuple[World, Site]]:
    """An empty installation with its pages, on a database of that kind."""
    with fresh_database(kind, folder) as url:
        database = Database.from_url(url)
        schema.upgrade(database.engine)
        world = make_world(database)
        services = Services(
            database=database,
            keyring=Keyring(b"k" * 32),
            settings=Settings(env="test", var_dir=folder),  # type: ignore[call-arg]
            bot=BotClient("http://127.0.0.1:9", "", 1),
            clock=utcnow,
            enter=learner.enter,
        )
        site = Site(create_app(services), world, services.bot, services.keyring, utcnow())  # type: ignore[arg-type]
        yield world, site
        database.engine.dispose()


def figures(kind: str, learners: int, courses: int) -> dict[str, Any]:
    """Everything about one database."""
    with (
        tempfile.TemporaryDirectory() as folder,
        installation(kind, Path(folder)) as (world, site),
    ):
        seconds = seed(world, learners, courses)
        if kind == "postgresql":
            with world.database.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("ANALYZE")
        began = time.monotonic()
        count_figures(world.database, utcnow())
        counted = time.monotonic() - began
        with world.database.read() as session:
            responses = session.scalar(select(func.count()).select_from(Response))
            largest = session.scalars(
                select(Attempt.context_id)
                .group_by(Attempt.context_id)
                .order_by(func.count().desc())
                .limit(1)
            ).one()
            world.context = session.get_one(Context, largest)
        token = site.lead("lead", Role.EDUCATOR)
        site.post("/app/figures", token)
        return {
            "responses": responses,
            "seed_seconds": round(seconds, 1),
            "count_seconds": round(counted, 1),
            "pages": {name: measure(site, token, path) for name, path in PATHS.items()},
        }


def main() -> int:
    """Measure and print; 0 when the targets are met, 1 when not."""
    sizes = [int(word) for word in sys.argv[2:4] if word.isdigit()]
    learners, courses = (*sizes, 100_000, 400)[:2] if len(sizes) != 1 else (sizes[0], 400)
    found = {kind: figures(kind, learners, courses) for kind in KINDS}
    print(json.dumps({"learners": learners, "courses": courses, **found}, indent=2))
    met = all(
        part["seed_seconds"] < TARGET_SEED_SECONDS
        and all(page["median_ms"] < TARGET_MS[kind] for page in part["pages"].values())
        for kind, part in found.items()
    )
    return 0 if met else 1
