"""What holds for every interview, whatever is said in whatever order."""

import json
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from study.effects import Record, Say
from study.engine import advance, replay, start
from study.moves import Act, Move, Reading
from study.questions import question
from study.rendering import render
from study.state import End, State
from study.steps import Step
from tests.study.interviews import (
    as_read,
    button,
    core_script,
    fresh,
    moves,
    readings,
    run,
    states,
    words,
)

DETERMINISTIC = settings(derandomize=True, deadline=None, max_examples=100)
script = core_script()


@DETERMINISTIC
@given(states, st.integers(0, 5))
def test_every_path_ends_by_answering(state: State, point: int) -> None:
    """From any state, answering each open question ends the interview in a bounded time."""
    number = state.number
    for _ in range(60):
        if state.end is not None and state.revising is None and not state.choosing:
            break
        number += 1
        asked = question(state, script)
        if state.choosing:
            move = button(number, "delete_case", Act.DELETE)
        elif asked.options:
            move = button(number, str(point) if point else "cant_say")
        else:
            move = words(number)
        state, _ = advance(state, move, script)
    assert state.end is not None


@DETERMINISTIC
@given(states)
def test_every_path_ends_by_skipping(state: State) -> None:
    for number in range(state.number + 1, state.number + 60):
        state, _ = advance(state, Move(number, Act.SKIP, "skip"), script)
    assert state.end is not None


@DETERMINISTIC
@given(st.integers(0, 2**31 - 1), moves())
def test_caps_on_probes_hold(seed: int, log: list[Move]) -> None:
    """At most two probes a case and six a session are ever asked."""
    state = fresh(seed)
    per_case: Counter[int] = Counter()
    for move in log:
        before = (state.position, state.step, state.probes)
        state, _ = advance(state, move, script)
        if state.step.is_probe and (state.position, state.step, state.probes) != before:
            per_case[state.position] += 1
        assert state.case.probes <= script.probes_per_case
        assert state.probes <= script.probes_per_session
    assert all(count <= script.probes_per_case for count in per_case.values())
    assert sum(per_case.values()) <= script.probes_per_session


@DETERMINISTIC
@given(st.integers(0, 2**31 - 1), moves())
def test_no_reply_is_lost(seed: int, log: list[Move]) -> None:
    """Typed words taken as an answer, or held and then settled, stand in exactly one row.

    Words that asked to have something deleted go with it; everything else stays.
    """
    state = fresh(seed)
    recorded: Counter[int] = Counter()
    erased: set[int] = set()
    for move in log:
        choosing = state.choosing
        held = state.held
        state, effects = advance(state, move, script)
        for effect in effects:
            if isinstance(effect, Record):
                recorded[effect.number] += 1
            elif type(effect).__name__ == "Erase":
                erased.update(effect.numbers)  # type: ignore[union-attr]
        typed = move.typed and not move.reading.empty
        if typed and move.act is Act.ANSWER and not choosing:
            assert recorded[move.number] == 1
        if choosing and held is not None and not state.choosing:
            assert recorded[held.number] == 1 or held.number in erased
    assert all(count == 1 for count in recorded.values())


@DETERMINISTIC
@given(states, readings, st.sampled_from(list(Act)))
def test_every_act_is_accepted_in_every_state(state: State, reading: Reading, act: Act) -> None:
    """Typed or by button, each act gives a valid state and something to read."""
    for move in (
        Move(state.number + 1, act, None, reading),
        Move(state.number + 1, act, act.value, Reading(source="option")),
    ):
        after, effects = advance(state, move, script)
        assert any(isinstance(effect, Say) for effect in effects)
        for effect in effects:
            if isinstance(effect, Say):
                assert render(effect, script).text
        assert State.from_json(json.loads(json.dumps(after.to_json()))) == after


@DETERMINISTIC
@given(states)
def test_controls_do_what_they_say_in_every_state(state: State) -> None:
    number = state.number + 1
    stopped, _ = advance(state, button(number, "stop", Act.STOP), script)
    assert stopped.end is not None
    withdrawn, _ = advance(state, button(number, "withdraw_consent", Act.WITHDRAW), script)
    assert withdrawn.withdrawn
    undone, _ = advance(withdrawn, button(number + 1, "undo", Act.UNDO), script)
    assert not undone.withdrawn or state.withdrawn
    choosing, _ = advance(state, button(number, "delete_data", Act.DELETE), script)
    assert choosing.choosing
    gone, _ = advance(choosing, button(number + 1, "delete_all"), script)
    assert gone.end is not None and not gone.entries
    if state.entries:
        changing, _ = advance(state, button(number, "change_answer", Act.CHANGE_ANSWER), script)
        assert changing.revising == state.entries[-1]
    if state.current[1] is not Step.ENDED:
        paused, _ = advance(state, button(number, "pause", Act.PAUSE), script)
        assert paused.paused
        skipped, _ = advance(state, button(number, "skip", Act.SKIP), script)
        assert skipped.current != state.current or state.revising is not None


@DETERMINISTIC
@given(st.integers(0, 2**31 - 1), st.sampled_from(["learner", "educator"]), moves())
def test_replaying_the_log_gives_the_same_state(seed: int, view: str, log: list[Move]) -> None:
    begun = start(view, seed, script, {})
    lived, _ = run(begun, log)
    stored = [json.loads(json.dumps(move.to_json())) for move in log]
    read_back = [Move.from_json(raw) for raw in stored]
    assert read_back == log
    assert replay(State.from_json(begun.to_json()), read_back, script) == lived


@DETERMINISTIC
@given(st.integers(0, 2**31 - 1), moves())
def test_erased_moves_replay_along_the_same_path(seed: int, log: list[Move]) -> None:
    """Erasing what was said leaves the path: the same questions, without the stances."""
    log = as_read(seed, log)
    lived, _ = run(fresh(seed), log)
    replayed = replay(fresh(seed), [move.erased() for move in log], script)
    assert (replayed.position, replayed.step, replayed.end) == (
        lived.position,
        lived.step,
        lived.end,
    )
    assert replayed.case.stance_1 is None and replayed.case.stance_2 is None


@DETERMINISTIC
@given(states)
def test_after_deleting_everything_nothing_more_is_asked(state: State) -> None:
    state, _ = advance(state, button(state.number + 1, "delete_all", Act.DELETE), script)
    assert state.end in (End.ERASED,)
    assert question(state, script).options == ()
