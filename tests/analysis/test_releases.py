"""When figures are renewed: any two releases are at least k people apart."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.releases import REFRESH, Action, Last, Standing, decide, held_count, next_size

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
thresholds = st.integers(5, 12)


def _last(people: int, *, k: int = 5, shown: bool = True, sizes: tuple[int, ...] = ()) -> Last:
    return Last(people, k, shown, sizes or (people,), NOW)


@given(st.integers(0, 200), st.lists(st.integers(5, 200), max_size=8), thresholds)
def test_the_next_size_is_the_largest_that_is_far_from_all_others(
    people: int, sizes: list[int], k: int
) -> None:
    allowed = [n for n in range(k, people + 1) if all(abs(n - size) >= k for size in sizes)]
    assert next_size(people, sizes, k) == (max(allowed) if allowed else None)


@pytest.mark.parametrize("k", [0, 4, True])
def test_the_threshold_has_a_floor(k: int) -> None:
    for attempt in (
        lambda: next_size(9, (), k),
        lambda: decide(NOW, Standing(9), None, k),
        lambda: held_count(NOW, 9, None, k),
    ):
        with pytest.raises(ValueError, match="threshold"):
            attempt()


def test_the_first_release_waits_for_enough_people() -> None:
    assert decide(NOW, Standing(4), None, 5).action is Action.HIDE
    assert decide(NOW, Standing(5), None, 5).people == 5


def test_one_more_person_changes_nothing_and_k_more_do() -> None:
    assert decide(NOW, Standing(16, 12), _last(12), 5).action is Action.KEEP
    grown = decide(NOW, Standing(17, 12), _last(12), 5)
    assert (grown.action, grown.people) == (Action.GROW, 17)


def test_a_leaver_changes_nothing_before_the_refresh_and_a_whole_step_at_it() -> None:
    gone = Standing(12, 12, same=False)
    assert decide(NOW + REFRESH - timedelta(seconds=1), gone, _last(13), 5).action is Action.KEEP
    replaced = decide(NOW + REFRESH, gone, _last(13), 5)
    assert (replaced.action, replaced.people) == (Action.REPLACE, 8)


def test_a_leaver_of_a_small_figure_hides_it_at_the_refresh() -> None:
    gone = Standing(8, 8, same=False)
    assert decide(NOW + REFRESH, gone, _last(9), 5).action is Action.HIDE


def test_below_the_threshold_a_figure_is_hidden_at_once() -> None:
    assert decide(NOW, Standing(4, 4, same=False), _last(5), 5).action is Action.HIDE
    assert decide(NOW, Standing(6, 4, same=False), _last(5), 5).action is Action.HIDE


def test_a_raised_threshold_replaces_or_hides_at_once() -> None:
    assert decide(NOW, Standing(12, 12), _last(12), 8).action is Action.HIDE
    replaced = decide(NOW, Standing(20, 12), _last(12), 8)
    assert (replaced.action, replaced.people) == (Action.REPLACE, 20)


def test_after_being_hidden_a_figure_returns_a_step_away_from_all_it_has_shown() -> None:
    hidden = _last(13, shown=False, sizes=(13, 8))
    assert decide(NOW, Standing(17), hidden, 5).action is Action.HIDE
    assert decide(NOW, Standing(18), hidden, 5).people == 18


def test_a_quiet_week_only_notes_the_comparison() -> None:
    decision = decide(NOW + REFRESH, Standing(12, 12), _last(12), 5)
    assert (decision.action, decision.checked) == (Action.KEEP, True)


def test_exact_counts_rise_at_once_and_fall_at_the_refresh() -> None:
    assert held_count(NOW, 13, _last(12), 5).people == 13
    assert held_count(NOW, 12, _last(13), 5).people == 13
    assert held_count(NOW + REFRESH, 12, _last(13), 5).people == 12
    assert held_count(NOW, 4, _last(5), 5).action is Action.HIDE
    assert held_count(NOW, 12, _last(13), 8).people == 12


@given(st.data(), thresholds)
def test_however_people_come_and_go_all_releases_stay_apart(data: st.DataObject, k: int) -> None:
    people, last, now = 0, None, NOW
    for _ in range(data.draw(st.integers(1, 25))):
        now += timedelta(days=data.draw(st.integers(0, 9)))
        left = data.draw(st.integers(0, people))
        people = people - left + data.draw(st.integers(0, 12))
        still = max(0, last.people - left) if last else 0
        standing = Standing(people, min(still, people), left == 0)
        made = decide(now, standing, last, k)
        sizes: tuple[int, ...] = tuple(last.sizes) if last else ()
        if made.action in (Action.GROW, Action.REPLACE):
            assert k <= made.people <= people
            assert all(abs(made.people - size) >= k for size in sizes)
            last = Last(made.people, k, True, (*sizes, made.people), now)
        elif made.action is Action.HIDE and last is not None:
            last = Last(last.people, last.k, False, sizes, last.checked_at)
