"""Comparing two groups, and one group with itself, without claiming more than can be known.

Only from what is published: where an answer's count is hidden and its level cannot be had from
the others, nothing is compared, so that no comparison tells what a table hides.

Three verdicts and no other (``Verdict``). "Equivalent" needs an interval that lies within a
margin that was fixed beforehand; a missing difference alone is "not settled". With fewer than
``DESCRIBE_FROM`` people in a group nothing is said, with fewer than ``TEST_FROM`` the effect
and its interval only. P-values are used for the verdicts, corrected by Holm for the number of
comparisons that are made at once, and never shown.

Effect: Cliff's delta, from -1 to 1: how much more often somebody of the first group chose a
higher point than somebody of the second, than the other way round. Source for Brunner and
Munzel's test and the two one-sided tests: statsmodels' ``rank_compare_2indep``.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

import numpy as np
from scipy.stats import binomtest
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.nonparametric import rank_compare_2indep

from analysis.class_figures import Figure

MARGIN = 0.29
"""Of Cliff's delta: differences within it count as none, unless the institution fixed another."""
ALPHA = 0.05
DESCRIBE_FROM = 5
TEST_FROM = 15

FIVE = (("1",), ("2",), ("3", "depends"), ("4",), ("5",))
THREE = (
    ("1", "2", "unacceptable", "unclear"),
    ("3", "depends"),
    ("4", "5", "acceptable", "clear"),
)
ASIDE = "cant_say"

type Levels = tuple[int, ...]
"""People by level, the lowest level first."""


class Verdict(StrEnum):
    """What can be said of two groups."""

    EQUIVALENT = "equivalent"
    DIFFERENT = "different"
    NOT_SETTLED = "not_settled"
    DESCRIBED = "described"
    """Too few for a verdict; effect and interval only."""
    TOO_FEW = "too_few"
    HIDDEN = "hidden"
    """The answers that it would need are hidden in a group."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Of a first and a second group. ``delta``, ``low`` and ``high`` are None where they cannot
    be had: hidden, too few, or answers without any spread. The interval is the 95% one of this
    comparison alone."""

    verdict: Verdict
    people: tuple[int, int] = (0, 0)
    delta: float | None = None
    low: float | None = None
    high: float | None = None
    margin: float = MARGIN
    p_different: float | None = None
    p_equivalent: float | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """How people moved between two views of a case: shares from 0 to 1.

    ``up_of_moved`` is the share upwards of those who moved, with its exact 95% interval.
    A shift is no effect: nobody was compared with who did not see the change.
    """

    up: int
    down: int
    stayed: int
    up_of_moved: float | None
    low: float | None
    high: float | None


def share(levels: tuple[int, ...] | None, place: int) -> float | None:
    """Which part of some people stands on one level, from 0 to 1; None where it is hidden."""
    return None if levels is None or not sum(levels) else levels[place] / sum(levels)


def levels_of(figure: Figure, levels: Sequence[Sequence[str]]) -> Levels | None:
    """People by level, "can't say" left out; None where a hidden count stands in the way.

    Counts that are hidden may be added up where all of them are of one level: their sum
    follows from the others.
    """
    if figure.people.value is None:
        return None
    shown = {point: cell.value for point, cell in figure.cells.items() if cell.value is not None}
    hidden = {point for point, cell in figure.cells.items() if cell.value is None}
    if ASIDE in hidden:
        return None
    out = [sum(shown.get(point, 0) for point in level) for level in levels]
    if hidden:
        homes = [place for place, level in enumerate(levels) if hidden <= set(level)]
        if not homes:
            return None
        out[homes[0]] += figure.people.value - sum(shown.values())
    known = {point for level in levels for point in level}
    if not set(shown) <= known | {ASIDE}:
        return None
    return tuple(out)


def compare(first: Figure, second: Figure, margin: float = MARGIN) -> Comparison:
    """Two groups by the finest levels that both show."""
    if not (first.shown and second.shown):
        return Comparison(Verdict.TOO_FEW, margin=margin)
    forms = {first.form, second.form}
    # Points cannot be told apart where one of the two shows them together.
    for levels in (FIVE, THREE) if forms <= {"points", "clear"} else (THREE,):
        one, other = levels_of(first, levels), levels_of(second, levels)
        if one is not None and other is not None:
            return compare_levels(one, other, margin)
    return Comparison(Verdict.HIDDEN, margin=margin)


