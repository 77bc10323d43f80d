"""Counts of people: an attacker with the published figures learns no hidden one."""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from study.suppression import (
    Cell,
    Published,
    Reason,
    publish_table,
    refresh_due,
    released_count,
)
from study.suppression_crosstab import Crosstab, publish_crosstab

STANCES = ("1", "2", "3", "4", "5", "cant_say")
few_or_many = st.one_of(st.integers(0, 6), st.integers(0, 40))


def _table(*counts: int) -> dict[str, int]:
    return dict(zip(STANCES, counts, strict=False))


def _values(published: Published[str]) -> list[int | None]:
    return [cell.value for cell in published.cells.values()]


def _splits(total: int, cells: int) -> Iterator[tuple[int, ...]]:
    """All ways to put ``total`` people into ``cells`` cells."""
    if cells == 1:
        yield (total,)
        return
    for n in range(total + 1):
        for rest in _splits(total - n, cells - 1):
            yield (n, *rest)


@pytest.mark.parametrize("k", [4, 0, -5, True, 5.0, "5"])
def test_a_threshold_is_never_lowered(k: int) -> None:
    for publish in (
        lambda: publish_table(_table(9, 9), k),
        lambda: publish_crosstab({"learner": _table(9, 9), "educator": _table(9, 9)}, k),
        lambda: released_count(9, None, k),
        lambda: refresh_due(9, None, k),
    ):
        with pytest.raises(ValueError, match="threshold"):
            publish()


@pytest.mark.parametrize("n", [-1, 2.5, True])
def test_counts_are_whole_and_not_negative(n: int) -> None:
    with pytest.raises(ValueError, match="count"):
        publish_table({"1": n, "2": 9}, 5)
    with pytest.raises(ValueError, match="count"):
        publish_crosstab({"a": {"1": n, "2": 9}, "b": {"1": 9, "2": 9}}, 5)


def test_malformed_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="points"):
        publish_table({}, 5)
    with pytest.raises(ValueError, match="columns"):
        publish_crosstab({}, 5)
    with pytest.raises(ValueError, match="columns"):
        publish_crosstab({"a": {"1": 9}, "b": {"2": 9}}, 5)
    with pytest.raises(ValueError, match="shown or hidden"):
        Cell()
    with pytest.raises(ValueError, match="shown or hidden"):
        Cell(3, Reason.TOO_FEW)


def test_nothing_is_shown_of_too_few_people() -> None:
    published = publish_table(_table(1, 0, 3, 0, 0, 0))
    assert not published.total.shown
    assert {c.reason for c in published.cells.values()} == {Reason.TOTAL_TOO_FEW}


def test_a_table_without_small_cells_is_shown_whole() -> None:
    published = publish_table(_table(5, 0, 12, 7, 0, 6))
    assert _values(published) == [5, 0, 12, 7, 0, 6]
    assert published.total == Cell(30)


def test_small_cells_and_zeros_are_hidden_together() -> None:
    published = publish_table(_table(10, 0, 3, 2, 5, 0))
    assert _values(published) == [10, None, None, None, 5, None]
    assert published.total == Cell(20)


def test_a_lone_small_cell_takes_its_neighbour_with_it() -> None:
    published = publish_table(_table(9, 8, 2, 30, 6, 7))
    assert _values(published) == [9, None, None, 30, 6, 7]
    assert published.audit == {"3": Reason.TOO_FEW, "2": Reason.COMPLEMENTARY}


def test_a_public_reason_does_not_part_the_small_cell_from_its_cover() -> None:
    published = publish_table(_table(9, 8, 2, 30, 6, 7))
    assert {c.reason for c in published.cells.values() if not c.shown} == {Reason.TOO_FEW}
    assert "COMPLEMENTARY" not in repr(published)


def test_agreement_of_all_is_hidden() -> None:
    published = publish_table(_table(0, 0, 0, 40, 0, 0))
    assert _values(published) == [None] * 6
    assert published.total == Cell(40)
    assert set(published.audit.values()) == {Reason.UNANIMOUS}
    assert not publish_table({"4": 40}).total.shown


def test_all_cells_one_below_the_threshold_take_a_neighbour() -> None:
    assert _values(publish_table(_table(4, 4, 9, 8, 7, 6))) == [None, None, None, 8, 7, 6]


@pytest.mark.parametrize("k", [5, 6, 10])
@pytest.mark.parametrize("size", [2, 3, 4])
def test_a_reader_who_knows_the_rules_learns_no_hidden_cell(size: int, k: int) -> None:
    """All tables of people, grouped by what is published of them: in no group is a hidden
    cell the same in every table."""
    groups = defaultdict(list)
    for total in range({2: 40, 3: 26, 4: 20}[size] + 1):
        for counts in _splits(total, size):
            published = publish_table(_table(*counts), k)
            groups[(*published.cells.values(), published.total)].append(counts)
    assert any(len(tables) == 1 for tables in groups.values())  # those shown whole
    for figures, tables in groups.items():
        for place, cell in enumerate(figures[:-1]):
            if not cell.shown:
                assert len({counts[place] for counts in tables}) > 1, (figures, tables)


@settings(derandomize=True, max_examples=200)
@given(st.lists(few_or_many, min_size=2, max_size=6), st.integers(5, 10))
def test_a_hidden_cell_may_be_nothing_and_may_be_many(counts: list[int], k: int) -> None:
    published = publish_table(_table(*counts), k)
    hidden = [c for c in published.cells.values() if not c.shown]
    assert all(c.value == n for c, n in zip(published.cells.values(), counts, strict=True)
               if c.shown)
    assert all(not 0 < c.value < k for c in published.cells.values() if c.value is not None)
    if published.total.value is not None:
        rest = sum(counts) - sum(c.value or 0 for c in published.cells.values())
        assert len(hidden) != 1
        assert rest >= k or not hidden
    else:
        assert sum(counts) < k
        assert len(hidden) == len(counts)


