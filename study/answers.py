"""Answers: record them, and choose the next question."""

from dataclasses import replace

from study.effects import Effect, Finish, Record, Say
from study.moves import Move, Reading
from study.outcome import Outcome, answered, ask, comment, continued
from study.probes import choose_theme, choose_wording, echo, may_probe
from study.questions import question
from study.script import Script
from study.state import Case, End, State
from study.steps import Step

POINTS = frozenset({"1", "2", "3", "4", "5"})
MAX_TRIES = 2
"""After so many messages at a labelled scale without a point, the point stays open."""
MAX_THIN_REPLIES = 2


def answer(state: State, move: Move, script: Script) -> Outcome:
    """Words, or a button of the open question."""
    option = move.option
    if option == "was_answer" and state.held is not None:
        return keep_held(state, script)
    position, step = state.current
    if step is Step.ENDED:
        if option is not None:
            return state, (Say("ended.no_question"),)
        record = Record(move.number, position, None, step, "comment", flags=("afterword",))
        return state, (record, Say("ended.kept"))
    reading = move.reading
    point = step.is_choice and (reading.stance or reading.clarity or reading.cant_say)
    if state.supporting and option is None and not point:
        # The questions were waiting; these words were not asked for, but they are kept.
        kept = comment(state, move.number, "restricted")
        state = continued(state)
        return state, (kept, Say("answer.kept"), *ask(state, script))
    if option is not None and option not in {o.value for o in question(state, script).options}:
        return state, (Say("turn.not_an_option"), *ask(state, script, brief=True))
    state = continued(state)
    if step.is_choice:
        return _point(state, move, script)
    return _words(state, move.number, move.reading, script)


def skip(state: State, move: Move, script: Script) -> Outcome:
    """Leave the open question; the skip itself is recorded."""
    position, step = state.current
    if step is Step.ENDED:
        return state, (Say("ended.no_question"),)
    state = continued(state)
    if state.revising is not None:
        state = replace(state, revising=None)
        return state, (Say("change.kept"), *ask(state, script, brief=True))
    record = Record(
        move.number,
        position,
        state.scenario if step.in_case else None,
        step,
        "skip",
        probe_id=state.probe_id if step.is_probe else None,
    )
    if step.is_probe:
        state = _thin_reply(state)
    if step is Step.OPEN or step.is_probe:
        # Who skips is not probed further: on to the changed case.
        state = replace(state, step=Step.TWIST, tries=0)
        return state, (record, Say("skip.done"), *ask(state, script))
    state, said = next_question(state, record.number, Reading(thin=False), script)
    return state, (record, Say("skip.done"), *said)


def keep_held(state: State, script: Script) -> Outcome:
    """The held message was an answer: record it at the open step, and go on."""
    held = state.held
    if held is None:
        raise ValueError("no message is held")
    state = continued(replace(state, held=None, choosing=False))
    _, step = state.current
    if step is Step.ENDED or step.is_choice:
        return state, (comment(state, held.number), Say("answer.kept"), *ask(state, script))
    return _words(state, held.number, held.reading, script)


def _point(state: State, move: Move, script: Script) -> Outcome:
    """A point of a labelled scale, by button or typed."""
    reading = move.reading
    _, step = state.current
    typed = reading.stance if step.is_stance else reading.clarity
    if move.option is not None:
        value = int(move.option) if move.option in POINTS else None
        return _record_point(state, move.number, value, (), script)
    flags = ("depends",) if step.is_stance and reading.depends else ()
    if typed is not None or reading.cant_say:
        return _record_point(state, move.number, typed, ("typed", *flags), script)
    if reading.between is not None:
        low, high = reading.between
        label = "stance" if step.is_stance else "clarity"
        params = (("a", f"@{label}.{low}"), ("b", f"@{label}.{high}"))
        said: tuple[Effect, ...] = (Say("scale.between", params), *ask(state, script, brief=True))
        return replace(state, tries=state.tries + 1), (comment(state, move.number), *said)
    if state.tries + 1 >= MAX_TRIES and state.revising is None:
        return _record_point(state, move.number, None, ("typed", "unstated"), script)
    state = replace(state, tries=state.tries + 1)
    return state, (
        comment(state, move.number),
        Say("scale.which"),
        *ask(state, script, brief=True),
    )


def _record_point(
    state: State, number: int, value: int | None, flags: tuple[str, ...], script: Script
) -> Outcome:
    position, step = state.current
    record = Record(
        number=number,
        position=position,
        scenario=state.scenario,
        step=step,
        kind="stance" if step.is_stance else "clarity",
        value=value,
        flags=(*flags, *(("cant_say",) if value is None and "unstated" not in flags else ())),
        supersedes=state.revising.number if state.revising else None,
    )
    if position == state.position:
        case = state.case
        if step is Step.STANCE:
            case = replace(case, stance_1=value, grey_due="depends" in flags)
        elif step is Step.TWIST:
            case = replace(case, stance_2=value)
        state = replace(state, case=case)
    return _after(state, record, Reading(thin=False), script)


