"""What may be shown of people counted by two things at once, such as role and stance.

The totals of rows and of columns are two distributions and follow the rules of
:mod:`study.suppression`. Of the inner cells these must be hidden: counts from 1 to k - 1,
every cell of a row or column whose total is hidden, and every cell of a row or column whose
people are all in one cell. As sums would give some of these away, the hidden part grows
until an audit passes: first to the whole block of its rows and columns, then to whole
columns, then to all inner cells (which always passes).

The guarantee, checked exactly by the audit for the table at hand: taking all shown numbers,
all sums and that no count is negative, (1) every hidden number has at least two feasible
values, and (2) a hidden number below k may as well be k or more. So none can be worked out,
and of none can it be said that it is small.

The audit moves people around: a cell can grow by as many as a flow can carry from its row to
its column through the other hidden cells, which is what the sums leave open.
"""

from collections import deque
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass

from study.suppression import (
    THRESHOLD,
    Cell,
    Reason,
    check_count,
    check_threshold,
    hidden_places,
    nearest_outside,
)

type Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Crosstab[R: Hashable, C: Hashable]:
    """A two-way table as it may be shown, with the totals of rows and columns and of all."""

    cells: Mapping[tuple[R, C], Cell]
    rows: Mapping[R, Cell]
    columns: Mapping[C, Cell]
    total: Cell


def publish_crosstab[R: Hashable, C: Hashable](
    table: Mapping[R, Mapping[C, int]],
    k: int = THRESHOLD,
    hidden_totals: Collection[C] | None = None,
) -> Crosstab[R, C]:
    """Publish distinct people by row and column.

    ``hidden_totals``: the columns whose total is hidden, where the totals are published
    elsewhere already, by whatever threshold; without it they are hidden by ``k``. A total, or
    what all hidden ones come to together, that is known and below ``k`` leaves its cells nothing
    to hide behind: nothing is shown then.

    ``table`` maps each row to its counts; every row has the same columns. Rows and columns
    must be all the points of their questions, each in the order of its scale. Raises
    ValueError for rows with different columns, no rows, no columns, a threshold below
    THRESHOLD or a count that is not a whole number from 0. With a single row or column
    nothing is shown: that is one distribution.
    """
    check_threshold(k)
    rows = list(table)
    columns = list(table[rows[0]]) if rows else []
    if not columns or any(set(counts) != set(columns) for counts in table.values()):
        raise ValueError("every row needs the same columns")
    counts = [[check_count(table[r][c]) for c in columns] for r in rows]
    by_row = [sum(line) for line in counts]
    by_column = [sum(line) for line in zip(*counts, strict=True)]
    total = sum(by_row)
    told = set(columns) - set(hidden_totals) if hidden_totals is not None else set()
    bare = any(0 < n < k and c in told for c, n in zip(columns, by_column, strict=True)) or (
        hidden_totals is not None
        and 0 < sum(n for c, n in zip(columns, by_column, strict=True) if c not in told) < k
    )
    if total < k or len(rows) == 1 or len(columns) == 1 or bare:
        none = Cell(reason=Reason.TOTAL_TOO_FEW)
        return Crosstab(
            {(r, c): none for r in rows for c in columns},
            dict.fromkeys(rows, none),
            dict.fromkeys(columns, none),
            none,
        )
    hidden_rows = set(hidden_places(by_row, k))
    hidden_columns = set(hidden_places(by_column, k))
    if hidden_totals is not None:
        hidden_columns = {j for j, c in enumerate(columns) if c in hidden_totals}
    hidden = _hidden_cells(counts, hidden_rows, hidden_columns, k)
    few = Cell(reason=Reason.TOO_FEW)
    return Crosstab(
        {
            (r, c): few if (i, j) in hidden else Cell(counts[i][j])
            for i, r in enumerate(rows)
            for j, c in enumerate(columns)
        },
        {r: few if i in hidden_rows else Cell(by_row[i]) for i, r in enumerate(rows)},
        {c: few if j in hidden_columns else Cell(by_column[j]) for j, c in enumerate(columns)},
        Cell(total),
    )


def _hidden_cells(
    counts: list[list[int]], hidden_rows: set[int], hidden_columns: set[int], k: int
) -> set[Place]:
    """The smallest of the nested patterns that passes the audit."""
    # A row or column that is openly empty has nothing to hide and nothing to hide behind.
    rows = [i for i, line in enumerate(counts) if i in hidden_rows or sum(line) > 0]
    columns = [
        j
        for j in range(len(counts[0]))
        if j in hidden_columns or sum(line[j] for line in counts) > 0
    ]
    primary = {
        (i, j)
        for i in rows
        for j in columns
        if i in hidden_rows or j in hidden_columns or _primary(counts, i, j, k)
    }
    if not primary:
        return primary
    block_rows = _at_least_two(rows, {i for i, _ in primary})
    block_columns = _at_least_two(columns, {j for _, j in primary})
    for pattern in (
        primary,
        {(i, j) for i in block_rows for j in block_columns},
        {(i, j) for i in rows for j in block_columns},
    ):
        if _safe(counts, pattern, hidden_rows, hidden_columns, k):
            return pattern
    return {(i, j) for i in rows for j in columns}


