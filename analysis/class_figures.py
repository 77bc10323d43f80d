"""From counted answers to a figure that may be shown, and back from what was stored.

The points of the scale, "it depends" and "can't say" are apart. With fewer people than
``POINTS_FROM`` times the threshold the two points of each side are shown as one: with seven
cells for a dozen people hardly any cell could be shown. Which form is used depends on the
number of people alone, never on their answers, so that the form tells nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from store.models import Release
from study.moves import INFORM_TOPICS
from study.scenarios import Theme
from study.suppression import Cell, Reason, publish_table

POINTS_FROM = 8
SPLIT_POINTS_FROM = 40
"""The same for a figure that is split by group, so that there is something left to show."""
COARSER: Mapping[str, str] = MappingProxyType({"points": "grouped", "clear": "clear_few"})
"""The form in which the two points of each side are one."""

POINTS = ("1", "2", "3", "depends", "4", "5", "cant_say")
GROUPED = ("unacceptable", "3", "depends", "acceptable", "cant_say")
CLEAR = ("1", "2", "3", "4", "5", "cant_say")
CLEAR_GROUPED = ("unclear", "3", "clear", "cant_say")
MOVES = ("away", "stayed", "towards")
VOICED = ("freely", "probed", "unvoiced")
TOTAL: tuple[str, ...] = ()
FORMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "points": POINTS,
        "grouped": GROUPED,
        "clear": CLEAR,
        "clear_few": CLEAR_GROUPED,
        "moves": MOVES,
        "voiced": VOICED,
        "total": TOTAL,
    }
)
CLARITY = "clarity"
THEMES: Mapping[str, str] = MappingProxyType({f"theme_{theme}": theme.value for theme in Theme})
"""Figure → theme: whether people voiced it by themselves, after a probe, or not."""
NAME_LENGTH = 20
"""Of a figure's name in the record; an intent is cut to it."""
QUESTIONS = tuple(topic for topic in INFORM_TOPICS if topic not in ("off_topic", "thanks"))
"""What learners ask the assistant, by intent; a figure counts who did."""
_COUNTS_ONLY = {"stopped_early", *(topic[:NAME_LENGTH] for topic in QUESTIONS)}
_SIDES = {"unacceptable": ("1", "2"), "acceptable": ("4", "5")}
_SIDE_OF = {
    "grouped": {point: side for side, points in _SIDES.items() for point in points},
    "clear_few": {"1": "unclear", "2": "unclear", "4": "clear", "5": "clear"},
}
_TOO_FEW = Cell(reason=Reason.TOTAL_TOO_FEW)
_HIDDEN = Cell(reason=Reason.TOO_FEW)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as an educator may see it.

    ``people`` is whom it is about, hidden with a reason while they are too few; ``as_of`` is
    when it was made (None while hidden). ``cells`` has all points of ``form`` in the order of
    the scale, from unacceptable to acceptable; it is empty in the form "total".
    """

    form: str
    people: Cell = _TOO_FEW
    as_of: datetime | None = None
    cells: Mapping[str, Cell] = field(default_factory=dict)

    @property
    def shown(self) -> bool:
        """Whether at least the number of people is shown."""
        return self.people.shown

    @property
    def any_cell(self) -> bool:
        """Whether at least one answer's count is shown."""
        return any(cell.shown for cell in self.cells.values())


def form_of(figure: str, people: int, k: int) -> str:
    """The form in which a figure about so many people is published."""
    if figure == "moves":
        return "moves"
    if figure in THEMES:
        return "voiced"
    if figure in _COUNTS_ONLY:
        return "total"
    exact, together = ("clear", "clear_few") if figure == CLARITY else ("points", "grouped")
    return exact if people >= POINTS_FROM * k else together


def published_cells(form: str, counts: Mapping[str, int], k: int) -> dict[str, int | None]:
    """What may be shown of these counts: point → count, or None where it is hidden.

    ``counts`` may leave out points that nobody chose. Raises ValueError for an unknown point.
    """
    if form == "total":
        return {}
    return {point: cell.value for point, cell in publish_table(fold(form, counts), k).cells.items()}


def fold(form: str, counts: Mapping[str, int]) -> dict[str, int]:
    """Counts by all points of a form, from counts by the points that were chosen.

    Raises ValueError for a point that the form has not.
    """
    full = dict.fromkeys(FORMS[form], 0)
    for point, people in counts.items():
        key = _SIDE_OF.get(form, {}).get(point, point)
        if key not in full:
            raise ValueError(f"{point!r} is not a point of the form {form}")
        full[key] += people
    return full


def in_form(form: str, point: str) -> str:
    """Where a point stands in a form that may be coarser than its own."""
    (found,) = [target for target, n in fold(form, {point: 1}).items() if n]
    return found


def hidden_figure(form: str) -> Figure:
    """A figure of which nothing is shown."""
    return Figure(form, cells=dict.fromkeys(FORMS[form], _TOO_FEW))


def stored_figure(release: Release) -> Figure:
    """The figure that a release holds."""
    if not release.shown:
        return hidden_figure(release.form)
    cells = {point: release.cells.get(point) for point in FORMS[release.form]}
    return Figure(
        release.form,
        Cell(release.people),
        release.as_of,
        {point: _HIDDEN if n is None else Cell(n) for point, n in cells.items()},
    )


def grouped(figure: Figure) -> Figure:
    """The same figure with the points of each side as one: shown where both were."""
    if figure.form != "points":
        return figure

    def side(points: tuple[str, str]) -> Cell:
        values = [figure.cells[point].value for point in points]
        if None in values:
            return figure.cells[points[0]] if not figure.shown else _HIDDEN
        return Cell(sum(n for n in values if n is not None))

    cells = {key: side(_SIDES[key]) if key in _SIDES else figure.cells[key] for key in GROUPED}
    return Figure("grouped", figure.people, figure.as_of, cells)
