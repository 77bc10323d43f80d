"""What an institution may see: every case over all courses, its statements, its pilots.

Learners of all courses by the sum of what the courses have released (:mod:`analysis.pooling`);
educators who took part themselves apart, by releases of their own. Comparisons are made from
what is shown (:mod:`analysis.compare`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations

from sqlalchemy.orm import Session

from analysis.class_figures import Figure, hidden_figure
from analysis.class_view import ScenarioView, scenario_view
from analysis.compare import (
    MARGIN,
    THREE,
    Comparison,
    Shift,
    compare,
    levels_of,
    shift,
    together,
)
from analysis.lines import released
from analysis.person_facts import (
    FINISHED,
    SYNTHETIC,
    TOOK_PART,
    in_force,
    in_pilot,
)
from analysis.pooling import Pool
from analysis.releasing import Releases
from analysis.renewing import renew_educators, thresholds
from analysis.tallies import FigureKey
from store import statements
from store.activities import newest_packs
from store.models import Pilot, StatementVersion, Study
from store.scripts import script_of
from study.policies import PolicyStatus
from study.scenarios import Scenario
from study.state import ScenarioRef
from study.steps import Step
from study.suppression import Cell

AGREES: Mapping[str, int] = {
    PolicyStatus.PROHIBITED.value: 0,
    PolicyStatus.MISCONDUCT.value: 0,
    PolicyStatus.PERMITTED_WITH_DECLARATION.value: 2,
    PolicyStatus.PERMITTED_WITHOUT_DECLARATION.value: 2,
}
"""Which of the three levels (unacceptable, in between, acceptable) agrees with a status."""


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
    by_group: Mapping[str, Mapping[str, Figure]] = field(default_factory=dict)
    """The first view by "role" and by "profession": group → figure; empty while not shown."""


@dataclass(frozen=True, slots=True)
class StatementView:
    """What was made of one version of a statement, by learners who read it.

    ``agree_before`` and ``agree_after`` are shares from 0 to 1 of those who chose a point that
    stood on the side of its status; None where hidden, or where the status takes no side.
    """

    row: StatementVersion
    clarity: Figure
    before: Figure
    after: Figure
    agree_before: float | None
    agree_after: float | None


@dataclass(frozen=True, slots=True)
class PilotView:
    """A pilot: how clear each wording was found, and each pair compared.

    ``compared`` is empty where courses were drawn: people of one course are alike, and an
    interval that took them for independent would be too narrow.
    """

    row: Pilot
    wordings: tuple[tuple[StatementVersion, Figure], ...]
    compared: Mapping[tuple[int, int], Comparison]


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
    k, k_cross = thresholds(session, study.id)
    learners = Pool(session, study.id, k, k_cross, now)
    cases = _cases(session, learners, educators, margin)
    return InstitutionView(
        k=k,
        now=now,
        margin=margin,
        learners=Taking(learners.taking(TOOK_PART), learners.taking(FINISHED)),
        educators=Taking(educators.exact(TOOK_PART), educators.exact(FINISHED)),
        cases=cases,
        statements=_statements(session, study, learners, cases),
        pilots=_pilots(session, study, learners, cases, margin),
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
    return GreyPoint(_share(clear, 2), None if stance is None else ordinal_variation(stance))


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


def _share(levels: tuple[int, ...] | None, place: int) -> float | None:
    return None if levels is None or not sum(levels) else levels[place] / sum(levels)


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
                kind: learners.split(FigureKey(*ref, Step.STANCE.value), kind)
                for kind in ("role", "profession")
            },
        )
        for ref, (one, other) in pairs.items()
        if ref in names or one.shown or other.shown
    )


def _statements(
    session: Session, study: Study, page: Pool, cases: tuple[CaseView, ...]
) -> tuple[StatementView, ...]:
    out = []
    for row in statements.all_of(session, study.institution_id):
        found = {
            step: _of_use(page, cases, row.use, step, in_force(row.id))
            for step in (Step.STANCE, Step.FINAL_STANCE, Step.CLARITY)
        }
        if not any(figure.shown for figure in found.values()):
            continue
        side = AGREES.get(row.status)
        before, after = found[Step.STANCE], found[Step.FINAL_STANCE]
        agree = [
            None if side is None else _share(levels_of(figure, THREE), side)
            for figure in (before, after)
        ]
        out.append(StatementView(row, found[Step.CLARITY], before, after, *agree))
    return tuple(out)


def _pilots(
    session: Session,
    study: Study,
    page: Pool,
    cases: tuple[CaseView, ...],
    margin: float,
) -> tuple[PilotView, ...]:
    rows = {row.id: row for row in statements.all_of(session, study.institution_id)}
    out = []
    for pilot in statements.pilots_of(session, study.institution_id):
        figures = [
            _of_use(page, cases, pilot.use, Step.CLARITY, in_pilot(pilot.id, place))
            for place in range(len(pilot.wordings))
        ]
        compared: dict[tuple[int, int], Comparison] = {}
        if pilot.unit == "person":
            pairs = list(combinations(range(len(figures)), 2))
            made = together(
                {
                    f"{one}-{other}": compare(figures[one], figures[other], margin)
                    for one, other in pairs
                }
            )
            compared = {pair: made[f"{pair[0]}-{pair[1]}"] for pair in pairs}
        wordings = tuple(
            (rows[row], figure) for row, figure in zip(pilot.wordings, figures, strict=True)
        )
        out.append(PilotView(pilot, wordings, compared))
    return tuple(out)


def _of_use(page: Pool, cases: tuple[CaseView, ...], use: str, step: Step, shown: str) -> Figure:
    """What those say of a use who were shown something: of the case's version with most people."""
    found = [
        figure
        for case in cases
        if case.use == use
        if (
            figure := page.split(
                FigureKey(case.learners.id, case.learners.version, step.value), "shown"
            ).get(shown)
        )
    ]
    hidden = hidden_figure("clear_few" if step is Step.CLARITY else "grouped")
    return max(found, key=lambda one: one.people.value or 0, default=hidden)
