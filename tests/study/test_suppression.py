"""Counts of people: an attacker with the published figures learns no hidden one."""

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from study.suppression import Cell, Published, Reason, publish_table, refresh_due, released_count
from study.suppression_crosstab import publish_crosstab
from tests.study.suppression_attack import splits, table

few_or_many = st.one_of(st.integers(0, 6), st.integers(0, 40))


def _values(published: Published[str]) -> list[int | None]:
    return [cell.value for cell in published.cells.values()]


@pytest.mark.parametrize("k", [4, 0, -5, True, 5.0, "5"])
def test_a_threshold_is_never_lowered(k: int) -> None:
    for publish in (
        lambda: publish_table(table(9, 9), k),
        lambda: publish_crosstab({"learner": table(9, 9), "educator": table(9, 9)}, k),
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


def test_nothing_is_shown_of_too_fewpeople() -> None:
    published = publish_table(table(1, 0, 3, 0, 0, 0))
    assert not published.total.shown
    assert {c.reason for c in published.cells.values()} == {Reason.TOTAL_TOO_FEW}


def test_a_table_without_small_cells_is_shown_whole() -> None:
    published = publish_table(table(5, 0, 12, 7, 0, 6))
    assert _values(published) == [5, 0, 12, 7, 0, 6]
    assert published.total == Cell(30)


def test_small_cells_and_zeros_are_hidden_together() -> None:
    published = publish_table(table(10, 0, 3, 2, 5, 0))
    assert _values(published) == [10, None, None, None, 5, None]
    assert published.total == Cell(20)


def test_a_lone_small_cell_takes_its_neighbour_with_it() -> None:
    published = publish_table(table(9, 8, 2, 30, 6, 7))
    assert _values(published) == [9, None, None, 30, 6, 7]
    assert published.audit == {"3": Reason.TOO_FEW, "2": Reason.COMPLEMENTARY}


def test_a_public_reason_does_not_part_the_small_cell_from_its_cover() -> None:
    published = publish_table(table(9, 8, 2, 30, 6, 7))
    assert {c.reason for c in published.cells.values() if not c.shown} == {Reason.TOO_FEW}
    assert "COMPLEMENTARY" not in repr(published)


def test_agreement_of_all_is_hidden() -> None:
    published = publish_table(table(0, 0, 0, 40, 0, 0))
    assert _values(published) == [None] * 6
    assert published.total == Cell(40)
    assert set(published.audit.values()) == {Reason.UNANIMOUS}
    assert not publish_table({"4": 40}).total.shown


def test_all_cells_one_below_the_threshold_take_a_neighbour() -> None:
    assert _values(publish_table(table(4, 4, 9, 8, 7, 6))) == [None, None, None, 8, 7, 6]


@pytest.mark.parametrize("k", [5, 6, 10])
@pytest.mark.parametrize("size", [2, 3, 4])
def test_a_reader_who_knows_the_rules_learns_no_hidden_cell(size: int, k: int) -> None:
    """All tables of people, grouped by what is published of them: in no group is a hidden
    cell the same in every table."""
    groups = defaultdict(list)
    for total in range({2: 40, 3: 26, 4: 20}[size] + 1):
        for counts in splits(total, size):
            published = publish_table(table(*counts), k)
            groups[(*published.cells.values(), published.total)].append(counts)
    assert any(len(tables) == 1 for tables in groups.values())  # those shown whole
    for figures, tables in groups.items():
        for place, cell in enumerate(figures[:-1]):
            if not cell.shown:
                assert len({counts[place] for counts in tables}) > 1, (figures, tables)


@settings(derandomize=True, max_examples=200)
@given(st.lists(few_or_many, min_size=2, max_size=6), st.integers(5, 10))
def test_a_hidden_cell_may_be_nothing_and_may_be_many(counts: list[int], k: int) -> None:
    published = publish_table(table(*counts), k)
    hidden = [c for c in published.cells.values() if not c.shown]
    assert all(
        c.value == n for c, n in zip(published.cells.values(), counts, strict=True) if c.shown
    )
    assert all(not 0 < c.value < k for c in published.cells.values() if c.value is not None)
    if published.total.value is not None:
        rest = sum(counts) - sum(c.value or 0 for c in published.cells.values())
        assert len(hidden) != 1
        assert rest >= k or not hidden
    else:
        assert sum(counts) < k
        assert len(hidden) == len(counts)


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
def test_two_releases_never_differ_by_less_than_the_threshold(counts: list[int], k: int) -> None:
    last = None
    for n in counts:
        cell = released_count(n, last, k)
        if cell.value is not None:
            assert cell.value >= k
            assert last is None or cell.value == last or abs(cell.value - last) >= k
            assert refresh_due(n, last, k) == (cell.value != last)
            last = cell.value
        assert n >= k or not cell.shown