def _words(state: State, number: int, reading: Reading, script: Script) -> Outcome:
    position, step = state.current
    themes = tuple((theme, _seen(state, step)) for theme, _ in reading.themes)
    record = Record(
        number=number,
        position=position,
        scenario=state.scenario if step.in_case else None,
        step=step,
        kind="text",
        flags=("thin",) if reading.thin else (),
        supersedes=state.revising.number if state.revising else None,
        probe_id=state.probe_id if step.is_probe else None,
        themes=tuple((t, s) for t, s in themes if t not in state.case.voiced),
    )
    if position == state.position:
        voiced = tuple(sorted({*state.case.voiced, *(theme for theme, _ in reading.themes)}))
        state = replace(state, case=replace(state.case, voiced=voiced))
    if step.is_probe and (reading.thin or reading.empty):
        state = _thin_reply(state)
    return _after(state, record, reading, script)


def _after(state: State, record: Record, reading: Reading, script: Script) -> Outcome:
    """Note the answer; go back to where a revision was begun, or on to the next question."""
    revised = state.revising
    state = answered(state, record.number, record.step, record.position)
    if revised is not None:
        entries = tuple(e for e in state.entries if e.number != revised.number)
        last = entries[-1]
        entries = (*entries[:-1], replace(last, probe_id=revised.probe_id))
        state = replace(state, revising=None, entries=entries, tries=0)
        return state, (record, Say("change.done"), *ask(state, script))
    state, said = next_question(state, record.number, reading, script)
    return state, (record, *said)


def _seen(state: State, step: Step) -> str:
    """Where a theme was first seen: offered freely is not the same as after its probe."""
    if step.is_probe:
        return f"after_probe:{state.probe_id if step is Step.THEME_PROBE else 'thin'}"
    if step in (Step.TWIST, Step.TWIST_REASON):
        return "after_twist"
    if step in (Step.CLARITY, Step.POLICY_TEXT, Step.FINAL_STANCE, Step.CASE_CLOSE):
        return "after_policy"
    return "open" if step.in_case else "closing"


def _thin_reply(state: State) -> State:
    replies = state.thin_replies + 1
    stopped = state.probing_stopped or replies >= MAX_THIN_REPLIES
    return replace(state, thin_replies=replies, probing_stopped=stopped)


def next_question(state: State, number: int, reading: Reading, script: Script) -> Outcome:
    """Open the question after the one that turn ``number`` answered or skipped."""
    state = replace(state, tries=0)
    step = state.step
    if step is Step.CASE_CLOSE:
        return _next_case(state, script)
    if step is Step.SESSION_CLEARER:
        state = replace(state, end=End.COMPLETED, step=Step.ENDED)
        return state, (Say("ended.completed"), Finish(End.COMPLETED))
    if step is Step.SESSION_COMMON:
        state = replace(state, step=Step.SESSION_CLEARER)
        return state, ask(state, script)
    if step is Step.OPEN and reading.thin and may_probe(state, script):
        wording = choose_wording(state)
        worded = (*state.worded, wording)
        state = replace(state, step=Step.THIN_PROBE, probe_id=wording, worded=worded)
        state = _probing(state)
        return state, (*echo(number, reading), *ask(state, script))
    if step in (Step.OPEN, Step.THIN_PROBE) and may_probe(state, script):
        probe = choose_theme(state, script)
        if probe is not None:
            asked = (*state.asked_themes, probe.theme)
            case = replace(state.case, grey_due=False)
            quoted = echo(number, reading) if step is Step.OPEN else ()
            state = replace(
                state, step=Step.THEME_PROBE, probe_id=probe.id, asked_themes=asked, case=case
            )
            state = _probing(state)
            return state, (*quoted, *ask(state, script))
    if step is Step.OPEN or step.is_probe:
        state = replace(state, step=Step.TWIST)
        return state, ask(state, script)
    state = replace(state, step=_FOLLOWING[step])
    return state, ask(state, script)


_FOLLOWING = {
    Step.STANCE: Step.OPEN,
    Step.TWIST: Step.TWIST_REASON,
    Step.TWIST_REASON: Step.CLARITY,
    Step.CLARITY: Step.POLICY_TEXT,
    Step.POLICY_TEXT: Step.FINAL_STANCE,
    Step.FINAL_STANCE: Step.CASE_CLOSE,
}


def _probing(state: State) -> State:
    case = replace(state.case, probes=state.case.probes + 1)
    return replace(state, case=case, probes=state.probes + 1)


def _next_case(state: State, script: Script) -> Outcome:
    if state.position + 1 < len(state.order):
        state = replace(
            state, position=state.position + 1, step=Step.STANCE, case=Case(), probe_id=None
        )
    else:
        step = Step.SESSION_COMMON if len(state.order) > 1 else Step.SESSION_CLEARER
        state = replace(state, step=step)
    return state, ask(state, script)
