"""The learner's own controls: pause, resume, stop, undo, change, delete, withdraw."""

from dataclasses import replace

from study.answers import keep_held
from study.effects import Effect, Erase, Finish, Reopen, RestoreConsent, Say, Withdraw
from study.moves import Move
from study.outcome import Outcome, ask, comment, has_words
from study.script import Script
from study.state import End, Held, State
from study.steps import Step

_CHOICES = {
    "delete_last": "last",
    "delete_case": "case",
    "delete_all": "all",
    "delete_answer": "answer",
    "delete_none": "answer",
}

ENTRY = "entry:"
"""In front of a turn's number: delete the answer given in that turn."""


def pause(state: State, move: Move, script: Script) -> Outcome:
    """Nothing is pressed for until the learner comes back; all is saved already."""
    if state.current[1] is Step.ENDED:
        return state, (Say("ended.no_question"),)
    held = maybe_answer(state, move)
    return replace(state, paused=True, supporting=False, held=held), (Say("pause.saved"),)


def resume(state: State, move: Move, script: Script) -> Outcome:
    """Back to the open question; an interview that was stopped goes on."""
    if state.end is not None and state.revising is None:
        if not state.end.can_resume:
            return state, (Say("ended.already"),)
        return _reopen(state, script)
    welcome = "resume.welcome" if state.paused or state.supporting else "resume.here"
    state = replace(state, paused=False, supporting=False, held=maybe_answer(state, move))
    return state, (Say(welcome), *ask(state, script))


def stop(state: State, move: Move, script: Script) -> Outcome:
    """End at once, with thanks; can be undone."""
    if state.end is not None:
        return replace(state, revising=None), (Say("ended.already"),)
    state = replace(state, end=End.STOPPED, undo="stop", paused=False, supporting=False)
    state = replace(state, revising=None)
    return state, (Say("stop.done"), Finish(End.STOPPED))


def undo(state: State, move: Move, script: Script) -> Outcome:
    """Take back a stop, or the withdrawal of the turn before."""
    if state.undo == "withdraw":
        state = replace(state, undo=None, withdrawn=False)
        return state, (RestoreConsent(), Say("undo.withdraw"), *ask(state, script, brief=True))
    if state.end is End.STOPPED:
        return _reopen(state, script)
    return state, (Say("undo.nothing"), *ask(state, script, brief=True))


def withdraw(state: State, move: Move, script: Script) -> Outcome:
    """Research consent ends at once; the learner may go on for themselves.

    The effect is given even when this interview knows of a withdrawal: consent may have
    been given anew since, and asking twice must never leave it standing.
    """
    if state.withdrawn:
        return state, (Withdraw(), Say("withdraw.already"), *ask(state, script, brief=True))
    state = replace(state, withdrawn=True, undo="withdraw")
    return state, (Withdraw(), Say("withdraw.done"), *ask(state, script, brief=True))


def change_answer(state: State, move: Move, script: Script) -> Outcome:
    """Reopen the last answer; the earlier version is kept until a new one is given."""
    if not state.entries:
        return state, (Say("change.nothing"), *ask(state, script, brief=True))
    last = state.entries[-1]
    state = replace(state, revising=last, paused=False, supporting=False, tries=0)
    return state, (Say("change.again"), *ask(state, script))


def delete(state: State, move: Move, script: Script) -> Outcome:
    """Open one choice; the message itself is kept until the learner has chosen.

    A second request renews the choice and keeps the earlier message as words. A button
    that already says what to delete (``delete_last``, ``entry:12``) acts at once.
    """
    if move.option is not None and move.option.startswith(ENTRY):
        return _delete_entry(state, int(move.option.removeprefix(ENTRY)), script)
    if move.option in _CHOICES:
        return carry_out(state, move, _CHOICES[move.option], script)
    effects: list[Effect] = []
    if state.choosing and state.held is not None:
        effects.append(comment(_unchosen(state), state.held.number, "command"))
    held = Held(move.number, move.reading) if has_words(move) else None
    state = replace(state, choosing=True, held=held)
    return state, (*effects, *ask(state, script))


def delete_choice(move: Move) -> str | None:
    """What the learner chose to delete, by button or typed; None for anything else."""
    if move.option is not None:
        return _CHOICES.get(move.option)
    return move.reading.delete_choice


def close_choice(state: State) -> Outcome:
    """Leave the choice without deleting; the message that opened it is kept as words."""
    held = state.held
    state = _unchosen(state)
    kept: tuple[Effect, ...] = ()
    if held is not None:
        kept = (comment(state, held.number, "command"),)
    return state, (*kept, Say("delete.nothing_deleted"))


def carry_out(state: State, move: Move, choice: str, script: Script) -> Outcome:
    """Do what was chosen. The words of the request and of a typed choice go too."""
    spoken = () if state.held is None else (state.held.number,)
    if choice == "answer":
        if state.held is None:
            state = _unchosen(state)
            return state, (Say("delete.nothing_deleted"), *ask(state, script, brief=True))
        return keep_held(state, script)
    if move.typed:
        spoken = (*spoken, move.number)
    state = _unchosen(state)
    if choice == "all":
        state = replace(
            state,
            end=End.ERASED,
            step=Step.ENDED,
            entries=(),
            revising=None,
            case=replace(state.case, stance_1=None, stance_2=None),
        )
        return state, (
            Erase(spoken, everything=True),
            Say("delete.done.all"),
            Finish(End.ERASED),
        )
    if choice == "last":
        gone = state.entries[-1:]
    else:
        here = state.current[0]
        gone = tuple(entry for entry in state.entries if entry.position == here)
    if not gone:
        return state, (
            Erase(spoken),
            Say("delete.nothing_there"),
            *ask(state, script, brief=True),
        )
    state = forget(state, tuple(entry.number for entry in gone))
    numbers = tuple(entry.number for entry in gone)
    return state, (
        Erase((*numbers, *spoken)),
        Say(f"delete.done.{choice}"),
        *ask(state, script, brief=True),
    )


def _delete_entry(state: State, number: int, script: Script) -> Outcome:
    return forget(state, (number,)), (Erase((number,)), Say("delete.done.one"))


def forget(state: State, numbers: tuple[int, ...]) -> State:
    """The state without the answers given in those turns (their stances included)."""
    gone = [entry for entry in state.entries if entry.number in numbers]
    case = state.case
    for entry in gone:
        if entry.position == state.position and entry.step is Step.STANCE:
            case = replace(case, stance_1=None)
        if entry.position == state.position and entry.step is Step.TWIST:
            case = replace(case, stance_2=None)
    revising = state.revising
    if revising is not None and revising.number in numbers:
        revising = None
    entries = tuple(entry for entry in state.entries if entry.number not in numbers)
    return replace(state, entries=entries, case=case, revising=revising)


def _unchosen(state: State) -> State:
    return replace(state, choosing=False, held=None)


def _reopen(state: State, script: Script) -> Outcome:
    state = replace(state, end=None, undo=None, paused=False, supporting=False, abuse=0)
    return state, (Reopen(), Say("resume.welcome"), *ask(state, script))


def maybe_answer(state: State, move: Move) -> Held | None:
    """Hold typed words at an open question: they may have been an answer after all."""
    step = state.current[1]
    if has_words(move) and not step.is_choice and step is not Step.ENDED:
        return Held(move.number, move.reading)
    return None
