"""The jobs of the worker, and one round of them."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from lti.services.door import Door
from lti.services.http import Send, send_request
from store.db import Database
from store.keyring import Keyring
from worker.counting import count_figures
from worker.grades import send_grades
from worker.purge import (
    purge_launches,
    purge_outlived_records,
    purge_registration,
    purge_services,
    purge_session_records,
)

log = logging.getLogger("greyarea.worker")


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done each minute; ``run`` says how much it did."""

    name: str
    run: Callable[[Database, datetime], int]


JOBS: tuple[Job, ...] = (
    Job("interviews counted", count_figures),
    Job("session-only interviews purged", purge_session_records),
    Job("interviews kept long enough purged", purge_outlived_records),
    Job("expired launches and sessions purged", purge_launches),
    Job("expired invites and retired keys purged", purge_registration),
    Job("roster counts and access tokens purged", purge_services),
)


def jobs_with_grades(keyring: Keyring, send: Send = send_request) -> tuple[Job, ...]:
    """All jobs: those above, and the completion marks, which need the master key."""

    def grades(database: Database, now: datetime) -> int:
        return send_grades(database, keyring, Door(database, keyring, send, lambda: now), now)

    return (*JOBS, Job("completion marks sent", grades))


def run_round(database: Database, now: datetime, jobs: Sequence[Job] = JOBS) -> dict[str, int]:
    """Do all jobs once; what each did, those that failed left out.

    A job that fails does not stop the others; it is tried again in the next round.
    """
    done: dict[str, int] = {}
    for job in jobs:
        try:
            done[job.name] = job.run(database, now)
        except Exception as error:  # whatever it was, the others must run
            # The kind and the place only: a database error quotes what it was about.
            log.error("%s: failed, %s in %s", job.name, type(error).__name__, _place(error))
            continue
        if done[job.name]:
            log.info("%s: %d", job.name, done[job.name])
    return done


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}" if trace else "?"
