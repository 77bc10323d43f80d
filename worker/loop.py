"""A round of jobs each minute until told to stop."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from store.base import utcnow
from store.db import Database
from worker.jobs import JOBS, Job, run_round

EVERY_SECONDS = 60.0

STEP_SECONDS = 0.2
"""How often a waiting worker looks whether it is to stop."""

log = logging.getLogger("greyarea.worker")


class Stop:
    """Whether the worker is to stop.

    A plain flag: a signal handler that took a lock (as that of ``threading.Event``) could
    wait for ever for the code that it interrupts.
    """

    def __init__(self) -> None:
        self.asked = False

    def ask(self, *_: object) -> None:
        """Stop at the next opportunity; fit to be a signal handler."""
        self.asked = True

    def wait(self, seconds: float) -> None:
        """Sleep for so long, or until asked to stop."""
        until = time.monotonic() + seconds
        while not self.asked and (left := until - time.monotonic()) > 0:
            time.sleep(min(STEP_SECONDS, left))


def run_until(
    stop: Stop,
    database: Database,
    *,
    every: float = EVERY_SECONDS,
    jobs: Sequence[Job] = JOBS,
    clock: Callable[[], datetime] = utcnow,
) -> int:
    """Do the jobs now and then every ``every`` seconds; return how many rounds there were.

    A stop is obeyed between two rounds and while waiting; a job that has begun is
    finished. A round that takes longer than ``every`` is followed by the next at once.
    """
    rounds = 0
    while not stop.asked:
        started = time.monotonic()
        run_round(database, clock(), jobs)
        rounds += 1
        stop.wait(every - (time.monotonic() - started))
    log.info("stopped after %d rounds", rounds)
    return rounds
