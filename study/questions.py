"""The question that is open, with its full wording, a shorter one, and its buttons."""

from study.effects import Option, Question, Say
from study.script import Script
from study.state import End, ScenarioRef, State
from study.steps import Step

STANCE_OPTIONS = tuple(
    Option(value, f"stance.{value}") for value in ("1", "2", "3", "4", "5", "cant_say")
)
CLARITY_OPTIONS = tuple(
    Option(value, f"clarity.{value}") for value in ("1", "2", "3", "4", "5", "cant_say")
)
DELETE_OPTIONS = tuple(
    Option(f"delete_{choice}", f"delete.option.{choice}")
    for choice in ("last", "case", "all", "answer")
)
KEEP_ALL = Option("delete_none", "delete.option.none")
"""Takes the place of "that was my answer" where no message asked for the deletion."""
WAS_ANSWER = Option("was_answer", "option.was_answer")
FIRST_WORDING = "descriptive.1"
"""Of a probe that was open before wordings were logged."""
CARRY_ON = Option("resume", "option.carry_on")
UNDO = Option("undo", "option.undo")
PAUSE = Option("pause", "option.pause")
STOP = Option("stop", "option.stop")
MENU = ("skip", "pause", "stop", "change_answer", "ask_data_visibility", "delete_data")
"""The controls that are always at hand, each posting its intent."""
CONTROL_INTENTS = frozenset({*MENU, "resume", "undo", "withdraw_consent", "ask_duration"})


def intent_of(option: str) -> str:
    """The fixed intent of a button: a control names its own, everything else chooses."""
    return option if option in CONTROL_INTENTS else "choose"


def question(state: State, script: Script) -> Question:
    """What the learner is being asked now. Pure; the same state gives the same question."""
    if state.choosing:
        ask = Say("delete.which", question=True)
        last = DELETE_OPTIONS[-1] if state.held is not None else KEEP_ALL
        options = (*DELETE_OPTIONS[:-1], last)
        return Question(state.current[1], state.step_id, (ask,), (ask,), options)
    if state.end is not None and state.revising is None:
        return _ended(state)
    _, step = state.current
    full, brief = _wording(step, state, script)
    options = () if state.supporting else _options(step)
    if state.revising is not None:
        full = brief
    return Question(step, state.step_id, full, brief, options, _extra(state))


def stance_label(value: int | None) -> str:
    """The key of a stance's label, as a parameter (it starts with "@")."""
    return f"@stance.{value if value is not None else 'cant_say'}"


def _options(step: Step) -> tuple[Option, ...]:
    if step.is_stance:
        return STANCE_OPTIONS
    return CLARITY_OPTIONS if step is Step.CLARITY else ()


def _extra(state: State) -> tuple[Option, ...]:
    extra: list[Option] = []
    if state.supporting:
        extra += [CARRY_ON, PAUSE, STOP]
    elif state.paused:
        extra.append(CARRY_ON)
    if state.held is not None and not state.choosing:
        extra.append(WAS_ANSWER)
    if state.undo == "withdraw":
        extra.append(UNDO)
    return tuple(extra)


def _ended(state: State) -> Question:
    extra: list[Option] = []
    if state.end is not None and state.end.can_resume:
        extra.append(CARRY_ON if state.end is not End.STOPPED else UNDO)
    if state.undo == "withdraw":
        extra.append(UNDO)
    return Question(Step.ENDED, state.step_id, (), (), (), tuple(extra))


def _wording(step: Step, state: State, script: Script) -> tuple[tuple[Say, ...], tuple[Say, ...]]:
    """Full and brief wording of a step; the last utterance of each is the question."""
    ref = state.scenario
    view = state.role_view

    def told(part: str, *, question: bool = False) -> Say:
        return Say(f"case.{part}", scenario=ref, question=question)

    match step:
        case Step.STANCE:
            head = Say("case_intro", (("n", state.current[0] + 1), ("total", len(state.order))))
            ask = told("stance_question", question=True)
            return (head, told("title"), told(f"vignette.{view}"), ask), (ask,)
        case Step.OPEN:
            ask = told(f"open_prompt.{view}", question=True)
            # The first open question is where people leave: a motivating line helps there.
            motivate = (Say("open.motivate"),) if state.current[0] == 0 else ()
            return (*motivate, ask), (ask,)
        case Step.THIN_PROBE:
            ask = Say(f"probe.{_probe_id(state) or FIRST_WORDING}", question=True)
            return (ask,), (ask,)
        case Step.THEME_PROBE:
            ask = told(f"probes.{_probe_id(state)}", question=True)
            return (ask,), (ask,)
        case Step.TWIST:
            ask = Say("twist.question", question=True)
            return (Say("twist.intro"), told("changed_case"), ask), (ask,)
        case Step.TWIST_REASON:
            ask = _shift(state)
            return (ask,), (ask,)
        case Step.CLARITY:
            ask = Say("clarity.question", question=True)
            return (*_rule(ref, script), ask), (ask,)
        case Step.POLICY_TEXT:
            ask = Say("policy.question", question=True)
            return (ask,), (ask,)
        case Step.FINAL_STANCE:
            ask = Say("final.question", question=True)
            return (ask,), (ask,)
        case Step.CASE_CLOSE:
            ask = Say("case_close.question", question=True)
            return (ask,), (ask,)
        case Step.SESSION_COMMON:
            ask = Say("session.common", question=True)
            return (Say("session.last_case"), ask), (ask,)
        case Step.SESSION_CLEARER:
            ask = Say("session.clearer", question=True)
            return (ask,), (ask,)
        case Step.ENDED:
            return (), ()


def _rule(ref: ScenarioRef, script: Script) -> tuple[Say, ...]:
    """What is said of the use: by the institution, or else by somebody elsewhere."""
    cue = script.cues.get(ref)
    told = Say("case.policy_cue", scenario=ref)
    if cue is None:
        return Say("policy.intro"), told
    link = (Say("policy.link", (("link", cue.link),)),) if cue.link else ()
    return Say("policy.intro_trial" if cue.trial else "policy.intro_own"), told, *link


def _shift(state: State) -> Say:
    """What moved or held the stance; neutral where one of the two is not known."""
    before, after = state.case.stance_1, state.case.stance_2
    if before is None or after is None or state.current[0] != state.position:
        return Say("twist.neutral", question=True)
    if before == after:
        return Say("twist.stayed", (("a", stance_label(before)),), question=True)
    params = (("a", stance_label(before)), ("b", stance_label(after)))
    return Say("twist.moved", params, question=True)


def _probe_id(state: State) -> str | None:
    return state.revising.probe_id if state.revising is not None else state.probe_id
