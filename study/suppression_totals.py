"""What may be shown of the sum of several tables that are published already.

Each row is a distribution over the same columns (a course's figure, say) whose own total and
cells are published by the rules of :mod:`study.suppression`. The totals of columns over all
rows would give away what rows hide: with one row alone, everything. So a total is shown only
where the guarantee of :mod:`study.suppression_crosstab` still holds for every cell that a row
hides: it has at least two feasible values, and one below k may as well be k or more.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
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
from study.suppression_crosstab import Hidden, Place


@dataclass(frozen=True, slots=True)
class PublishedRow[C: Hashable]:
    """One table: ``hidden`` are people by column in the part of it that is not shown.

    A column of which nothing is hidden does not stand in it; what is shown does not matter.
    """

    hidden: Mapping[C, int]


def publish_totals[C: Hashable](
    totals: Mapping[C, int], rows: Sequence[PublishedRow[C]], k: int = THRESHOLD
) -> Mapping[C, Cell]:
    """Publish ``totals`` of people by column, each row being published as it says.

    Raises ValueError for a threshold below THRESHOLD or a count that is no whole number from 0.
    """
    check_threshold(k)
    columns = list(totals)
    counts = [check_count(n) for n in totals.values()]
    if sum(counts) < k or len(columns) < 2:
        return dict.fromkeys(columns, Cell(reason=Reason.TOTAL_TOO_FEW))
    pattern = {
        (i, columns.index(column)): check_count(n)
        for i, row in enumerate(rows)
        for column, n in row.hidden.items()
    }
    hidden = set(hidden_places(counts, k))
    while not _safe(pattern, hidden, k):
        cover = nearest_outside(hidden or _unsafe_columns(pattern, hidden, k), len(columns))
        if cover is None:
            hidden = set(range(len(columns)))
            break
        hidden |= {cover} if hidden else {cover, *_unsafe_columns(pattern, hidden, k)}
    few = Cell(reason=Reason.TOO_FEW)
    return {c: few if j in hidden else Cell(counts[j]) for j, c in enumerate(columns)}


def _safe(pattern: Mapping[Place, int], hidden: Collection[int], k: int) -> bool:
    return not _unsafe_columns(pattern, hidden, k)


def _unsafe_columns(pattern: Mapping[Place, int], hidden: Collection[int], k: int) -> set[int]:
    """The columns of hidden cells for which the guarantee does not hold."""
    if len(hidden) == len({j for _, j in pattern} | set(hidden)):
        # No total that is shown says anything of a hidden cell: the rows stand as they were.
        return set()
    quick, exact = _Exchange(pattern, hidden), Hidden(pattern, hidden)
    unsafe: set[int] = set()
    for place in pattern:
        known = place[1] in unsafe or quick.free(place, k)
        if not known and not exact.is_safe(place, k):
            unsafe.add(place[1])
    return unsafe


class _Exchange:
    """A quick look whether a cell can change by trading people between two columns.

    It may miss a way, which the exact audit then finds; it never sees one that is not there.
    """

    def __init__(self, pattern: Mapping[Place, int], hidden: Collection[int]) -> None:
        self._pattern, self._hidden = pattern, hidden
        self._columns: dict[int, list[int]] = {}
        for i, j in pattern:
            self._columns.setdefault(i, []).append(j)
        self._both: dict[tuple[int, int], int] = {}
        for i, columns in self._columns.items():
            for j in columns:
                for other in columns:
                    pair = j, other
                    self._both[pair] = self._both.get(pair, 0) + pattern[i, j]

    def free(self, place: Place, k: int) -> bool:
        """Whether a small count may as well be k, or a large one another."""
        i, j = place
        count = self._pattern[place]
        missing = k - count if count < k else 1
        for other in self._columns[i]:
            if other == j or self._pattern[i, other] < missing:
                continue
            if j in self._hidden and other in self._hidden:
                return True
            # The other rows that hide both can give the column back what this one takes.
            if self._both[j, other] - count >= missing:
                return True
        return False
