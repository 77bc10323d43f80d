"""Splitting a figure by a group of its people: role view, profession, the statement shown.

A split is made for the same people as the figure that it splits, and published as a two-way
table whose column totals are the figure's own (:mod:`study.suppression_crosstab`). Groups below
the threshold are put together as "others"; where those are too few the smallest named group
joins them.

Groups grow at their own pace, so a split is renewed as a whole, and only when the subtraction
of the last one tells of nobody: every group has kept exactly its counts, or has at least the
threshold more people. A group is never named later out of "others" unless both have grown so.
Somebody who leaves hides a split until then.
"""

from collections.abc import Mapping
from typing import Any

from analysis.class_figures import FORMS, fold
from analysis.tallies import EVERYBODY, Counts
from study.suppression_crosstab import publish_crosstab

OTHERS = "others"

type Blocks = dict[str, dict[str, int]]
"""Group → answer → people."""


def blocks_of(counts: Counts, kind: str, of: Mapping[str, int] | None = None) -> Blocks:
    """The counts by group of a kind; whoever is in none of them counts as "others".

    ``of`` is whom they are part of, by answer: everybody if left out.
    """
    prefix = f"{kind}:"
    named = {
        group.removeprefix(prefix): dict(cells)
        for group, cells in counts.items()
        if group.startswith(prefix)
    }
    rest = dict(counts.get(EVERYBODY, {}) if of is None else of)
    for cells in named.values():
        for cell, people in cells.items():
            rest[cell] = rest.get(cell, 0) - people
    rest = {cell: people for cell, people in rest.items() if people}
    if rest:
        named[OTHERS] = _sum(named.get(OTHERS, {}), rest)
    return named


def first_split(groups: Blocks, k: int) -> Blocks | None:
    """Which groups a figure is split into the first time; None if it cannot be split."""
    named = {group: cells for group, cells in groups.items() if group != OTHERS}
    pool = dict(groups.get(OTHERS, {}))
    for group in sorted(named, key=lambda group: (_people(named[group]), group)):
        if _people(named[group]) < k or 0 < _people(pool) < k:
            pool = _sum(pool, named.pop(group))
    if not named or 0 < _people(pool) < k:
        return None
    blocks = {**named, **({OTHERS: pool} if pool else {})}
    return blocks if len(blocks) > 1 else None


def next_split(groups: Blocks, last: Blocks, k: int) -> Blocks | None:
    """The same split with more people; None while it may not be renewed."""
    blocks: Blocks = {group: groups.get(group, {}) for group in last if group != OTHERS}
    pool: dict[str, int] = {}
    fresh = [group for group in groups if group not in blocks]
    for group in fresh:
        pool = _sum(pool, groups[group])
    # Who was in "others" at the last split is not known by group. A group may leave them once it
    # and those who stay have each grown by enough to hide whoever that was.
    before = _people(last.get(OTHERS, {}))
    for group in sorted(fresh, key=lambda group: (-_people(groups[group]), group)):
        rest = _difference(pool, groups[group])
        enough = before + k
        stays = _people(rest) >= enough or not (rest or before)
        if group != OTHERS and _people(groups[group]) >= enough and stays:
            blocks[group], pool = groups[group], rest
    if pool:
        blocks[OTHERS] = pool
    for group, cells in blocks.items():
        if not _may_follow(last.get(group), cells, k):
            return None
    if any(group not in blocks and last[group] for group in last):
        return None
    return blocks if len(blocks) > 1 else None


def published(blocks: Blocks, form: str, k: int, hidden_totals: set[str]) -> dict[str, Any]:
    """What may be shown of a split; empty where nothing of it can be."""
    points = FORMS[form]
    table = {group: fold(form, cells) for group, cells in sorted(blocks.items())}
    found = publish_crosstab(
        {group: {point: cells[point] for point in points} for group, cells in table.items()},
        k,
        hidden_totals,
    )
    if not any(cell.shown for cell in found.rows.values()):
        return {}
    return {
        group: {
            "people": found.rows[group].value,
            "cells": {point: found.cells[group, point].value for point in points},
        }
        for group in table
    }


def _may_follow(before: Mapping[str, int] | None, now: Mapping[str, int], k: int) -> bool:
    if before is None:
        return _people(now) >= k
    if dict(before) == dict(now):
        return True
    grown = _difference(now, before)
    if _people(now) - _people(before) < k:
        return False
    came = [people for people in grown.values() if people]
    # Everybody who came said the same: the difference would tell it of each of them.
    return len(came) > 1


def _people(cells: Mapping[str, int]) -> int:
    return sum(cells.values())


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    out = {cell: one.get(cell, 0) + other.get(cell, 0) for cell in {*one, *other}}
    return {cell: people for cell, people in out.items() if people}


def _difference(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    out = {cell: one.get(cell, 0) - other.get(cell, 0) for cell in {*one, *other}}
    return {cell: people for cell, people in out.items() if people}
