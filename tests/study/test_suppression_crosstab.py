"""Two-way tables: an attacker who solves for the hidden numbers pins none of them down."""

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from study.suppression import Cell, publish_table
from study.suppression_crosstab import publish_crosstab
from tests.study.suppression_attack import feasible, people, splits, table

few_or_many = st.one_of(st.integers(0, 6), st.integers(0, 40))


def _attack(counts: list[tuple[int, ...]], k: int) -> None:
    published = publish_crosstab(people(*counts), k)
    flat = [n for line in counts for n in line]
    total, width = sum(flat), len(counts[0])
    numbers: list[tuple[Cell, list[int]]] = [
        (cell, [place]) for place, cell in enumerate(published.cells.values())
    ]
    for i, cell in enumerate(published.rows.values()):
        numbers.append((cell, list(range(i * width, (i + 1) * width))))
    for j, cell in enumerate(published.columns.values()):
        numbers.append((cell, list(range(j, len(flat), width))))
    for cell, places in numbers:
        assert cell.value in (None, sum(flat[p] for p in places))
    if published.total.value is None:
        assert total < k
        assert not any(cell.shown for cell, _ in numbers)
        return
    tables = feasible(published, total)
    assert tuple(flat) in tables
    for cell, places in numbers:
        if cell.shown:
            continue
        seen = {sum(table[p] for p in places) for table in tables}
        assert len(seen) > 1, (counts, k, places)
        if sum(flat[p] for p in places) < k:
            assert max(seen) >= k, (counts, k, places)


small_tables = st.tuples(st.integers(2, 3), st.integers(2, 3)).flatmap(
    lambda size: st.lists(
        st.tuples(*[st.integers(0, 6 if size == (2, 2) else 3)] * size[1]),
        min_size=size[0],
        max_size=size[0],
    )
)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(small_tables, st.sampled_from([5, 6]))
def test_no_hidden_number_of_a_crosstab_can_be_worked_out(
    counts: list[tuple[int, ...]], k: int
) -> None:
    if sum(map(sum, counts)) <= 16:
        _attack(counts, k)


@pytest.mark.parametrize(
    "counts",
    [
        [(6, 5, 1), (5, 0, 2)],
        [(7, 0), (0, 7)],
        [(5, 5), (5, 0)],
        [(5, 1), (1, 5)],
        [(0, 9), (0, 6)],
        [(1, 4, 0), (4, 1, 0), (0, 0, 6)],
        [(2, 3), (3, 2), (5, 1)],
        [(8, 1), (1, 8)],
        [(4, 4), (4, 4)],
        [(0, 0), (9, 5)],
        [(0, 0, 0), (6, 5, 5)],
        [(5, 0, 1), (0, 5, 5)],
    ],
)
def test_tables_that_give_a_number_away_by_subtraction(counts: list[tuple[int, ...]]) -> None:
    _attack(counts, 5)


def test_a_reader_who_knows_the_rules_learns_no_hidden_cell_of_a_small_crosstab() -> None:
    groups = defaultdict(list)
    for total in range(27):
        for a, b, c, d in splits(total, 4):
            published = publish_crosstab(people((a, b), (c, d)), 5)
            figures = (
                *published.cells.values(),
                *published.rows.values(),
                *published.columns.values(),
                published.total,
            )
            groups[figures].append((a, b, c, d, a + b, c + d, a + c, b + d))
    for figures, tables in groups.items():
        for place, cell in enumerate(figures[:-1]):
            if not cell.shown:
                assert len({t[place] for t in tables}) > 1, (figures, tables)


def test_a_crosstab_without_small_numbers_is_shown_whole() -> None:
    published = publish_crosstab(people((9, 5, 12), (5, 8, 0), (0, 6, 6)), 5)
    assert [cell.value for cell in published.cells.values()] == [9, 5, 12, 5, 8, 0, 0, 6, 6]


def test_a_crosstab_hides_a_column_that_is_of_one_role_only() -> None:
    published = publish_crosstab(people((9, 9, 12), (9, 8, 0)), 5)
    assert not published.cells["r1", "3"].shown
    assert published.columns["3"] == Cell(12)


def test_a_crosstab_keeps_what_is_far_from_the_small_cells() -> None:
    published = publish_crosstab(
        people((3, 9, 20, 20, 20, 20), (9, 30, 20, 20, 20, 20), (9, 9, 20, 20, 20, 20)), 5
    )
    assert not published.cells["r0", "1"].shown
    assert published.cells["r2", "5"] == Cell(20)
    assert published.cells["r0", "5"] == Cell(20)


def test_the_totals_of_a_crosstab_follow_the_rules_of_one_distribution() -> None:
    lines = [(7, 0, 2, 9, 9, 1), (5, 0, 1, 9, 2, 6)]
    published = publish_crosstab(people(*lines), 5)
    alone = publish_table(table(*map(sum, zip(*lines, strict=True))), 5)
    assert published.columns == alone.cells
    assert published.total == alone.total


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.lists(st.tuples(*[few_or_many] * 6), min_size=2, max_size=5), st.integers(5, 12))
def test_shown_numbers_are_true_and_none_is_small(lines: list[tuple[int, ...]], k: int) -> None:
    published = publish_crosstab(people(*lines), k)
    flat = [n for line in lines for n in line]
    shown = [
        *zip(published.cells.values(), flat, strict=True),
        *zip(published.rows.values(), map(sum, lines), strict=True),
        *zip(published.columns.values(), map(sum, zip(*lines, strict=True)), strict=True),
    ]
    for cell, n in shown:
        assert cell.value is None or (cell.value == n and not 0 < n < k)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(small_tables)
def test_with_totals_that_are_known_by_another_threshold(counts: list[tuple[int, ...]]) -> None:
    """A figure is published from 5 people on, and its split from 6: the attacker has both."""
    if sum(map(sum, counts)) > 16:
        return
    columns = list(people(*counts)["r0"])
    totals = {c: sum(line[j] for line in counts) for j, c in enumerate(columns)}
    figure = publish_table(totals, 5)
    hidden = {c for c in columns if not figure.cells[c].shown}
    published = publish_crosstab(people(*counts), 6, hidden)
    if published.total.value is None:
        return
    flat = [n for line in counts for n in line]
    known = {c: figure.cells[c].value for c in columns}
    tables = [
        table
        for table in feasible(published, sum(flat))
        if all(known[c] in (None, sum(table[j :: len(columns)])) for j, c in enumerate(columns))
    ]
    assert tuple(flat) in tables
    for place, cell in enumerate(published.cells.values()):
        if not cell.shown:
            seen = {table[place] for table in tables}
            assert len(seen) > 1, (counts, place)
            if flat[place] < 6:
                assert max(seen) >= 6, (counts, place)


def test_a_small_total_that_is_known_leaves_nothing_to_hide_behind() -> None:
    published = publish_crosstab(people((4, 20), (3, 30)), 10, set())
    assert not any(cell.shown for cell in published.cells.values())
    assert not any(cell.shown for cell in published.rows.values())
