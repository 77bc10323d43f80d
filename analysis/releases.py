"""When a published figure is renewed, kept or hidden.

Whoever can look at a page before and after one person joins or leaves can subtract the two.
So every figure is a *release* about a fixed number of people, and these rules hold:

1. A figure is about at least k people, and any two releases of it, however far apart, differ
   by at least k people: its sizes are at least k apart.
2. It is renewed when at least k more people can be in it.
3. It is hidden, or renewed in such a step, as soon as fewer than k of its people are left.
4. Every seven days it is compared with the record. If someone in it has left, it is replaced by
   a smaller release, k people down, which leaves out that person and some others (the latest);
   where that is not possible it is hidden.

Rule 4 keeps the promise that a withdrawal reaches published figures within seven days, without
the next figure telling what the person who left had said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from study.suppression import check_count, check_threshold

REFRESH = timedelta(days=7)
"""The longest time that someone who has left may still be in a published figure."""


class Action(StrEnum):
    """What happens to a figure now."""

    KEEP = "keep"
    HIDE = "hide"
    GROW = "grow"
    """Renewed because enough people have joined."""
    REPLACE = "replace"
    """Renewed because there is no figure, or the present one may not stay."""


@dataclass(frozen=True, slots=True)
class Decision:
    """``people`` is the size of the new release; ``checked`` that leavers were looked for."""

    action: Action
    people: int = 0
    checked: bool = False


@dataclass(frozen=True, slots=True)
class Last:
    """The newest release of a figure, and every size that it has had."""

    people: int
    k: int
    shown: bool
    sizes: Sequence[int]
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """The record now: how many could be in the figure, how many of the last release still
    are, and whether these are exactly the people of that release."""

    people: int
    still_in: int = 0
    same: bool = True


def next_size(people: int, sizes: Sequence[int], k: int) -> int | None:
    """The largest release that may be made of ``people``; None if there may be none."""
    check_threshold(k)
    check_count(people)
    tried = people
    while tried >= k:
        # Each size in the way pushes the new one at least k below itself.
        near = [size for size in sizes if abs(tried - size) < k]
        if not near:
            return tried
        tried = min(near) - k
    return None


def decide(now: datetime, standing: Standing, last: Last | None, k: int) -> Decision:
    """What to do with a figure. Raises ValueError for a threshold below the lowest."""
    size = next_size(standing.people, last.sizes if last else (), k)
    renewed = Decision(Action.HIDE) if size is None else Decision(Action.REPLACE, size, True)
    if last is None or not last.shown:
        return renewed
    due = now - last.checked_at >= REFRESH
    if last.k < k or standing.still_in < k or (due and not standing.same):
        return renewed
    if size is not None and size >= last.people + k:
        return Decision(Action.GROW, size, True)
    return Decision(Action.KEEP, last.people, due)


def held_count(now: datetime, people: int, last: Last | None, k: int) -> Decision:
    """A count of who took part or finished, which is shown exactly.

    It rises at once and falls at the next seven-day comparison, so that a withdrawal cannot
    be watched as it happens; below k it is hidden at once.
    """
    check_threshold(k)
    if check_count(people) < k:
        return Decision(Action.HIDE)
    falls = last is not None and last.shown and last.k >= k and people < last.people
    if falls and last is not None and now - last.checked_at < REFRESH:
        return Decision(Action.KEEP, last.people)
    return Decision(Action.REPLACE, people, True)
