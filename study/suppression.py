"""What may be shown of counts of people.

Every count here is of distinct people, never of responses. The rules for one
distribution, with people in N, cells n and the threshold k:

1. N < k: nothing is shown, the total neither.
2. Everyone in one cell: the total is shown, the cells are not.
3. Every cell is 0 or at least k: all is shown.
4. Otherwise every cell below k is hidden, zeros too. If their sum is below k, or each of
   them is exactly k - 1, one more cell is hidden with them: the nearest on the scale.

The guarantee. For all that the shown figures tell, a hidden cell may be 0 and may be k or
more. It holds as well against a reader who knows these rules: for every published table
there is another table of people that is published in the same way and differs in that cell.
Two choices keep this true. The covering cell is chosen by its place and not by its size (a
"smallest of the rest" tells that it is the smallest, which can fix it), and all hidden cells
of a table carry the same public reason (a label that parts the small count from the one
that covers it gives the small one away). The exact reasons are in ``audit``, for logs.
What one of the counted people could work out from their own answer is not covered.

Keys must be all the points of the question, in the order of the scale: a mapping of only
the points that somebody chose shows by its keys what the cells hide.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

THRESHOLD = 5
"""Fewest people of whom a count is shown. An institution may raise it, never lower it."""


class Reason(StrEnum):
    """Why a number is not shown."""

    TOO_FEW = "too_few"
    COMPLEMENTARY = "complementary"
    UNANIMOUS = "unanimous"
    TOTAL_TOO_FEW = "total_too_few"


@dataclass(frozen=True, slots=True)
class Cell:
    """A published number: ``value`` when shown, else ``reason``.

    In a published table a hidden cell says TOTAL_TOO_FEW (the table is of too few people)
    or TOO_FEW (this cell, or one that is hidden with it, is); nothing finer, on purpose.
    """

    value: int | None = None
    reason: Reason | None = None

    def __post_init__(self) -> None:
        """Refuse a cell that is both shown and hidden, or neither."""
        if (self.value is None) == (self.reason is None):
            raise ValueError("a cell is either shown or hidden with a reason")

    @property
    def shown(self) -> bool:
        """Whether the number may be shown."""
        return self.value is not None


@dataclass(frozen=True, slots=True)
class Published[K: Hashable]:
    """One distribution as it may be shown.

    ``audit`` holds the exact reason of each hidden cell. It is for logs and tests and must
    not reach a page, an export or a report; it takes no part in comparison.
    """

    cells: Mapping[K, Cell]
    total: Cell
    audit: Mapping[K, Reason] = field(default_factory=dict, repr=False, compare=False)


def check_threshold(k: int) -> int:
    """Return ``k`` if it is a whole number of at least THRESHOLD, else raise ValueError."""
    if isinstance(k, bool) or not isinstance(k, int) or k < THRESHOLD:
        raise ValueError(f"the threshold must be a whole number of at least {THRESHOLD}")
    return k


def check_count(n: int) -> int:
    """Return ``n`` if it is a whole number from 0, else raise ValueError."""
    if isinstance(n, bool) or not isinstance(n, int) or n < 0:
        raise ValueError("a count of people must be a whole number from 0")
    return n


def hidden_places(counts: list[int], k: int) -> dict[int, Reason]:
    """The places of one distribution that must be hidden, with the exact reason of each.

    ``counts`` in the order of the scale; together they must be at least k people.
    """
    small = [i for i, n in enumerate(counts) if n < k]
    some = [i for i in small if counts[i]]
    if sum(1 for n in counts if n) == 1:
        return dict.fromkeys(range(len(counts)), Reason.UNANIMOUS)
    if not some:
        return {}
    hidden = {i: Reason.TOO_FEW if counts[i] else Reason.COMPLEMENTARY for i in small}
    together = sum(counts[i] for i in small)
    if together < k or together == len(small) * (k - 1):
        cover = nearest_outside(set(small), len(counts))
        if cover is not None:
            hidden[cover] = Reason.COMPLEMENTARY
    return hidden


def nearest_outside(places: set[int], size: int) -> int | None:
    """The place in 0..size-1 outside ``places`` that is nearest to one of them (the lowest
    of equals); None when there is none. It looks at places only, never at counts."""
    outside = [i for i in range(size) if i not in places]
    return min(
        outside, key=lambda i: (min((abs(i - j) for j in places), default=0), i), default=None
    )


def publish_table[K: Hashable](cells: Mapping[K, int], k: int = THRESHOLD) -> Published[K]:
    """Publish the distribution of distinct people over the points of one question.

    Raises ValueError for a threshold below THRESHOLD, a count that is not a whole number
    from 0, or no cells at all. With a single cell nothing is shown.
    """
    check_threshold(k)
    keys, counts = list(cells), [check_count(n) for n in cells.values()]
    if not counts:
        raise ValueError("a distribution needs its points")
    total = sum(counts)
    if total < k or len(counts) == 1:
        why = Reason.TOTAL_TOO_FEW
        return Published(
            {key: Cell(reason=why) for key in keys}, Cell(reason=why), dict.fromkeys(keys, why)
        )
    hidden = hidden_places(counts, k)
    return Published(
        {
            key: Cell(reason=Reason.TOO_FEW) if i in hidden else Cell(counts[i])
            for i, key in enumerate(keys)
        },
        Cell(total),
        {keys[i]: why for i, why in hidden.items()},
    )


def refresh_due(n: int, last_released: int | None, k: int = THRESHOLD) -> bool:
    """Whether a new figure, and the tables that go with it, may be released.

    True when ``n`` people are at least k and either nothing has been released yet or at
    least k more, or at least k fewer, than at the last release.
    """
    check_threshold(k)
    check_count(n)
    return n >= k and (last_released is None or abs(n - check_count(last_released)) >= k)


def released_count(n: int, last_released: int | None, k: int = THRESHOLD) -> Cell:
    """The figure that may be published when ``n`` people are counted now.

    ``last_released`` is the last figure that was shown, or None if none ever was; keep it
    while the figure is hidden. The figure moves in steps of at least k, so two releases
    never differ by 1 to k - 1, and it is hidden at once when fewer than k people remain.
    Between two releases the tables must stay those of the last one.
    """
    if refresh_due(n, last_released, k):
        return Cell(n)
    if n < k or last_released is None or last_released < k:
        return Cell(reason=Reason.TOTAL_TOO_FEW)
    return Cell(last_released)
