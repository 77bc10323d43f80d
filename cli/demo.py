"""``greyarea demo``: the whole installation on one machine, and a synthetic cohort."""

import os
import signal
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import func, select

from cli.cohort import Place, place_of, seed_cohort
from cli.cohort_copies import copy_cohort
from cli.environment import database, keyring, settings
from cli.failures import CliError
from cli.packs import default_folder
from cli.processes import ProcessError, Processes
from cli.registering import DEFAULT_PACK, register
from cli.stack import (
    BOT_PYTHON,
    SANDBOX_ACTIVITY,
    SANDBOX_COURSE,
    SANDBOX_SLUG,
    Ports,
    Stack,
)
from cli.studies import study_of
from store import schema, scripts
from store.base import utcnow
from store.db import Database
from store.models import Participant, Study
from store.pack_files import load_folder
from store.settings import get_settings
from worker.counting import count_figures

group = typer.Typer(no_args_is_help=True, help="Try Grey Area on this machine.")

DEMO_LEARNERS = 800
"""Three cases each, of twelve: enough people a case for the institution's map to have them all."""
DEMO_SEED = 1
MODELS = 160
"""How many of a synthetic cohort go through the interview themselves."""


@group.command()
def run() -> None:
    """Start web, bot, actions, worker and the sandbox LMS; stop them all with Ctrl-C.

    Prepares the database, the sandbox's registration and, the first time, a synthetic
    cohort. Ports and folder: see docs/configuration.md.
    """
    _refuse_production()
    if not BOT_PYTHON.exists():
        raise CliError("the bot's environment is not installed: run make demo")
    stopping = _Stopping()
    stopping.listen()
    stack = Stack.fresh(
        settings().var_dir.resolve(), Ports.read(os.environ), settings().database_url
    )
    # The commands below and the processes work with the same settings.
    os.environ.update(stack.environment())
    get_settings.cache_clear()
    secrets_file = stack.var_dir / "demo.env"
    with Processes(stack.children(), stack.log_folder, stopping) as processes:
        try:
            processes.check_ports()
        except ProcessError as error:
            raise CliError(str(error)) from None
        try:
            found = database(migrated=False)
            prepare(found, stack, utcnow(), cohort=False)
            write_secrets(secrets_file, stack)
            typer.echo("Starting; the bot takes longest …")
            for child in stack.children():
                processes.start(child.name)
            # Meanwhile: the bot needs more seconds to load than the cohort to be made.
            seed_if_new(found, utcnow())
            processes.wait_all(lambda name, _: typer.echo(f"  {name} is ready"))
            typer.echo(f"\nOpen {stack.course} in a browser. Ctrl-C stops everything.")
            while not stopping():
                time.sleep(0.3)
                ended = processes.ended()
                if ended and not stopping():
                    raise ProcessError(f"{ended[0]} ended by itself.\n{processes.tail(ended[0])}")
        except ProcessError as error:
            if not stopping():
                raise CliError(str(error)) from None
        finally:
            typer.echo("\nStopping …")
            processes.stop_all()
            secrets_file.unlink(missing_ok=True)
    typer.echo("Everything has stopped.")


@group.command()
def seed(
    learners: Annotated[int, typer.Option(min=1, help="How many people.")],
    institution: Annotated[str, typer.Option(help="Short name of the institution.")] = SANDBOX_SLUG,
    seed: Annotated[int, typer.Option(help="The same seed makes the same people.")] = DEMO_SEED,
    courses: Annotated[int, typer.Option(min=1, help="Over how many courses.")] = 1,
) -> None:
    """Add a synthetic cohort; every row is marked synthetic.

    The first 160 go through the interview; whoever comes after them says again what they said.
    """
    _refuse_production()
    seed_with_progress(database(), institution, learners, seed, utcnow(), courses)


def prepare(found: Database, stack: Stack, now: datetime, *, cohort: bool = True) -> None:
    """Tables, pack, registration of the sandbox and cohort, as far as they are not there.

    The registration follows the ports of this run, should they have changed.
    """
    schema.upgrade(found.engine)
    library = load_folder(default_folder())
    with found.write() as session:
        scripts.publish(session, library, DEFAULT_PACK, None)
        for line in register(session, keyring(), stack.platform(), now, update=True):
            typer.echo(line)
    if cohort:
        seed_if_new(found, now)


def seed_if_new(found: Database, now: datetime, learners: int = DEMO_LEARNERS) -> None:
    """Make the demo's cohort, or what is missing of it."""
    with found.read() as session:
        study = study_of(session, SANDBOX_SLUG)
        query = select(func.count()).where(
            Participant.study_id == study.id, Participant.synthetic.is_(True)
        )
        known = session.scalar(query) or 0
    if known < learners:
        seed_with_progress(found, SANDBOX_SLUG, learners, DEMO_SEED, now)


def seed_with_progress(
    found: Database, institution: str, learners: int, seed: int, now: datetime, courses: int = 1
) -> None:
    """Seed a cohort, with a bar where the screen can show one, and say how fast it went."""
    study_id, places = _where(found, institution, courses)
    started = time.monotonic()
    models = min(learners, MODELS)
    with typer.progressbar(length=learners, label="Synthetic learners") as bar:
        ends = seed_cohort(found, study_id, places[0], models, seed, now, bar.update)
        added = models - ends["already there"]
        if learners > models:
            copied = copy_cohort(found, study_id, places, seed, models, learners, bar.update)
            ends["copied"], added = copied, added + copied
    seconds = time.monotonic() - started
    how = ", ".join(f"{count} {end}" for end, count in sorted(ends.items()))
    typer.echo(f"{added} synthetic learners added ({how}), {added / seconds:.1f} a second.")
    with typer.progressbar(length=added, label="Counting") as bar:
        count_figures(found, now, bar.update)


def write_secrets(path: Path, stack: Stack) -> None:
    """Write the settings of this run, for commands in another terminal; owner only."""
    names = sorted(name for name in stack.environment({}) if name.startswith("GREYAREA_"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{name}={stack.environment({})[name]}\n" for name in names)


class _Stopping:
    """Whether a signal has asked us to stop; the handlers only set the answer."""

    def __init__(self) -> None:
        self._asked = False

    def __call__(self) -> bool:
        return self._asked

    def listen(self) -> None:
        """Obey Ctrl-C, SIGTERM and the closing of the terminal from now on."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, *_: object) -> None:
        self._asked = True


def _where(found: Database, institution: str, courses: int) -> tuple[int, list[Place]]:
    """The study, and as many courses as are wanted, the sandbox's own first."""
    with found.write() as session:
        study: Study = study_of(session, institution)
        names = [("", SANDBOX_COURSE, SANDBOX_ACTIVITY)]
        names += [
            (f"Synthetic course {n}", f"synthetic-{n}", f"synthetic-{n}")
            for n in range(2, courses + 1)
        ]
        return study.id, [
            place_of(session, study, course, activity, title) for title, course, activity in names
        ]


def _refuse_production() -> None:
    if settings().env == "production":
        raise CliError("the demo does not run in production (GREYAREA_ENV)")
