"""The splits of one release by groups of its people: renewed with it, kept, or taken back.

A split is older than its figure while a group has grown by too little (:mod:`analysis.splitting`).
It may stay so only as long as nobody has left who could be in it.

How clear a rule is found is split by the statement that was shown, and within each statement by
role view and profession: the statement's people are then the figure, and its answers the totals.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from analysis.class_figures import fold
from analysis.splitting import OTHERS, Blocks, blocks_of, first_split, next_split, published
from analysis.tallies import Counts

SHOWN = "shown"
"""The kind of group that is made by the statement which was shown."""

type Splits = dict[str, Any]
"""Kind → {"table": what may be shown, "blocks": true counts, "form", "k", "as_of"}."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """By which kinds of groups a figure is split, each with its threshold.

    ``within`` are the kinds inside of each statement; they need :data:`SHOWN` in ``plain``.
    """

    plain: Mapping[str, int]
    within: Mapping[str, int]


NO_KINDS = Kinds({}, {})


@dataclass(frozen=True, slots=True)
class Made:
    """The release that is being split: its points' form, and which of their totals are hidden.

    ``left``: somebody who may be in an older split has left since.
    """

    form: str
    hidden: frozenset[str]
    left: bool
    now: datetime


def renewed(last: Splits, counts: Counts, kinds: Kinds, made: Made) -> Splits:
    """The splits that stand beside a renewed release. ``last`` is not changed."""
    out: Splits = {}
    for kind, k in kinds.plain.items():
        groups = blocks_of(counts, kind)
        part = _everybody(last.get(kind), groups, k, made) if kind == SHOWN else None
        part = part or _renewed(last.get(kind), groups, k, made)
        if part is not None:
            out[kind] = part
    if kinds.within:
        out |= _within(last, out.get(SHOWN), counts, kinds, made)
    return out


def taken_back(splits: Splits) -> Splits:
    """The same with nothing to show; the counts stay, for the next ones to differ enough."""
    return {kind: {**part, "table": {}} for kind, part in splits.items()}


def within(kind: str, shown: str) -> str:
    """The name of a kind inside of a statement."""
    return f"{kind}@{shown}"


def _renewed(last: Splits | None, groups: Blocks, k: int, made: Made) -> Splits | None:
    if last is None:
        blocks = first_split(groups, k)
    else:
        blocks = next_split(groups, last["blocks"], k)
        if blocks is None:
            return {**last, "table": {}} if made.left or last.get("k", 0) < k else last
    if blocks is None:
        return None
    return _part(published(blocks, made.form, k, set(made.hidden)), blocks, k, made)


def _everybody(last: Splits | None, groups: Blocks, k: int, made: Made) -> Splits | None:
    """Where everybody was shown the same statement, the figure itself is about it."""
    if (
        len(groups) > 1
        or OTHERS in groups
        or (last is not None and set(last["blocks"]) - {*groups})
    ):
        return None
    ((shown, counts),) = groups.items()
    cells = {p: None if p in made.hidden else n for p, n in fold(made.form, counts).items()}
    table = {shown: {"people": sum(counts.values()), "cells": cells}}
    return _part(table, groups, k, made)


def _part(table: Mapping[str, Any], blocks: Blocks, k: int, made: Made) -> Splits:
    return {
        "table": table,
        "blocks": blocks,
        "form": made.form,
        "k": k,
        "as_of": made.now.isoformat(),
    }


def _within(
    last: Splits, by_statement: Splits | None, counts: Counts, kinds: Kinds, made: Made
) -> Splits:
    out: Splits = {}
    fresh = dict(_fresh(by_statement, made)) if by_statement is not None else {}
    names = {name.partition("@")[2] for name in last if "@" in name} | set(fresh)
    for shown in sorted(names):
        for kind, k in kinds.within.items():
            name = within(kind, shown)
            before = last.get(name)
            if shown in fresh:
                people, inside = fresh[shown]
                before = _renewed(before, blocks_of(counts, name, people), k, inside)
            elif before is not None and (made.left or before.get("k", 0) < k):
                before = {**before, "table": {}}
            if before is not None:
                out[name] = before
    return out


def _fresh(by_statement: Splits, made: Made) -> Iterator[tuple[str, tuple[dict[str, int], Made]]]:
    """The statements whose people are the ones of this release: who, and what is shown of them."""
    if by_statement["as_of"] == made.now.isoformat():
        for shown, row in by_statement["table"].items():
            if shown != OTHERS and row["people"] is not None:
                hidden = frozenset(point for point, n in row["cells"].items() if n is None)
                yield shown, (by_statement["blocks"][shown], replace(made, hidden=hidden))
