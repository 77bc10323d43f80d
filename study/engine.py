"""The interview: ``advance(state, move, script) → (state, effects)``.

A pure function. The flow of a case, the caps on probes and the rules for skipping,
stopping, changing and deleting stand in ``DESIGN.md``; the names of the steps in
``study/steps.py``. Every move is accepted in every state: what makes no sense there
is answered with words and changes nothing.
"""

from collections.abc import Callable
from dataclasses import replace

from study import answers, controls, digressions
from study.assignment import assign
from study.effects import Effect, Record, Say
from study.masking import masked_notice
from study.moves import Act, Move
from study.outcome import Outcome, ask
from study.script import Script
from study.state import Entry, State

Handler = Callable[[State, Move, Script], Outcome]

_HANDLERS: dict[Act, Handler] = {
    Act.ANSWER: answers.answer,
    Act.SKIP: answers.skip,
    Act.PAUSE: controls.pause,
    Act.RESUME: controls.resume,
    Act.STOP: controls.stop,
    Act.UNDO: controls.undo,
    Act.CHANGE_ANSWER: controls.change_answer,
    Act.DELETE: controls.delete,
    Act.WITHDRAW: controls.withdraw,
    Act.SUPPORT: digressions.support,
    Act.DISCLOSURE: digressions.disclosure,
    Act.DEESCALATE: digressions.deescalate,
    Act.REPHRASE: digressions.rephrase,
    Act.INFORM: digressions.inform,
}

# A second request to delete renews the choice; everything else settles it.
_KEEPS_HELD = frozenset({Act.DELETE})


def start(
    role_view: str,
    seed: int,
    script: Script,
    filled: dict[str, int],
    worded: tuple[str, ...] = (),
) -> State:
    """A fresh interview.

    Args:
        role_view: "learner" or "educator", as the person chose.
        seed: decides order and wording; stored with the attempt.
        script: the pack.
        filled: how many attempts in this role view each scenario id has had so far.
        worded: the wordings of probes that this person had in earlier attempts.
    """
    order = assign(script, seed, filled)
    return State(role_view=role_view, seed=seed, order=order, worded=worded)


def opening(state: State, script: Script) -> tuple[Effect, ...]:
    """What the assistant says before the first answer."""
    return (Say("opening"), *ask(state, script))


def advance(state: State, move: Move, script: Script) -> Outcome:
    """Take one turn.

    Returns the next state and what is to be done, in order. Never raises for a move
    that :func:`study.reading.read` or a button can produce.
    """
    notes: list[Effect] = []
    high = move.reading.distress == "high"
    if move.reading.masked and not high:
        notes.append(masked_notice(move.reading.masked_kinds))
    act = Act.SUPPORT if high else move.act
    state = replace(state, number=move.number)
    if state.undo == "withdraw" and act is not Act.UNDO and move.option != "undo":
        state = replace(state, undo=None)
    if state.choosing:
        choice = controls.delete_choice(move)
        if choice is not None:
            after, effects = controls.carry_out(state, move, choice, script)
            return after, (*notes, *effects)
        if act not in _KEEPS_HELD:
            # Something else was said: nothing is deleted, and the message that asked
            # for it is kept as words at this step.
            state, kept = controls.close_choice(state)
            notes.extend(e for e in kept if not (high and isinstance(e, Say)))
    elif state.held is not None and move.option != "was_answer":
        state = replace(state, held=None)
    if act is not Act.REPHRASE:
        state = replace(state, confused=0)
    after, effects = _HANDLERS[act](state, move, script)
    return _with_comments(after, effects), (*notes, *effects)


def _with_comments(state: State, effects: tuple[Effect, ...]) -> State:
    """Remember which words were kept beside the answers, so that they can be deleted."""
    kept = tuple(
        Entry(effect.number, effect.position, effect.step)
        for effect in effects
        if isinstance(effect, Record)
        and effect.kind == "comment"
        and not {"command", "abuse"} & set(effect.flags)
    )
    return replace(state, comments=(*state.comments, *kept)) if kept else state


def replay(state: State, moves: list[Move], script: Script) -> State:
    """The state after a log of moves, from the state at the start."""
    for move in moves:
        state, _ = advance(state, move, script)
    return state