def _people(*lines: tuple[int, ...]) -> dict[str, dict[str, int]]:
    return {f"r{i}": _table(*line) for i, line in enumerate(lines)}


def _feasible(published: Crosstab[str, str], total: int) -> list[tuple[int, ...]]:
    """All tables of ``total`` people that agree with every published figure."""
    rows, columns = list(published.rows), list(published.columns)

    def lines(row: str) -> list[tuple[int, ...]]:
        known = published.rows[row].value
        sums = range(total + 1) if known is None else [known]
        return [
            line
            for n in sums
            for line in _splits(n, len(columns))
            if all(
                published.cells[row, c].value in (None, x)
                for c, x in zip(columns, line, strict=True)
            )
        ]

    found: dict[tuple[int, ...], list[tuple[int, ...]]] = {(0,) * len(columns): [()]}
    for row in rows:
        grown = defaultdict(list)
        for line in lines(row):
            for sums, tables in found.items():
                new = tuple(a + b for a, b in zip(sums, line, strict=True))
                if sum(new) <= total:
                    grown[new].extend((*t, *line) for t in tables)
        found = grown
    return [
        table
        for sums, tables in found.items()
        if sum(sums) == total
        and all(
            published.columns[c].value in (None, n) for c, n in zip(columns, sums, strict=True)
        )
        for table in tables
    ]


def _attack(counts: list[tuple[int, ...]], k: int) -> None:
    published = publish_crosstab(_people(*counts), k)
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
    tables = _feasible(published, total)
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
        for a, b, c, d in _splits(total, 4):
            published = publish_crosstab(_people((a, b), (c, d)), 5)
            figures = (*published.cells.values(), *published.rows.values(),
                       *published.columns.values(), published.total)
            groups[figures].append((a, b, c, d, a + b, c + d, a + c, b + d))
    for figures, tables in groups.items():
        for place, cell in enumerate(figures[:-1]):
            if not cell.shown:
                assert len({t[place] for t in tables}) > 1, (figures, tables)


def test_a_crosstab_without_small_numbers_is_shown_whole() -> None:
    published = publish_crosstab(_people((9, 5, 12), (5, 8, 0), (0, 6, 6)), 5)
    assert [cell.value for cell in published.cells.values()] == [9, 5, 12, 5, 8, 0, 0, 6, 6]


def test_a_crosstab_hides_a_column_that_is_of_one_role_only() -> None:
    published = publish_crosstab(_people((9, 9, 12), (9, 8, 0)), 5)
    assert not published.cells["r1", "3"].shown
    assert published.columns["3"] == Cell(12)


def test_a_crosstab_keeps_what_is_far_from_the_small_cells() -> None:
    published = publish_crosstab(
        _people((3, 9, 20, 20, 20, 20), (9, 30, 20, 20, 20, 20), (9, 9, 20, 20, 20, 20)), 5
    )
    assert not published.cells["r0", "1"].shown
    assert published.cells["r2", "5"] == Cell(20)
    assert published.cells["r0", "5"] == Cell(20)


def test_the_totals_of_a_crosstab_follow_the_rules_of_one_distribution() -> None:
    lines = [(7, 0, 2, 9, 9, 1), (5, 0, 1, 9, 2, 6)]
    published = publish_crosstab(_people(*lines), 5)
    alone = publish_table(_table(*map(sum, zip(*lines, strict=True))), 5)
    assert published.columns == alone.cells
    assert published.total == alone.total


@settings(derandomize=True, max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(*[few_or_many] * 6), min_size=2, max_size=5), st.integers(5, 12)
)
def test_shown_numbers_are_true_and_none_is_small(lines: list[tuple[int, ...]], k: int) -> None:
    published = publish_crosstab(_people(*lines), k)
    flat = [n for line in lines for n in line]
    shown = [
        *zip(published.cells.values(), flat, strict=True),
        *zip(published.rows.values(), map(sum, lines), strict=True),
        *zip(published.columns.values(), map(sum, zip(*lines, strict=True)), strict=True),
    ]
    for cell, n in shown:
        assert cell.value is None or (cell.value == n and not 0 < n < k)


def test_a_figure_is_hidden_as_soon_as_too_few_remain_and_then_comes_back_unchanged() -> None:
    assert released_count(4, None) == Cell(reason=Reason.TOTAL_TOO_FEW)
    assert released_count(5, None) == Cell(5)
    assert released_count(9, 5) == Cell(5)
    assert released_count(10, 5) == Cell(10)
    assert released_count(6, 10) == Cell(10)
    assert released_count(5, 10) == Cell(5)
    assert released_count(4, 5) == Cell(reason=Reason.TOTAL_TOO_FEW)
    assert released_count(6, 5) == Cell(5)


def test_a_figure_that_a_raised_threshold_forbids_is_not_shown_again() -> None:
    assert not released_count(11, 6, 10).shown


@settings(derandomize=True)
@given(st.lists(st.integers(0, 40), max_size=30), st.integers(5, 10))
def test_two_releases_never_differ_by_less_than_the_threshold(
    counts: list[int], k: int
) -> None:
    last = None
    for n in counts:
        cell = released_count(n, last, k)
        if cell.value is not None:
            assert cell.value >= k
            assert last is None or cell.value == last or abs(cell.value - last) >= k
            assert refresh_due(n, last, k) == (cell.value != last)
            last = cell.value
        assert n >= k or not cell.shown
