"""Comparing groups: against direct counts, at the edges, and without claiming too much."""

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.class_figures import FORMS, Figure, form_of, hidden_figure, published_cells
from analysis.compare import (
    FIVE,
    THREE,
    Verdict,
    cliffs_delta,
    compare,
    compare_levels,
    levels_of,
    shift,
    together,
)
from analysis.institution_view import grey_point, ordinal_variation
from study.suppression import Cell, Reason

levels = st.lists(st.integers(0, 30), min_size=5, max_size=5).map(tuple)


def figure(name: str = "stance", /, **counts: int) -> Figure:
    """A figure as it is published of these counts, with 5 as the threshold."""
    plain = {point.removeprefix("p"): n for point, n in counts.items()}
    people = sum(plain.values())
    form = form_of(name, people, 5)
    cells = published_cells(form, plain, 5)
    shown = {p: Cell(reason=Reason.TOO_FEW) if n is None else Cell(n) for p, n in cells.items()}
    return Figure(form, Cell(people), None, shown)


@given(levels.filter(any), levels.filter(any))
def test_delta_is_what_counting_all_pairs_gives(
    one: tuple[int, ...], other: tuple[int, ...]
) -> None:
    higher = sum(
        a * b for (i, a), (j, b) in itertools.product(enumerate(one), enumerate(other)) if i > j
    )
    lower = sum(
        a * b for (i, a), (j, b) in itertools.product(enumerate(one), enumerate(other)) if i < j
    )
    assert cliffs_delta(one, other) == pytest.approx((higher - lower) / (sum(one) * sum(other)))
    assert cliffs_delta(other, one) == pytest.approx(-cliffs_delta(one, other))


@settings(max_examples=60, deadline=None)
@given(levels, levels)
def test_an_interval_is_within_its_range_and_around_the_effect(
    one: tuple[int, ...], other: tuple[int, ...]
) -> None:
    found = compare_levels(one, other)
    if min(sum(one), sum(other)) < 5:
        assert found.verdict is Verdict.TOO_FEW and found.delta is None and found.low is None
        return
    assert found.delta is not None and -1 <= found.delta <= 1
    if found.low is not None and found.high is not None:
        assert -1 <= found.low <= found.delta + 1e-9 <= found.high + 2e-9 <= 1 + 4e-9
    if min(sum(one), sum(other)) < 15:
        assert found.verdict is Verdict.DESCRIBED
    else:
        assert found.verdict in (Verdict.EQUIVALENT, Verdict.DIFFERENT, Verdict.NOT_SETTLED)


def test_the_three_verdicts() -> None:
    alike = (40, 60, 30, 50, 20)
    assert compare_levels(alike, alike).verdict is Verdict.EQUIVALENT
    assert compare_levels((60, 40, 10, 5, 5), (5, 5, 10, 40, 60)).verdict is Verdict.DIFFERENT
    small = (4, 6, 3, 5, 2)
    found = compare_levels(small, small)
    assert found.delta == 0 and found.verdict is Verdict.NOT_SETTLED, "no difference is not shown"


def test_the_example_of_the_margin() -> None:
    """0.29 is a probability of superiority of .355 to .645; a wider margin is met sooner."""
    one, other = (7, 8, 5, 6, 4), (6, 8, 5, 7, 4)
    assert compare_levels(one, other, 0.29).verdict is Verdict.NOT_SETTLED
    assert compare_levels(one, other, 0.6).verdict is Verdict.EQUIVALENT
    for margin in (0, 1, -0.2):
        with pytest.raises(ValueError, match="margin"):
            compare_levels(one, other, margin)


@pytest.mark.parametrize(
    ("one", "other", "delta"),
    [((20, 0, 0, 0, 0), (20, 0, 0, 0, 0), 0.0), ((20, 0, 0, 0, 0), (0, 0, 0, 0, 20), -1.0)],
)
def test_answers_without_any_spread_settle_nothing(
    one: tuple[int, ...], other: tuple[int, ...], delta: float
) -> None:
    found = compare_levels(one, other)
    assert found.delta == delta and found.low is None and found.verdict is Verdict.NOT_SETTLED


def test_intervals_cover_what_they_should() -> None:
    """Over 300 draws of 60 people each, the 95% interval holds the true effect about as often."""
    rng, truth = random.Random(4), (0.1, 0.3, 0.2, 0.25, 0.15)
    covered = 0
    for _ in range(300):
        draws = [rng.choices(range(5), truth, k=60) for _ in range(2)]
        found = compare_levels(*(tuple(draw.count(n) for n in range(5)) for draw in draws))
        assert found.low is not None and found.high is not None
        covered += found.low <= 0 <= found.high
    assert 0.91 * 300 <= covered <= 0.99 * 300


