"""Interviews for tests: the shipped pack, and strategies for moves of any kind."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from hypothesis import strategies as st

from store.pack_files import load_folder
from study.effects import Effect
from study.engine import advance, start
from study.moves import DISTRESS_LEVELS, INFORM_TOPICS, Act, Move, Reading
from study.packs import Library
from study.questions import DELETE_OPTIONS
from study.redaction import KINDS
from study.script import Script
from study.state import ROLE_VIEWS, State
from study.steps import Step

SCENARIOS = Path(__file__).resolve().parents[2] / "data" / "scenarios"
POINTS = ("1", "2", "3", "4", "5", "cant_say")
OPTIONS = (
    *POINTS,
    *(option.value for option in DELETE_OPTIONS),
    "was_answer",
    "entry:1",
    "entry:3",
    "nonsense",
)


@lru_cache(maxsize=1)
def shipped_library() -> Library:
    """The shipped scenarios and packs; reading them takes longer than most tests do."""
    return load_folder(SCENARIOS)


@lru_cache(maxsize=1)
def core_script() -> Script:
    """The script of the shipped core pack."""
    return Script.of(shipped_library().pack("core"))


def fresh(seed: int = 1, role_view: str = "learner") -> State:
    """A fresh interview on the core pack."""
    return start(role_view, seed, core_script(), {})


def words(
    number: int, *, thin: bool = False, themes: tuple[str, ...] = (), act: Act = Act.ANSWER
) -> Move:
    """A typed message with a plain reading."""
    reading = Reading(
        source="rasa",
        confidence=0.9,
        thin=thin,
        words=3 if thin else 25,
        themes=tuple((theme, 0.9) for theme in themes),
        echo_end=9 if thin else 0,
    )
    return Move(number, act, None, reading)


def button(number: int, option: str, act: Act = Act.ANSWER) -> Move:
    """A pressed button."""
    return Move(number, act, option, Reading(source="option", intent="choose", thin=False))


def run(state: State, moves: list[Move]) -> tuple[State, list[Effect]]:
    """All moves in turn, and all their effects."""
    effects: list[Effect] = []
    for move in moves:
        state, more = advance(state, move, core_script())
        effects.extend(more)
    return state, effects


def as_read(seed: int, log: list[Move]) -> list[Move]:
    """The log with points only where a labelled scale is open, as ``read`` gives them."""
    state, out = fresh(seed), []
    for move in log:
        step = state.current[1]
        reading = replace(
            move.reading,
            stance=move.reading.stance if step.is_stance else None,
            clarity=move.reading.clarity if step is Step.CLARITY else None,
            cant_say=move.reading.cant_say and step.is_choice,
            between=move.reading.between if step.is_choice else None,
        )
        out.append(replace(move, reading=reading))
        state, _ = advance(state, out[-1], core_script())
    return out


points = st.none() | st.integers(1, 5)
readings = st.builds(
    Reading,
    source=st.sampled_from(["rasa", "none"]),
    intent=st.sampled_from(["reflection", *INFORM_TOPICS]),
    confidence=st.floats(0, 1),
    themes=st.lists(
        st.sampled_from(["embrace", "rethink", "grey", "fallible"]), unique=True, max_size=4
    ).map(lambda names: tuple((name, 0.8) for name in names)),
    thin=st.booleans(),
    empty=st.booleans(),
    words=st.integers(0, 60),
    masked=st.integers(0, 2),
    masked_kinds=st.lists(st.sampled_from(KINDS), unique=True, max_size=3).map(tuple),
    distress=st.sampled_from([*DISTRESS_LEVELS[:1] * 8, *DISTRESS_LEVELS]),
    stance=points,
    clarity=points,
    cant_say=st.booleans(),
    depends=st.booleans(),
    between=st.none() | st.sampled_from([(1, 2), (2, 3), (4, 5)]),
    delete_choice=st.none() | st.sampled_from(["last", "case", "all", "answer"]),
    term=st.none() | st.sampled_from(["viva", "grid"]),
    echo_end=st.integers(0, 60),
)


@st.composite
def moves(draw: st.DrawFn, most: int = 60) -> list[Move]:
    """A log of moves of every kind, answers more often than the rest."""
    out = []
    for number in range(1, draw(st.integers(0, most)) + 1):
        act = draw(st.sampled_from([*[Act.ANSWER] * 14, *Act]))
        if draw(st.booleans()):
            out.append(Move(number, act, None, draw(readings)))
        else:
            option = draw(st.sampled_from(OPTIONS))
            out.append(Move(number, act, option, Reading(source="option", thin=False)))
    return out


states = st.builds(
    lambda seed, view, log: run(fresh(seed, view), log)[0],
    st.integers(0, 2**31 - 1),
    st.sampled_from(ROLE_VIEWS),
    moves(),
)
