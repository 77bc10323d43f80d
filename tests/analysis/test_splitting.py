"""Splits by group: who is named, when a split may be renewed, and that differences tell nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.splitting import OTHERS, Blocks, blocks_of, first_split, next_split, published
from analysis.tallies import EVERYBODY

K = 5
cells = st.dictionaries(st.sampled_from("1245"), st.integers(1, 9), max_size=4)
groups = st.dictionaries(st.sampled_from(("a", "b", "c", "d", OTHERS)), cells, max_size=5)


def people(blocks: Blocks) -> dict[str, int]:
    return {group: sum(found.values()) for group, found in blocks.items()}


def test_whoever_is_in_no_group_is_with_the_others() -> None:
    counts = {EVERYBODY: {"1": 9, "5": 3}, "role:learner": {"1": 6}, "profession:x": {"5": 1}}
    assert blocks_of(counts, "role") == {"learner": {"1": 6}, OTHERS: {"1": 3, "5": 3}}


def test_small_groups_are_put_together() -> None:
    made = first_split({"a": {"1": 20}, "b": {"1": 3}, "c": {"2": 4}}, K)
    assert made is not None and people(made) == {"a": 20, OTHERS: 7}
    # Two alone are too few: the smallest group that could be named joins them.
    made = first_split({"a": {"1": 20}, "b": {"1": 6}, "c": {"2": 2}}, K)
    assert made is not None and people(made) == {"a": 20, OTHERS: 8}
    assert first_split({"a": {"1": 20}, "b": {"1": 2}}, K) is None
    assert first_split({"a": {"1": 20}}, K) is None and first_split({}, K) is None


def test_a_split_waits_until_every_group_has_grown_enough() -> None:
    last = {"a": {"1": 10, "2": 5}, "b": {"1": 5, "4": 6}}
    assert next_split({"a": {"1": 14, "2": 5}, "b": last["b"]}, last, K) is None
    assert next_split({"a": {"1": 15, "2": 5}, "b": last["b"]}, last, K) is None, "all said 1"
    grown = {"a": {"1": 13, "2": 7}, "b": last["b"]}
    assert next_split(grown, last, K) == grown
    # One has left b meanwhile: its row would tell what they had said.
    assert next_split({"a": grown["a"], "b": {"1": 5, "4": 5}}, last, K) is None


def test_a_group_is_named_late_only_if_it_and_the_rest_could_hide_the_first() -> None:
    last = {"a": {"1": 10, "2": 5}, OTHERS: {"1": 3, "2": 3}}
    near = {"a": last["a"], "b": {"1": 6, "2": 4}, "c": {"1": 3, "2": 9}}
    made = next_split(near, last, K)
    assert made is not None and people(made) == {"a": 15, OTHERS: 22}
    far = {"a": last["a"], "b": {"1": 6, "2": 5}, "c": {"1": 3, "2": 9}}
    made = next_split(far, last, K)
    assert made is not None and people(made) == {"a": 15, "c": 12, OTHERS: 11}


@settings(max_examples=300, deadline=None)
@given(groups)
def test_every_group_of_a_first_split_has_enough_people(counts: Blocks) -> None:
    made = first_split(counts, K)
    if made is None:
        return
    assert len(made) > 1 and min(people(made).values()) >= K
    assert sum(people(made).values()) == sum(people(counts).values())


@settings(max_examples=400, deadline=None)
@given(groups, groups, st.integers(0, 2))
def test_whatever_two_splits_differ_by_is_enough_people(
    first: Blocks, more: Blocks, leaving: int
) -> None:
    last = first_split(first, K)
    if last is None:
        return
    now: Blocks = {}
    for group in {*first, *more}:
        total = {
            cell: first.get(group, {}).get(cell, 0) + more.get(group, {}).get(cell, 0)
            for cell in {*first.get(group, {}), *more.get(group, {})}
        }
        now[group] = {cell: n for cell, n in total.items() if n}
    for group in sorted(now)[:leaving]:
        if now[group]:
            cell = min(now[group])
            now[group] = {**now[group], cell: now[group][cell] - 1}
    made = next_split(now, last, K)
    if made is None:
        return
    assert sum(people(made).values()) == sum(people(now).values())
    for group, counts in made.items():
        before = last.get(group, {})
        assert sum(counts.values()) >= K
        if counts != before:
            grown = sum(counts.values()) - sum(before.values())
            assert grown >= K, (group, before, counts)


def test_what_is_published_keeps_the_totals_that_the_figure_hides() -> None:
    blocks = {"a": {"1": 3, "2": 7, "5": 10}, "b": {"1": 6, "2": 6, "5": 8}}
    shown = published(blocks, "grouped", K, set())
    assert shown["a"]["people"] == 20 and shown["a"]["cells"]["acceptable"] == 10
    hidden = published(blocks, "grouped", K, {"unacceptable", "3"})
    assert hidden["a"]["cells"]["unacceptable"] is None
    assert published({"a": {"1": 20}, "b": {"1": 2}}, "grouped", K, set()).get("b") in (
        None,
        {"people": None, "cells": dict.fromkeys(shown["a"]["cells"])},
    )