@lru_cache(maxsize=4096)
def compare_levels(one: Levels, other: Levels, margin: float = MARGIN) -> Comparison:
    """Two groups from their counts by level. The same counts give the same, and are kept.

    Raises:
        ValueError: another number of levels, or a margin that is not between 0 and 1.
    """
    if len(one) != len(other) or not 0 < margin < 1:
        raise ValueError("two groups are compared by the same levels and a margin within 0 to 1")
    people = sum(one), sum(other)
    if min(people) < DESCRIBE_FROM:
        return Comparison(Verdict.TOO_FEW, people, margin=margin)
    delta = cliffs_delta(one, other)
    # Without any spread the variance is 0: no interval comes of it, and none is given.
    with np.errstate(divide="ignore", invalid="ignore"):
        found = rank_compare_2indep(_spread(one), _spread(other))
        low, high = (2 * float(bound) - 1 for bound in found.conf_int(alpha=ALPHA))
    made = Comparison(Verdict.DESCRIBED, people, delta, margin=margin)
    if math.isfinite(low) and math.isfinite(high) and low < high:
        made = replace(made, low=max(-1.0, low), high=min(1.0, high))
    if min(people) < TEST_FROM:
        return made
    if made.low is None:
        # No spread at all: statsmodels has no answer, and neither have we.
        return replace(made, verdict=Verdict.NOT_SETTLED)
    bounds = (1 - margin) / 2, (1 + margin) / 2
    different = float(found.test_prob_superior().pvalue)
    equivalent = float(found.tost_prob_superior(*bounds).pvalue)
    return replace(
        _judged(made, different, equivalent), p_different=different, p_equivalent=equivalent
    )


def together(comparisons: Mapping[str, Comparison]) -> dict[str, Comparison]:
    """The same comparisons with verdicts corrected (Holm) for being made at once."""
    tested = [name for name, found in comparisons.items() if found.p_different is not None]
    out = dict(comparisons)
    if tested:
        different = _holm(tuple(comparisons[name].p_different or 0.0 for name in tested))
        equivalent = _holm(tuple(comparisons[name].p_equivalent or 0.0 for name in tested))
        for name, one, other in zip(tested, different, equivalent, strict=True):
            out[name] = _judged(comparisons[name], one, other)
    return out


def cliffs_delta(one: Levels, other: Levels) -> float:
    """P(first higher) - P(second higher) over all pairs, exactly."""
    below = np.concatenate(([0], np.cumsum(other)[:-1]))
    above = sum(other) - np.cumsum(other)
    return float(np.dot(one, below - above)) / (sum(one) * sum(other))


def shift(moves: Figure) -> Shift | None:
    """From the movements between first view and changed case; None unless all are shown."""
    cells = {point: cell.value for point, cell in moves.cells.items()}
    up, down, stayed = (cells.get(point) for point in ("towards", "away", "stayed"))
    if up is None or down is None or stayed is None:
        return None
    if not up + down:
        return Shift(up, down, stayed, None, None, None)
    low, high = _exact(up, up + down)
    return Shift(up, down, stayed, up / (up + down), low, high)


@lru_cache(maxsize=4096)
def _exact(up: int, moved: int) -> tuple[float, float]:
    found = binomtest(up, moved).proportion_ci(confidence_level=1 - ALPHA, method="exact")
    return float(found.low), float(found.high)


def _judged(found: Comparison, different: float, equivalent: float) -> Comparison:
    if equivalent < ALPHA:
        # A small difference can be both certain and within the margin: then it does not matter.
        return replace(found, verdict=Verdict.EQUIVALENT)
    if different < ALPHA:
        return replace(found, verdict=Verdict.DIFFERENT)
    return replace(found, verdict=Verdict.NOT_SETTLED)


@lru_cache(maxsize=256)
def _holm(values: tuple[float, ...]) -> list[float]:
    # Kept, since the library collects garbage each time, which takes longer than a page may.
    return [float(value) for value in multipletests(values, alpha=ALPHA, method="holm")[1]]


def _spread(levels: Levels) -> np.ndarray:
    return np.repeat(np.arange(len(levels)), levels)
