"""Turns that are not answers: questions to the assistant, disclosure, distress, abuse.

Each is dealt with in one turn, and the open question is then repeated in fewer words.
"""

from dataclasses import replace

from study.answers import next_question
from study.controls import maybe_answer
from study.effects import Effect, Finish, Flag, Record, Say
from study.moves import INFORM_TOPICS, Move
from study.outcome import Outcome, answered, ask, comment, has_words
from study.script import Script
from study.state import End, State
from study.steps import Step

CONFUSED_LIMIT = 2
ABUSE_LIMIT = 2
OWN_WORDS_MIN = 12
"""A disclosure or distress in so many words, with a reason, answers the question as well."""


def inform(state: State, move: Move, script: Script) -> Outcome:
    """Answer a question about the chat, and come back to the case."""
    topic = move.reading.intent if move.reading.intent in INFORM_TOPICS else "off_topic"
    key = f"inform.{topic}"
    if topic == "ask_definition" and move.reading.term is not None:
        key = f"term.{move.reading.term}"
    if topic == "ask_duration":
        return _hold(state, move), (_time_left(state, script), *ask(state, script, brief=True))
    state = _hold(state, move)
    return state, (Say(key), *ask(state, script, brief=True))


def rephrase(state: State, move: Move, script: Script) -> Outcome:
    """Say the question once in other words; the second time explain and offer a way out."""
    step = state.current[1]
    if step is Step.ENDED:
        return state, (Say("ended.no_question"),)
    state = replace(_hold(state, move), confused=state.confused + 1)
    if state.confused >= CONFUSED_LIMIT:
        return state, (Say("rephrase.way_out"), *ask(state, script, brief=True))
    kind = "scale" if step.is_choice else "probe" if step.is_probe else step.value
    return state, (Say(f"rephrase.{kind}"), *ask(state, script, brief=True))


def support(state: State, move: Move, script: Script) -> Outcome:
    """Distress: two levels. High ends the questions and keeps the help lines in sight.

    Moderate lets the questions wait. Words that also answer the open question, with
    reasons, count as its answer, restricted; asking again would not be kind.
    """
    level = "high" if move.reading.distress == "high" else "moderate"
    flag = Flag("distress", (("level", level),))
    flags = ("distress", "restricted")
    kept = (comment(state, move.number, *flags),) if has_words(move) else ()
    if level == "high":
        over = state.end is not None
        state = replace(state, end=state.end or End.DISTRESS, revising=None, supporting=True)
        finish = () if over else (Finish(End.DISTRESS),)
        return state, (flag, *kept, Say("support.high"), *finish)
    if state.current[1] is Step.ENDED:
        return state, (flag, *kept, Say("support.moderate_ended"))
    if _answers_too(state, move):
        state, record, said = _quiet_answer(state, move, flags, script)
        ended = tuple(effect for effect in said if isinstance(effect, Finish))
        if ended:
            state = replace(state, supporting=True)
            return state, (flag, record, Say("support.moderate_ended"), *ended)
        return replace(state, supporting=True), (flag, record, Say("support.moderate"))
    return replace(state, supporting=True), (flag, *kept, Say("support.moderate"))


def disclosure(state: State, move: Move, script: Script) -> Outcome:
    """Own use of AI that may break rules: no judgement, no probing, a way to remove it."""
    flag = Flag("self_disclosure")
    thanks = Say("disclosure.thanks")
    flags = ("self_disclosure", "restricted")
    if not _answers_too(state, move):
        kept = comment(state, move.number, *flags)
        state = replace(state, case=replace(state.case, quiet=True))
        return state, (flag, kept, thanks, *ask(state, script, brief=True))
    # It gives reasons too, so it answers the question; asking again would only annoy.
    state, record, said = _quiet_answer(state, move, flags, script)
    return state, (flag, record, thanks, *said)


def _answers_too(state: State, move: Move) -> bool:
    """Whether a message that is more than an answer answers the open question as well."""
    step, reading = state.current[1], move.reading
    full = has_words(move) and not reading.thin and reading.words >= OWN_WORDS_MIN
    return full and not step.is_choice and step is not Step.ENDED and state.revising is None


def _quiet_answer(
    state: State, move: Move, flags: tuple[str, ...], script: Script
) -> tuple[State, Record, tuple[Effect, ...]]:
    """Take the words as the answer, flagged, with no probe after it in this case."""
    position, step = state.current
    record = Record(
        move.number,
        position,
        state.scenario if step.in_case else None,
        step,
        "text",
        flags=flags,
        probe_id=state.probe_id if step.is_probe else None,
    )
    state = answered(state, move.number, step, position)
    case = replace(state.case, quiet=True)
    state = replace(state, case=case, paused=False, supporting=False)
    state, said = next_question(state, move.number, move.reading, script)
    return state, record, said


def deescalate(state: State, move: Move, script: Script) -> Outcome:
    """Abuse: one calm line and an offer to stop; after the second, a close with thanks."""
    flag = Flag("abuse")
    kept = (comment(state, move.number, "abuse"),) if has_words(move) else ()
    state = replace(state, abuse=state.abuse + 1, probing_stopped=True)
    if state.current[1] is Step.ENDED:
        return state, (flag, *kept, Say("abuse.ended"))
    if state.abuse >= ABUSE_LIMIT:
        state = replace(state, end=state.end or End.ABUSE, revising=None)
        return state, (flag, *kept, Say("abuse.close"), Finish(End.ABUSE))
    return state, (flag, *kept, Say("abuse.calm"), *ask(state, script, brief=True))


def _hold(state: State, move: Move) -> State:
    """Keep the message at hand: the learner may say that it was an answer."""
    return replace(state, held=maybe_answer(state, move))


def minutes_left(state: State, script: Script) -> int:
    """Whole minutes left, at least 1, from the share of the open case that is to come."""
    order = list(Step)
    done = order.index(state.step) / order.index(Step.SESSION_CLEARER)
    return max(1, round((len(state.order) - state.position - done) * script.minutes_per_case))


def _time_left(state: State, script: Script) -> Say:
    if state.current[1] is Step.ENDED:
        return Say("inform.ask_duration_ended")
    minutes = minutes_left(state, script)
    done = state.position + 1
    params = (("n", done), ("total", len(state.order)), ("minutes", minutes))
    return Say("inform.ask_duration", params)
