"""What every handler of the engine returns, and the small pieces they share."""

from dataclasses import replace

from study.effects import Effect, Record, Say
from study.moves import Move
from study.questions import question
from study.script import Script
from study.state import Entry, State
from study.steps import Step

Outcome = tuple[State, tuple[Effect, ...]]


def ask(state: State, script: Script, *, brief: bool = False) -> tuple[Say, ...]:
    """The open question as utterances; nothing when the interview has ended."""
    wording = question(state, script)
    return wording.brief if brief else wording.full


def comment(state: State, number: int, *flags: str) -> Record:
    """Words kept at the open step without answering it."""
    position, step = state.current
    return Record(
        number=number,
        position=position,
        scenario=state.order[position] if step.in_case else None,
        step=step,
        kind="comment",
        flags=flags,
    )


def answered(state: State, number: int, step: Step, position: int) -> State:
    """Note that a question has been answered, so that it can be changed or deleted."""
    entry = Entry(number, position, step, state.probe_id if step.is_probe else None)
    return replace(state, entries=(*state.entries, entry))


def continued(state: State) -> State:
    """The interview is going on: no pause, no offer of support."""
    return replace(state, paused=False, supporting=False)


def has_words(move: Move) -> bool:
    """Whether the turn holds typed words at all."""
    return move.typed and not move.reading.empty
