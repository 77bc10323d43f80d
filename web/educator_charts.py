"""Diverging bars as numbers: where each part begins and how wide it is, in per cent."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.class_figures import Figure

LEFT = ("unacceptable", "unclear", "1", "2")
MIDDLE = ("3", "depends")
RIGHT = ("4", "5", "acceptable", "clear")
ASIDE = ("cant_say",)
HIDDEN = "hidden"
GAP = 4.0
LABEL_FROM = 3.0
"""The narrowest part, in per cent per digit, that has room for its number on a telephone."""


@dataclass(frozen=True, slots=True)
class Part:
    """A rectangle: the point that it stands for, its people, its place in per cent."""

    point: str
    people: int
    x: float
    width: float

    @property
    def middle(self) -> float:
        """Where its number is written."""
        return self.x + self.width / 2

    @property
    def labelled(self) -> bool:
        """Whether its number fits."""
        return self.width >= LABEL_FROM * (1 + len(str(self.people)))


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; ``centre`` is the line between the two sides, None where nothing diverges."""

    parts: tuple[Part, ...]
    centre: float | None


def bars(figures: Sequence[Figure]) -> list[Bar]:
    """Bars on one scale and one centre line.

    Unacceptable points go to the left, acceptable ones to the right, those in between sit
    on the line. Can't say, and all hidden answers together, stand aside at the right: which
    side hidden answers belong to is not known.
    """
    amounts = [_amounts(figure) for figure in figures]
    left = max((a.left for a in amounts), default=0.0)
    right = max((a.right for a in amounts), default=0.0)
    aside = max((a.aside for a in amounts), default=0)
    gap = GAP if aside and left + right else 0.0
    span = left + right + aside
    unit = (100.0 - gap) / span if span else 0.0
    centre = left * unit if left + right else None
    return [_bar(a, unit, centre, (left + right) * unit + gap) for a in amounts]


@dataclass(frozen=True, slots=True)
class _Amounts:
    known: dict[str, int]
    hidden: int

    @property
    def left(self) -> float:
        return self._sum(LEFT) + self._sum(MIDDLE) / 2

    @property
    def right(self) -> float:
        return self._sum(RIGHT) + self._sum(MIDDLE) / 2

    @property
    def aside(self) -> int:
        return self._sum(ASIDE) + self.hidden

    def _sum(self, points: Sequence[str]) -> int:
        return sum(self.known.get(point, 0) for point in points)


def _amounts(figure: Figure) -> _Amounts:
    if figure.people.value is None:
        return _Amounts({}, 0)
    known = {p: cell.value for p, cell in figure.cells.items() if cell.value is not None}
    return _Amounts(known, figure.people.value - sum(known.values()))


def _bar(amounts: _Amounts, unit: float, centre: float | None, aside_at: float) -> Bar:
    parts: list[Part] = []
    if centre is not None:
        _lay(parts, amounts.known, (*LEFT, *MIDDLE, *RIGHT), centre - amounts.left * unit, unit)
    _lay(parts, {**amounts.known, HIDDEN: amounts.hidden}, (*ASIDE, HIDDEN), aside_at, unit)
    return Bar(tuple(parts), None if centre is None else round(centre, 3))


def _lay(
    parts: list[Part], people: dict[str, int], points: Sequence[str], at: float, unit: float
) -> None:
    for point in points:
        count = people.get(point, 0)
        if count:
            parts.append(Part(point, count, round(at, 3), round(count * unit, 3)))
            at += count * unit
