"""A course beside its institution: the first view of the same cases over all courses."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from analysis.class_figures import Figure
from analysis.class_view import ClassView
from analysis.pooling import Pool
from analysis.rules import rules_of
from analysis.tallies import FigureKey
from store.models import Study
from study.state import ScenarioRef
from study.steps import Step


def institution_beside(
    session: Session, study: Study, view: ClassView, now: datetime
) -> Mapping[ScenarioRef, Figure]:
    """The institution's figure of each case that the course shows.

    Left out where hardly anybody else is in it: a course is not compared with itself. What the
    institution shows leaves hidden what courses hide, so it can stand beside any of them.
    """
    rules = rules_of(session, study.id)
    pool = Pool(session, study.id, rules, now)
    found: dict[ScenarioRef, Figure] = {}
    for case in view.scenarios:
        figure = pool.figure(FigureKey(case.id, case.version, Step.STANCE.value))
        here = case.before.people.value
        everywhere = figure.people.value
        if here is not None and everywhere is not None and everywhere >= here + rules.k:
            found[ScenarioRef(case.id, case.version)] = figure
    return found