def test_many_comparisons_at_once_are_corrected() -> None:
    """Among twenty comparisons of one and the same, chance alone must not find a difference."""
    rng, truth, wrong = random.Random(9), (0.1, 0.3, 0.2, 0.25, 0.15), 0
    for trial in range(40):
        made = {}
        for name in range(20):
            draws = [rng.choices(range(5), truth, k=30) for _ in range(2)]
            counts = [tuple(draw.count(n) for n in range(5)) for draw in draws]
            made[f"{trial}-{name}"] = compare_levels(counts[0], counts[1])
        alone = sum(found.verdict is Verdict.DIFFERENT for found in made.values())
        corrected = sum(found.verdict is Verdict.DIFFERENT for found in together(made).values())
        assert corrected <= alone
        wrong += corrected > 0
    assert wrong <= 40 * 0.05 + 4, "about one family in twenty, and its chance error"


def test_hidden_counts_are_not_compared() -> None:
    shown = figure(p1=10, p2=10, p3=10, depends=6, p4=10, p5=10, cant_say=0)
    across = figure(p1=2, p2=4, p3=10, depends=6, p4=3, p5=30, cant_say=0)
    assert levels_of(across, FIVE) is None and levels_of(across, THREE) is None
    assert compare(shown, across).verdict is Verdict.HIDDEN
    aside = figure(p1=10, p2=10, p3=10, depends=6, p4=10, p5=10, cant_say=2)
    assert levels_of(aside, THREE) is None
    assert compare(shown, hidden_figure("grouped")).verdict is Verdict.TOO_FEW


def test_hidden_counts_of_one_level_add_up_to_what_the_others_tell() -> None:
    found = figure(p1=10, p2=10, p3=2, depends=4, p4=10, p5=12, cant_say=8)
    assert [p for p, cell in found.cells.items() if not cell.shown] == ["3", "depends"]
    assert levels_of(found, FIVE) == (10, 10, 6, 10, 12)
    sides = figure(p1=1, p2=9, p3=9, depends=5, p4=10, p5=12, cant_say=8)
    assert levels_of(sides, FIVE) is None and levels_of(sides, THREE) == (10, 14, 22)


def test_figures_of_two_forms_are_compared_by_sides() -> None:
    points = figure(p1=10, p2=10, p3=10, depends=6, p4=10, p5=10, cant_say=5)
    few = figure(p1=6, p3=6, depends=5, p5=8)
    assert (points.form, few.form) == ("points", "grouped")
    found = compare(points, few)
    assert found.people == (56, 25)
    assert found.delta == pytest.approx(cliffs_delta((20, 16, 20), (6, 11, 8)))


def test_a_shift_has_an_exact_interval_of_those_who_moved() -> None:
    found = shift(figure("moves", away=5, stayed=8, towards=15))
    assert found is not None and (found.up, found.down, found.stayed) == (15, 5, 8)
    assert found.up_of_moved == 0.75
    # Clopper and Pearson, 15 of 20: .509 to .913.
    assert found.low == pytest.approx(0.509, abs=0.001)
    assert found.high == pytest.approx(0.913, abs=0.001)
    assert shift(figure("moves", away=1, stayed=8, towards=15)) is None
    still = shift(
        Figure("moves", Cell(9), None, dict(zip(FORMS["moves"], map(Cell, (0, 9, 0)), strict=True)))
    )
    assert still is not None and still.up_of_moved is None


def test_spread_is_0_for_one_mind_and_1_for_two_halves_at_the_ends() -> None:
    assert ordinal_variation((9, 0, 0)) == 0
    assert ordinal_variation((10, 0, 10)) == 1
    assert ordinal_variation((10, 10, 10)) == pytest.approx(8 / 9)
    assert ordinal_variation((0, 0, 0)) is None
    stances = figure(p1=10, p2=10, p3=10, depends=6, p4=10, p5=10, cant_say=5)
    clear = figure("clarity", p1=10, p2=10, p3=8, p4=6, p5=6)
    found = grey_point(stances, clear)
    assert found.clear == pytest.approx(12 / 40) and found.spread is not None
    assert grey_point(hidden_figure("grouped"), hidden_figure("clear_few")).clear is None
