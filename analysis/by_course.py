"""A pilot that drew whole courses, compared by courses.

People of one course are alike, so an interval that took them for independent would be too narrow.
Here a course is one value: the share of its people who found the rule clear, of those who chose a
point, as the course's own page shows it. Only courses count in which everybody of that figure was
shown the wording: not those that had begun before the pilot. So nothing is told that is not shown.

The difference is of the means over courses, with Welch's interval. There is no margin for shares,
and so no verdict of equivalence.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from scipy.stats import ttest_ind
from sqlalchemy import select
from sqlalchemy.orm import Session
from statsmodels.stats.multitest import multipletests

from analysis.class_figures import CLARITY, stored_figure
from analysis.compare import ALPHA, THREE, Verdict, levels_of, share
from analysis.person_facts import LEARNER, in_pilot
from analysis.tallies import EVERYBODY
from store.models import Pilot, PilotPlace, Release, Study, Tally
from study.state import ScenarioRef

FROM = 5
"""Courses for each wording, before anything is said."""


@dataclass(frozen=True, slots=True)
class ByCourse:
    """Two wordings over their courses; ``difference`` of the first less the second, from -1 to 1,
    with the 95% interval of this comparison alone. None where it cannot be had."""

    verdict: Verdict
    courses: tuple[int, int]
    difference: float | None = None
    low: float | None = None
    high: float | None = None


def compare_courses(
    session: Session, study: Study, pilot: Pilot, refs: Sequence[ScenarioRef]
) -> dict[tuple[int, int], ByCourse]:
    """Each pair of a pilot's wordings; corrected (Holm) for all pairs."""
    values: dict[int, list[float]] = {place: [] for place in range(len(pilot.wordings))}
    for ref in refs:
        for wording, value in _shares(session, study, pilot, ref):
            values[wording].append(value)
    return compared({place: tuple(found) for place, found in values.items()})


def compared(values: Mapping[int, Sequence[float]]) -> dict[tuple[int, int], ByCourse]:
    """Each pair of wordings, from the shares of their courses."""
    found: dict[tuple[int, int], ByCourse] = {}
    chances: dict[tuple[int, int], float] = {}
    for one, other in combinations(sorted(values), 2):
        first, second = values[one], values[other]
        sizes = len(first), len(second)
        if min(sizes) < FROM:
            found[one, other] = ByCourse(Verdict.TOO_FEW, sizes)
            continue
        difference = sum(first) / len(first) - sum(second) / len(second)
        if len({*first}) == 1 and len({*second}) == 1:
            found[one, other] = ByCourse(Verdict.NOT_SETTLED, sizes, difference)
            continue
        test = ttest_ind(first, second, equal_var=False)
        low, high = test.confidence_interval(1 - ALPHA)
        chance = float(test.pvalue)
        if not all(map(math.isfinite, (low, high, chance))):
            found[one, other] = ByCourse(Verdict.NOT_SETTLED, sizes, difference)
            continue
        chances[one, other] = chance
        low, high = max(-1.0, float(low)), min(1.0, float(high))
        found[one, other] = ByCourse(Verdict.NOT_SETTLED, sizes, difference, low, high)
    if chances:
        # One comparison is its own correction.
        settled = [chance <= ALPHA for chance in chances.values()]
        if len(chances) > 1:
            settled, *_ = multipletests(list(chances.values()), alpha=ALPHA, method="holm")
        for pair, yes in zip(chances, settled, strict=True):
            if yes:
                found[pair] = replace(found[pair], verdict=Verdict.DIFFERENT)
    return found


def _shares(
    session: Session, study: Study, pilot: Pilot, ref: ScenarioRef
) -> list[tuple[int, float]]:
    query = (
        select(PilotPlace.wording, Tally.released, Release)
        .join(Release, Release.context_id == PilotPlace.unit_id)
        .join(
            Tally,
            (Tally.study_id == Release.study_id)
            & (Tally.context_id == Release.context_id)
            & (Tally.population == Release.population)
            & (Tally.scenario_id == Release.scenario_id)
            & (Tally.version == Release.scenario_version)
            & (Tally.figure == Release.figure),
        )
        .where(
            PilotPlace.pilot_id == pilot.id,
            Release.study_id == study.id,
            Release.population == LEARNER,
            Release.scenario_id == ref.id,
            Release.scenario_version == ref.version,
            Release.figure == CLARITY,
            Release.shown,
        )
        .order_by(PilotPlace.number)
    )
    out: list[tuple[int, float]] = []
    for wording, released, release in session.execute(query):
        read = released.get(f"shown:{in_pilot(pilot.id, wording)}", {})
        if sum(read.values()) != sum(released.get(EVERYBODY, {}).values()):
            continue
        clear = share(levels_of(stored_figure(release), THREE), 2)
        if clear is not None:
            out.append((wording, clear))
    return out
