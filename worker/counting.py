"""Counting what has changed, and releasing what may be shown of it, so that no page has to."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from analysis.counting import BATCH, count_due, lock_study
from analysis.renewing import courses_to_check, renew_course, renew_study
from store.db import Database
from store.models import Attempt, CountedAttempt, Study


def count_figures(
    database: Database, now: datetime, progress: Callable[[int], None] = lambda counted: None
) -> int:
    """Bring counts and figures of all studies up to date; how many interviews were counted.

    In short transactions: nobody's turn waits longer than for one batch.
    """
    count = 0
    with database.read() as session:
        studies = session.scalars(select(Study.id)).all()
    for study_id in studies:
        with database.read() as session:
            courses = courses_to_check(session, study_id, now)
            due = select(Attempt.id).where(Attempt.study_id == study_id, Attempt.recount)
            gone = select(CountedAttempt.id).where(
                CountedAttempt.study_id == study_id, CountedAttempt.gone
            )
            waiting = any(session.scalars(query.limit(1)).first() for query in (due, gone))
        while waiting:
            with database.write() as session:
                lock_study(session, study_id)
                taken = count_due(session, study_id, batch=BATCH)
            count += taken.interviews
            courses |= taken.courses
            progress(taken.interviews)
            waiting = taken.interviews > 0
        for context_id in sorted(courses):
            with database.write() as session:
                renew_course(session, study_id, context_id, now)
        while True:
            with database.write() as session:
                if not renew_study(session, study_id, now):
                    break
    return count
