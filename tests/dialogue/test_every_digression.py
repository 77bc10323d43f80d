"""Every digression at every step: dealt with in its turn, and the same question is open again."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from study.moves import Act
from study.state import End
from study.steps import Step
from tests.dialogue.flow import complaints, returns
from tests.dialogue.stage import Played, Stage, Taken

PHRASES: dict[str, list[str]] = yaml.safe_load(
    Path(__file__).with_name("digressions.yml").read_text("utf-8")
)
FULL = (
    "I would want to know first what the task is meant to show, because the answer turns on that "
    "and on nothing else."
)
THIN = "fine with me"
ROAD: tuple[tuple[Step, str], ...] = (
    (Step.STANCE, "4"),
    (Step.OPEN, THIN),
    (Step.THIN_PROBE, FULL),
    (Step.THEME_PROBE, FULL),
    (Step.TWIST, "2"),
    (Step.TWIST_REASON, FULL),
    (Step.CLARITY, "3"),
    (Step.POLICY_TEXT, FULL),
    (Step.FINAL_STANCE, "4"),
    (Step.CASE_CLOSE, FULL),
)
"""Each step of a case, and what leads on from it."""


def _asked_again(taken: Taken) -> None:
    assert returns(taken), taken


def _said_again(played: Played, taken: Taken) -> None:
    _asked_again(taken)


def _rested(played: Played, taken: Taken) -> None:
    assert taken.after.paused and taken.after.current == taken.before.current, taken
    _asked_again(played.press("resume"))


def _supported(played: Played, taken: Taken) -> None:
    assert taken.after.supporting and taken.after.current == taken.before.current, taken
    assert not any(said.question for said in taken.said), "asked on after words of distress"
    _asked_again(played.press("resume"))


def _withdrawn(played: Played, taken: Taken) -> None:
    assert taken.after.withdrawn, taken
    _asked_again(taken)
    back = played.press("undo")
    assert not back.after.withdrawn
    _asked_again(back)


def _chosen(played: Played, taken: Taken) -> None:
    assert taken.after.choosing and taken.after.entries == taken.before.entries, taken
    back = played.write("no, keep everything")
    assert not back.after.choosing and back.after.entries == taken.before.entries
    _asked_again(back)
    assert back.after.current == taken.before.current


def _reopened(played: Played, taken: Taken) -> None:
    if not taken.before.entries:
        _asked_again(taken)
        return
    assert taken.after.revising == taken.before.entries[-1], taken
    back = played.press("skip")
    assert back.after.current == taken.before.current
    assert back.after.entries == taken.before.entries


def _stopped(played: Played, taken: Taken) -> None:
    assert taken.after.end is End.STOPPED, taken
    back = played.press("undo")
    assert back.after.end is None and back.after.current == taken.before.current
    assert back.said[-1].question


EXPECTED: dict[str, Callable[[Played, Taken], None]] = {
    "inform": _said_again,
    "rephrase": _said_again,
    "resume": _said_again,
    "disclosure": _said_again,
    "deescalate": _said_again,
    "pause": _rested,
    "support": _supported,
    "withdraw": _withdrawn,
    "delete": _chosen,
    "change_answer": _reopened,
    "stop": _stopped,
}


def test_every_act_that_is_no_answer_has_a_phrase() -> None:
    no_phrase = {Act.ANSWER, Act.SKIP, Act.UNDO}
    assert {Act(name) for name in PHRASES} == set(Act) - no_phrase
    assert set(PHRASES) == set(EXPECTED)


@pytest.mark.parametrize("step", [step for step, _ in ROAD])
def test_it_returns_to_the_open_question(stage: Stage, step: Step) -> None:
    played = _at(stage, step)
    for act, phrases in PHRASES.items():
        for phrase in phrases:
            taken = played.write(phrase)
            assert taken.act == act, taken
            EXPECTED[act](played, taken)
            assert played.state.current[1] is step
            assert played.state.step is step
    assert complaints(played) == []
    _to_the_end(played)


@pytest.mark.parametrize("step", [Step.SESSION_COMMON, Step.SESSION_CLEARER])
def test_it_returns_after_the_last_case(stage: Stage, step: Step) -> None:
    played = stage.begin("educator", 12)
    while played.state.step is not step:
        played.press("skip")
    for act, phrases in PHRASES.items():
        for phrase in phrases:
            taken = played.write(phrase)
            assert taken.act == act, taken
            EXPECTED[act](played, taken)
            assert played.state.current[1] is step
    _to_the_end(played)


def _at(stage: Stage, step: Step) -> Played:
    played = stage.begin("learner", 8)
    for here, answer in ROAD:
        assert played.state.step is here
        if here is step:
            return played
        (played.press if here.is_choice else played.write)(answer)
    raise ValueError(step)


def _to_the_end(played: Played) -> None:
    """From here, whatever was said on the way, the interview can be finished."""
    while played.state.end is None:
        played.press("skip")
    assert played.state.end is End.COMPLETED
    assert complaints(played) == []
    played.world.database.engine.dispose()