def _primary(counts: list[list[int]], i: int, j: int, k: int) -> bool:
    row, column = counts[i], [line[j] for line in counts]
    alone = sum(1 for n in row if n) == 1 or sum(1 for n in column if n) == 1
    return alone or 0 < row[j] < k


def _at_least_two(places: list[int], chosen: set[int]) -> set[int]:
    """``chosen``, with its nearest neighbour among ``places`` if it is only one."""
    if len(chosen) > 1:
        return chosen
    cover = nearest_outside({places.index(i) for i in chosen}, len(places))
    return chosen if cover is None else chosen | {places[cover]}


def _safe(
    counts: list[list[int]],
    pattern: set[Place],
    hidden_rows: set[int],
    hidden_columns: set[int],
    k: int,
) -> bool:
    """The audit: whether the guarantee holds with the cells of ``pattern`` hidden."""
    # Only the sum of the rows with hidden totals is known, and all their cells are hidden:
    # they act as one row whose people may be split between them in any way; columns alike.
    row_of = {i: -1 if i in hidden_rows else i for i, _ in pattern}
    column_of = {j: -1 if j in hidden_columns else j for _, j in pattern}
    merged: dict[Place, int] = {}
    for i, j in pattern:
        place = row_of[i], column_of[j]
        merged[place] = merged.get(place, 0) + counts[i][j]
    ways = _Ways(merged)
    for place in {(row_of[i], column_of[j]) for i, j in pattern if counts[i][j] < k}:
        missing = k - merged[place]
        if missing > 0 and ways.room(place, missing, up=True) < missing:
            return False
    # A count of k or more in a row or column with a hidden total may as well be 0.
    return all(
        ways.room((i, j), 1, up=True) or ways.room((i, j), 1, up=False)
        for i, j in pattern
        if counts[i][j] >= k and i not in hidden_rows and j not in hidden_columns
    )


class Hidden:
    """Hidden cells of a table of which the totals of all rows are known, ready to be audited.

    ``pattern`` holds their counts by (row, column).
    """

    def __init__(self, pattern: Mapping[Place, int], hidden_columns: Collection[int]) -> None:
        self._pattern, self._columns = pattern, set(hidden_columns)
        # Of a row with several hidden cells in columns without a total only their sum is fixed.
        merged: dict[Place, int] = {}
        for place, count in pattern.items():
            spot = self._spot(place)
            merged[spot] = merged.get(spot, 0) + count
        self._merged, self._ways = merged, _Ways(merged)

    def is_safe(self, place: Place, k: int) -> bool:
        """Whether one of them keeps the guarantee."""
        spot, count = self._spot(place), self._pattern[place]
        if count < k:
            missing = k - self._merged[spot]
            return missing <= 0 or self._ways.room(spot, missing, up=True) >= missing
        return bool(self._ways.room(spot, 1, up=True) or self._ways.room(spot, 1, up=False)) or (
            self._merged[spot] > count
        )

    def _spot(self, place: Place) -> Place:
        return place[0], -1 if place[1] in self._columns else place[1]


type _Node = tuple[str, int]


class _Ways:
    """How people can be moved between cells without changing any sum."""

    def __init__(self, counts: Mapping[Place, int]) -> None:
        self._counts = counts
        self._cells: dict[_Node, list[Place]] = {}
        for place in counts:
            self._cells.setdefault(("row", place[0]), []).append(place)
            self._cells.setdefault(("column", place[1]), []).append(place)

    def room(self, place: Place, enough: int, *, up: bool) -> int:
        """By how many people, up to ``enough``, a cell can grow (or shrink) when the others make
        up for it.

        A greatest flow by shortest paths between the row and the column of the cell. A step
        from a row to a column takes people out of their cell, so it can carry as many as are
        there; a step from a column to a row puts people in, without limit.
        """
        rest = dict(self._counts)
        del rest[place]
        row, column = ("row", place[0]), ("column", place[1])
        start, end = (row, column) if up else (column, row)
        moved = 0
        while moved < enough:
            path = self._path(rest, start, end)
            if path is None:
                break
            step = min([enough - moved, *(rest[p] for p, out in path if out)])
            for p, out in path:
                rest[p] += -step if out else step
            moved += step
        return moved if up else min(moved, self._counts[place])

    def _path(
        self, rest: Mapping[Place, int], start: _Node, end: _Node
    ) -> list[tuple[Place, bool]] | None:
        """The shortest way from start to end: cells, each with whether people leave it."""
        came: dict[_Node, tuple[_Node, Place, bool] | None] = {start: None}
        queue = deque([start])
        while queue and end not in came:
            node = queue.popleft()
            out = node[0] == "row"
            for p in self._cells[node]:
                there = ("column", p[1]) if out else ("row", p[0])
                if p in rest and there not in came and (rest[p] > 0 or not out):
                    came[there] = (node, p, out)
                    queue.append(there)
        path: list[tuple[Place, bool]] = []
        back = came.get(end)
        while back is not None:
            node, p, out = back
            path.append((p, out))
            back = came[node]
        return path[::-1] or None
