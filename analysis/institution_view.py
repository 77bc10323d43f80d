"""What an institution may see: every case over all courses, its statements, its pilots.

Learners of all courses by the sum of what the courses have released (:mod:`analysis.pooling`);
educators who took part themselves apart, by releases of their own. Comparisons are made from
what is shown (:mod:`analysis.compare`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from analysis.by_group import Groups, of_case
from analysis.class_figures import Figure
from analysis.class_view import ScenarioView, scenario_view
from analysis.compare import (
    MARGIN,
    THREE,
    Comparison,
    Shift,
    compare,
    levels_of,
    share,
    shift,
    together,
)
from analysis.lines import released
from analysis.person_facts import FINISHED, SYNTHETIC, TOOK_PART
from analysis.policy_view import PilotView, StatementView, pilot_views, statement_views
from analysis.pooling import Pool
from analysis.releasing import Releases
from analysis.renewing import renew_educators
from analysis.rules import rules_of
from analysis.tallies import FigureKey
from store.activities import newest_packs
from store.models import Study
from store.scripts import script_of
from study.scenarios import Scenario
from study.state import ScenarioRef
from study.steps import Step
from study.suppression import Cell


@dataclass(frozen=True, slots=True)
class Taking:
    """Of learners, or of educators: how many took part and finished, above the threshold."""

    took_part: Cell
    finished: Cell


@dataclass(frozen=True, slots=True)
class GreyPoint:
    """Where a case lies on the map: both from 0 to 1, None where hidden.

    ``clear`` is the share of those who chose a point that found the rule rather or very clear.
    ``spread`` is how far stances lie apart: 0 all on one level, 1 half at either end (the
    ordinal variation of Berry and Mielke, over three levels).
    """

    clear: float | None
    spread: float | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case: learners, educators apart, and the two compared by their first view."""

    use: str
    learners: ScenarioView
    educators: ScenarioView
    compared: Comparison
    shift: Shift | None
    grey: GreyPoint
    by_group: Mapping[str, Groups] = field(default_factory=dict)
    """The first view by "role" and by "profession"; empty while not shown."""


@dataclass(frozen=True, slots=True)
class InstitutionView:
    """The whole page."""

    k: int
    now: datetime
    margin: float
    learners: Taking
    educators: Taking
    cases: tuple[CaseView, ...]
    statements: tuple[StatementView, ...]
    pilots: tuple[PilotView, ...]
    synthetic: bool
    clearer: Sequence[str] = ()
    """What learners want made clearer, word for word, as far as it was released."""
    unclear: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Use → what its rule is said to settle and to leave open, as far as it was released."""


def institution_view(
    session: Session, study: Study, now: datetime, margin: float = MARGIN
) -> InstitutionView:
    """The figures of a study for its institution.

    Call it inside ``Database.write()``. The sums over courses are as the worker left them: with
    hundreds of courses each takes a second, and it comes by every minute.
    """
    educators = renew_educators(session, study.id, now)
    rules = rules_of(session, study.id)
    k, k_cross = rules.k, rules.k_cross
    learners = Pool(session, study.id, rules, now)
    cases = _cases(session, learners, educators, margin)
    refs: dict[str, list[ScenarioRef]] = {}
    for case in cases:
        refs.setdefault(case.use, []).append(ScenarioRef(case.learners.id, case.learners.version))
    return InstitutionView(
        k=k,
        now=now,
        margin=margin,
        learners=Taking(learners.taking(TOOK_PART), learners.taking(FINISHED)),
        educators=Taking(educators.exact(TOOK_PART), educators.exact(FINISHED)),
        cases=cases,
        statements=statement_views(session, study, learners, refs),
        pilots=pilot_views(session, study, learners, refs, margin),
        clearer=released(session, study.id, Step.SESSION_CLEARER, k_cross),
        unclear={
            case.use: found
            for case in cases
            if (
                found := released(
                    session, study.id, Step.POLICY_TEXT, k_cross, scenario_id=case.learners.id
                )
            )
        },
        synthetic=learners.any_of(SYNTHETIC)
        or educators.tallies.people(FigureKey("", 0, SYNTHETIC)) > 0,
    )


def grey_point(stances: Figure, clarity: Figure) -> GreyPoint:
    """A case's place on the map, from what is shown."""
    clear, stance = levels_of(clarity, THREE), levels_of(stances, THREE)
    return GreyPoint(share(clear, 2), None if stance is None else ordinal_variation(stance))


def ordinal_variation(levels: tuple[int, ...]) -> float | None:
    """How far apart people stand, from 0 to 1; None for nobody."""
    people = sum(levels)
    if not people or len(levels) < 2:
        return None
    below, found = 0, 0
    for count in levels[:-1]:
        below += count
        found += below * (people - below)
    return 4 * found / (people**2 * (len(levels) - 1))


def _scenarios(session: Session) -> dict[ScenarioRef, Scenario]:
    """All published cases, the newest version of each, in the order of the largest pack."""
    found: dict[str, tuple[ScenarioRef, Scenario]] = {}
    for pack in newest_packs(session):
        for ref, scenario in script_of(pack).scenarios.items():
            known = found.get(ref.id)
            if known is None or known[0].version < ref.version:
                found[ref.id] = ref, scenario
    return dict(found.values())


def _cases(
    session: Session, learners: Pool, educators: Releases, margin: float
) -> tuple[CaseView, ...]:
    known = _scenarios(session)
    names = {(ref.id, ref.version): (item.key, item) for ref, item in known.items()}
    earlier = sorted(
        {
            (key.scenario_id, key.version)
            for page in (learners, educators)
            for key in page.rows
            if key.scenario_id and (key.scenario_id, key.version) not in names
        }
    )
    titles = {ref: (use, item.text("en").texts.title) for ref, (use, item) in names.items()}
    by_id = {ref.id: item for ref, item in known.items()}
    for scenario_id, version in earlier:
        item = by_id.get(scenario_id)
        title = item.text("en").texts.title if item is not None else scenario_id
        titles[scenario_id, version] = (
            item.key if item is not None else "",
            f"{title} (version {version})",
        )
    pairs = {
        ref: (
            scenario_view(learners, *ref, title),
            scenario_view(educators, *ref, title),
        )
        for ref, (_, title) in titles.items()
    }
    compared = together(
        {
            f"{ref[0]}-{ref[1]}": compare(one.before, other.before, margin)
            for ref, (one, other) in pairs.items()
        }
    )
    return tuple(
        CaseView(
            use=titles[ref][0],
            learners=one,
            educators=other,
            compared=compared[f"{ref[0]}-{ref[1]}"],
            shift=shift(one.moves),
            grey=grey_point(one.before, one.clarity),
            by_group={
                kind: found
                for kind in ("role", "profession")
                if (found := of_case(learners, ScenarioRef(*ref), kind).get(Step.STANCE))
            },
        )
        for ref, (one, other) in pairs.items()
        if ref in names or one.shown or other.shown
    )
