"""Totals over tables that are published already: an attacker who has them all pins nothing down."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from study.suppression import publish_table
from study.suppression_totals import PublishedRow, publish_totals
from tests.study.suppression_attack import splits

COLUMNS = ("no", "between", "yes")


def rows_of(counts: list[tuple[int, ...]], k: int) -> list[PublishedRow[str]]:
    """Each line as a table of its own is published."""
    out = []
    for line in counts:
        shown = publish_table(dict(zip(COLUMNS, line, strict=True)), k).cells
        out.append(
            PublishedRow({c: n for c, n in zip(COLUMNS, line, strict=True) if not shown[c].shown})
        )
    return out


def attack(counts: list[tuple[int, ...]], k: int) -> dict[str, int | None]:
    """All that agrees with the lines' own tables and with the totals; then what is pinned down."""
    totals = {c: sum(line[j] for line in counts) for j, c in enumerate(COLUMNS)}
    rows = rows_of(counts, k)
    published = publish_totals(totals, rows, k)
    shown = {c: cell.value for c, cell in published.items()}
    assert all(value in (None, totals[c]) for c, value in shown.items())
    ways = [
        [
            line
            for line in splits(sum(given), len(COLUMNS))
            if all(
                c in row.hidden or n == was for c, n, was in zip(COLUMNS, line, given, strict=True)
            )
        ]
        for given, row in zip(counts, rows, strict=True)
    ]
    found: dict[tuple[int, ...], list[tuple[tuple[int, ...], ...]]] = {(0,) * len(COLUMNS): [()]}
    for lines in ways:
        grown: dict[tuple[int, ...], list[tuple[tuple[int, ...], ...]]] = {}
        for line in lines:
            for sums, before in found.items():
                new = tuple(a + b for a, b in zip(sums, line, strict=True))
                grown.setdefault(new, []).extend((*table, line) for table in before)
        found = grown
    tables = [
        table
        for sums, all_of in found.items()
        if all(shown[c] in (None, n) for c, n in zip(COLUMNS, sums, strict=True))
        for table in all_of
    ]
    assert tuple(counts) in tables
    for i, row in enumerate(rows):
        for c, count in row.hidden.items():
            seen = {table[i][COLUMNS.index(c)] for table in tables}
            assert len(seen) > 1, (counts, c)
            if count < k:
                assert max(seen) >= k, (counts, c)
    # A hidden total is not pinned down either, unless every table shows its part of it anyway.
    for j, c in enumerate(COLUMNS):
        if shown[c] is None and any(c in row.hidden for row in rows):
            assert len({sum(line[j] for line in table) for table in tables}) > 1, (counts, c)
    return shown


lines = st.tuples(*[st.one_of(st.integers(0, 6), st.integers(0, 9))] * 3).filter(
    lambda line: 5 <= sum(line) <= 14
)


@settings(derandomize=True, max_examples=50, deadline=None)
@given(st.lists(lines, min_size=1, max_size=4))
def test_no_hidden_cell_of_any_table_can_be_worked_out(counts: list[tuple[int, ...]]) -> None:
    attack(counts, 5)


@pytest.mark.parametrize(
    "counts",
    [
        [(3, 7, 10), (8, 9, 10)],  # one table hides, the other shows: the totals would tell
        [(3, 7, 10)],
        [(12, 0, 0), (6, 6, 6)],
        [(12, 0, 0), (0, 12, 0)],
        [(4, 6, 0), (0, 0, 9), (9, 9, 9)],
        [(5, 5, 5), (6, 6, 6)],
        [(2, 2, 2), (2, 2, 2), (5, 5, 5)],
    ],
)
def test_tables_that_totals_would_give_away(counts: list[tuple[int, ...]]) -> None:
    attack(counts, 5)


def test_totals_of_open_tables_are_shown() -> None:
    assert attack([(5, 6, 7), (8, 9, 10)], 5) == {"no": 13, "between": 15, "yes": 17}


def test_totals_of_many_tables_are_shown_although_each_hides_something() -> None:
    """With enough tables that hide the same two cells, the totals tell of none of them."""
    lines = [(3, 6, 9), (2, 7, 8), (4, 5, 6), (3, 8, 7), (2, 9, 9), (4, 6, 8)]
    rows = rows_of(lines, 5)
    assert all(row.hidden for row in rows)
    totals = {c: sum(line[j] for line in lines) for j, c in enumerate(COLUMNS)}
    assert {c: cell.value for c, cell in publish_totals(totals, rows, 5).items()} == totals


def test_hundreds_of_tables_take_no_time() -> None:
    """The exact audit is for what the quick look leaves open; here that is nothing."""
    lines = [(n % 5, 5 + n % 7, 6 + n % 4) for n in range(600)]
    rows = rows_of(lines, 5)
    totals = {c: sum(line[j] for line in lines) for j, c in enumerate(COLUMNS)}
    assert all(cell.shown for cell in publish_totals(totals, rows, 5).values())


@pytest.mark.parametrize("bad", [{"no": -1, "yes": 9}, {"no": 1.5, "yes": 9}])
def test_what_is_no_count_is_refused(bad: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="whole number"):
        publish_totals(bad, [], 5)
    with pytest.raises(ValueError, match="threshold"):
        publish_totals({"no": 9, "yes": 9}, [], 4)


def test_too_few_and_a_single_column_show_nothing() -> None:
    assert not any(cell.shown for cell in publish_totals({"no": 2, "yes": 2}, [], 5).values())
    assert not any(cell.shown for cell in publish_totals({"no": 20}, [], 5).values())
