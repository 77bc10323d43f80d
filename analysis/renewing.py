"""Renewing what is released, without anybody looking: courses first, then the sum over them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.counting import lock_study
from analysis.person_facts import EDUCATOR, FINISHED, LEARNER, TOOK_PART
from analysis.pooling import Pool
from analysis.releases import REFRESH
from analysis.releasing import Releases
from analysis.rules import rules_of
from analysis.tallies import Place
from store.models import Release

AT_ONCE = 4
"""Figures of a study that are renewed in one transaction: learners wait for it on SQLite."""


def courses_to_check(session: Session, study_id: int, now: datetime) -> set[int]:
    """Courses in which somebody who has left may have been shown for long enough."""
    query = select(Release.context_id).where(
        Release.study_id == study_id,
        Release.context_id.is_not(None),
        Release.shown,
        Release.checked_at <= now - REFRESH,
    )
    return {found for found in session.scalars(query.distinct()) if found is not None}


def renew_course(session: Session, study_id: int, context_id: int, now: datetime) -> None:
    """Bring the figures of a course to what may be shown now."""
    lock_study(session, study_id)
    rules = rules_of(session, study_id)
    page = Releases(session, Place(study_id, context_id, LEARNER), rules.k, now, rules.course)
    page.renew()
    for figure in (TOOK_PART, FINISHED):
        page.exact(figure)


def renew_educators(session: Session, study_id: int, now: datetime) -> Releases:
    """Bring the figures of educators who took part to what may be shown now."""
    lock_study(session, study_id)
    k = rules_of(session, study_id).k
    educators = Releases(session, Place(study_id, None, EDUCATOR), k, now)
    educators.renew()
    return educators


def renew_study(session: Session, study_id: int, now: datetime) -> int:
    """Bring figures of the study as a whole to what may be shown; how many sums have changed."""
    renew_educators(session, study_id, now)
    return Pool(session, study_id, rules_of(session, study_id), now).renew(AT_ONCE)
