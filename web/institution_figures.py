"""What came of it: the institution's figures, its statements and pilots in words and charts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, make_response, render_template
from werkzeug.wrappers import Response

from analysis.charts import MapPoint, grey_map
from analysis.class_view import ScenarioView
from analysis.compare import MARGIN
from analysis.institution_view import CaseView, InstitutionView, institution_view
from analysis.policy_view import PilotView, Read, StatementView
from store.models import Institution, Study
from store.statements import MARGIN_SETTING
from study.steps import Step
from web.comparing import Compared, compared, compared_by_course, number, shift_in_words
from web.educator_case import Case, Clarity, case_of, clarity_of
from web.moments import day, minute
from web.permissions import Permission
from web.person import Person, needs
from web.policies_page import LETTERS, STATUS_LABELS
from web.services import services
from web.splits import Split, count, split_of

pages = Blueprint("figures", __name__)


BY_COURSE = (
    "Courses were drawn here. People of one course are alike, so a course counts as one value: the "
    "share of its people who found the rule clear, in courses where all of them read that wording."
)


@dataclass(frozen=True, slots=True)
class CasePart:
    """One case: learners, educators apart, what moved, where it lies on the map."""

    learners: Case
    educators: Case | None
    compared: Compared
    shift: str
    number: int
    clear: str
    spread: str
    by_group: tuple[Split, ...]
    unclear: tuple[str, ...] = ()
    """What the rule is said to settle and leave open, word for word."""


@dataclass(frozen=True, slots=True)
class StatementPart:
    """A statement, how clear it was found, and how stances agree with its status."""

    use: str
    name: str
    status: str
    clarity: Clarity | None
    agreement: str
    by_group: tuple[Split, ...]


@dataclass(frozen=True, slots=True)
class PilotPart:
    """A pilot: its wordings, and each pair of them compared."""

    name: str
    use: str
    about: str
    wordings: tuple[tuple[str, str, str, Clarity | None, tuple[Split, ...]], ...]
    """(letter, name, wording, how clear it was found, and that by group)."""
    compared: tuple[Compared, ...]
    note: str
    """How courses were compared, if they were drawn."""


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """Everything that the template writes."""

    name: str
    k: int
    margin: str
    as_of: str
    taking: tuple[tuple[str, str, str], ...]
    cases: tuple[CasePart, ...]
    waiting: tuple[str, ...]
    map_svg: str
    map_text: str
    statements: tuple[StatementPart, ...]
    pilots: tuple[PilotPart, ...]
    synthetic: bool
    clearer: tuple[str, ...] = ()


@pages.route("/app/figures", methods=["GET", "POST"])
@needs(Permission.SEE_INSTITUTION)
def show(person: Person) -> Response:
    """The institution's figures."""
    page = in_words(*view_of(person))
    return make_response(render_template("figures.html", person=person, page=page))


def view_of(person: Person) -> tuple[InstitutionView, str]:
    """The figures, and the institution's name; renews some of what is due."""
    here = services()
    with here.database.write() as session:
        study = session.get_one(Study, person.study.id)
        institution = session.get_one(Institution, study.institution_id)
        margin = float(institution.settings.get(MARGIN_SETTING, MARGIN))
        return institution_view(session, study, here.clock(), margin), institution.name


def in_words(view: InstitutionView, name: str) -> FiguresPage:
    """The view in the words of the page."""
    parts = tuple(
        _case(case, number, view.unclear.get(case.use, ()))
        for number, case in enumerate(_shown(view), start=1)
    )
    points = map_points(view)
    titles = {case.use: case.learners.title for case in reversed(view.cases)}
    return FiguresPage(
        name=name,
        k=view.k,
        margin=number(view.margin),
        as_of=minute(view.now),
        taking=(
            ("Learners", count(view.learners.took_part), count(view.learners.finished)),
            ("Educators", count(view.educators.took_part), count(view.educators.finished)),
        ),
        cases=parts,
        waiting=tuple(
            case.learners.title
            for case in view.cases
            if not (case.learners.shown or case.educators.shown)
        ),
        map_svg=grey_map(points) if points else "",
        map_text=_map_text(points),
        statements=tuple(_statement(found, titles) for found in view.statements),
        pilots=tuple(_pilot(found, titles) for found in view.pilots),
        synthetic=view.synthetic,
        clearer=tuple(view.clearer),
    )


