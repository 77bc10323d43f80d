"""Counting what has changed, so that no page has to."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from analysis.counting import count_due, lock_study
from store.db import Database
from store.models import Attempt, CountedAttempt


def count_figures(
    database: Database, now: datetime, progress: Callable[[int], None] = lambda counted: None
) -> int:
    """Bring the running counts of all studies up to date; how many interviews were counted.

    In short transactions: nobody's turn waits longer than for one batch.
    """
    count = 0
    with database.read() as session:
        marked = select(Attempt.study_id).where(Attempt.recount).distinct()
        gone = select(CountedAttempt.study_id).where(CountedAttempt.gone).distinct()
        studies = {*session.scalars(marked), *session.scalars(gone)}
    for study_id in sorted(studies):
        while True:
            with database.write() as session:
                lock_study(session, study_id)
                taken = count_due(session, study_id)
            count += taken
            progress(taken)
            if not taken:
                break
    return count