def map_points(view: InstitutionView) -> tuple[MapPoint, ...]:
    """The cases that have a place on the map, by their number on the page."""
    return tuple(
        MapPoint(number, case.learners.title, case.grey.clear, case.grey.spread)
        for number, case in enumerate(_shown(view), start=1)
        if case.grey.clear is not None and case.grey.spread is not None
    )


def _shown(view: InstitutionView) -> list[CaseView]:
    return [case for case in view.cases if case.learners.shown or case.educators.shown]


def _case(case: CaseView, number: int, unclear: Sequence[str]) -> CasePart:
    return CasePart(
        learners=case_of(case.learners),
        educators=_apart(case.educators),
        compared=compared("Learners and educators at first view", case.compared),
        shift=shift_in_words(case.shift),
        number=number,
        clear=_percent(case.grey.clear),
        spread="hidden" if case.grey.spread is None else f"{case.grey.spread:.2f}",
        unclear=tuple(unclear),
        by_group=tuple(split_of(kind, Step.STANCE, found) for kind, found in case.by_group.items()),
    )


def _apart(educators: ScenarioView) -> Case | None:
    return case_of(educators) if educators.shown else None


def _statement(found: StatementView, titles: Mapping[str, str]) -> StatementPart:
    agreement = ""
    if found.agree_before is not None and found.agree_after is not None:
        agreement = (
            f"{found.agree_before:.0%} of those who chose a point stood on the side of its status "
            f"at first view, {found.agree_after:.0%} after they had read it."
        )
    row = found.read.row
    return StatementPart(
        titles.get(row.use, row.use),
        f"{row.name}, version {row.version}",
        STATUS_LABELS[row.status],
        clarity_of(found.read.clarity),
        agreement,
        _read_by(found.read),
    )


def _read_by(read: Read) -> tuple[Split, ...]:
    return tuple(split_of(kind, Step.CLARITY, found) for kind, found in read.by_group.items())


def _pilot(found: PilotView, titles: Mapping[str, str]) -> PilotPart:
    row = found.row
    ended = f", ended {day(row.ended_at)}" if row.ended_at else ", running"
    return PilotPart(
        name=row.name,
        use=titles.get(row.use, row.use),
        about=f"{'People' if row.unit == 'person' else 'Courses'} drawn at random, since "
        f"{day(row.started_at)}{ended}",
        wordings=tuple(
            (
                letter,
                f"{read.row.name}, version {read.row.version}",
                read.row.texts.get("en") or next(iter(read.row.texts.values())),
                clarity_of(read.clarity),
                _read_by(read),
            )
            for letter, read in zip(LETTERS, found.wordings, strict=False)
        ),
        compared=tuple(
            compared(f"Wording {LETTERS[one]} and wording {LETTERS[other]}", comparison)
            for (one, other), comparison in found.compared.items()
        )
        + tuple(
            compared_by_course(f"Wording {LETTERS[one]} and wording {LETTERS[other]}", comparison)
            for (one, other), comparison in found.by_course.items()
        ),
        note=BY_COURSE if row.unit == "course" else "",
    )


def _map_text(points: Sequence[MapPoint]) -> str:
    """The map's finding in a sentence, for those who do not see it."""
    if not points:
        return ""
    greyest = max(points, key=lambda point: (point.spread or 0) - (point.clear or 0))
    settled = min(points, key=lambda point: (point.spread or 0) - (point.clear or 0))
    text = (
        f"Greyest: “{greyest.title}”, where {greyest.clear:.0%} found the rule clear and the "
        f"spread of stances is {greyest.spread:.2f}."
    )
    if settled is not greyest:
        text += (
            f" Most settled: “{settled.title}”, with {settled.clear:.0%} and {settled.spread:.2f}."
        )
    return text


def _percent(share: float | None) -> str:
    return "hidden" if share is None else f"{share:.0%}"
