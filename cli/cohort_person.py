"""A synthetic learner: what they do when a question is put to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from cli import cohort_words as words
from store.attempts import PROFESSIONS
from study.intents import ACT_OF_INTENT
from study.moves import Act
from study.questions import intent_of
from study.state import State
from study.steps import Step

THIN_WORDS = 12
MODEL = "synthetic"
"""In the place of a trained model's name: nobody read these words."""
FATES = ("completes",) * 13 + ("leaves",) * 3 + ("stops",) * 2 + ("withdraws",) + ("deletes",)


@dataclass(frozen=True, slots=True)
class Doing:
    """What a learner does in one turn, and what the bot would have made of it."""

    act: Act
    text: str | None = None
    option: str | None = None
    heard: Mapping[str, Any] | None = None
    seconds: float = 5.0
    """How long they took."""


@dataclass(slots=True)
class Person:
    """One synthetic learner; everything they do follows from ``rng``."""

    rng: Random
    role_view: str = ""
    profession: str | None = None
    mildness: float = 0.0
    talk: str = "plain"
    fate: str = "completes"
    last_turn: int = 0
    research: bool = True
    quote: bool = False
    _paused: bool = False
    _turns: int = 0
    _stances: dict[tuple[int, str], int] = field(default_factory=dict)

    @classmethod
    def born(cls, rng: Random) -> "Person":
        """Somebody new."""
        research = rng.random() < 0.92
        return cls(
            rng=rng,
            role_view="educator" if rng.random() < 0.35 else "learner",
            profession=rng.choice(PROFESSIONS),
            mildness=rng.gauss(0.0, 0.7),
            talk=rng.choice(("brief", "plain", "plain", "long")),
            fate=rng.choice(FATES),
            last_turn=rng.randrange(6, 22),
            research=research,
            quote=research and rng.random() < 0.6,
        )

    def next(self, state: State) -> Doing | None:
        """Their next turn at this state; None when they are done or have gone away."""
        self._turns += 1
        if state.end is not None:
            return None
        if state.choosing:
            return _button("delete_last")
        if self.fate != "completes" and self._turns > self.last_turn:
            return self._part(state)
        if state.paused:
            return _button("resume", seconds=self.rng.uniform(600, 50_000))
        if state.revising is None:
            interlude = self._interlude(state)
            if interlude is not None:
                return interlude
        return self._answer(state)

    def _part(self, state: State) -> Doing | None:
        """How those who do not complete go."""
        fate, self.fate = self.fate, "leaves" if self.fate == "leaves" else "completes"
        if fate == "leaves":
            return None
        if fate == "stops":
            if self.rng.random() < 0.5:
                return _button("stop")
            return _said(words.STOPPING, Act.STOP, "stop", ())
        if fate == "withdraws":
            return _button("withdraw_consent")
        return _button("delete_data")

    def _interlude(self, state: State) -> Doing | None:
        """Now and then a question, a pause, a change or a skip in place of an answer."""
        draw = self.rng.random()
        if draw < 0.025:
            intent, text = self.rng.choice(words.QUESTIONS)
            return _said(text, ACT_OF_INTENT[intent], intent, (), seconds=6)
        if draw < 0.035 and not self._paused:
            self._paused = True
            return _button("pause")
        if draw < 0.05 and state.entries:
            return _button("change_answer")
        if draw < 0.09 and not state.step.is_stance:
            return _button("skip", seconds=8)
        return None

    def _answer(self, state: State) -> Doing:
        position, step = state.current
        if step.is_stance:
            return self._stance(state, position, step)
        if step is Step.CLARITY:
            point = min(5, max(1, round(self.rng.gauss(2.6, 1.1))))
            return _button("cant_say" if self.rng.random() < 0.05 else str(point), seconds=14)
        text, themes = self._words(state, step)
        thin = len(text.split()) < THIN_WORDS
        seconds = 8 + len(text.split()) * self.rng.uniform(1.0, 2.4)
        return _said(text, Act.ANSWER, "reflection", themes, thin=thin, seconds=seconds)

    def _stance(self, state: State, position: int, step: Step) -> Doing:
        if self.rng.random() < 0.04:
            return _button("cant_say", seconds=20)
        before = self._stances.get((position, Step.STANCE.value))
        scenario = state.order[position].id
        if before is None:
            middle = 3 + words.LEANING.get(scenario, 0.0) + self.mildness
            point = self.rng.gauss(middle, 0.9)
        elif step is Step.TWIST:
            # Most changed cases make it harder to accept; some people do not move.
            point = before if self.rng.random() < 0.4 else before + self.rng.gauss(-0.7, 1.0)
        else:
            point = before + self.rng.gauss(0.0, 0.4)
        value = min(5, max(1, round(point)))
        self._stances[(position, step.value)] = value
        seconds = self.rng.uniform(9, 45) if step is Step.STANCE else self.rng.uniform(4, 20)
        if value == 3 and self.rng.random() < 0.3:
            return _said("It depends.", Act.ANSWER, "reflection", ("grey",), seconds=seconds)
        if value in words.POINTS and self.rng.random() < 0.06:
            typed = words.POINTS[value].capitalize()
            return _said(typed, Act.ANSWER, "reflection", (), seconds=seconds)
        return _button(str(value), seconds=seconds)

    def _words(self, state: State, step: Step) -> words.Sentence:
        """One to three sentences that fit the question and the stance before it."""
        bank = words.REASONS.get(step)
        if bank is None:
            value = self._stances.get((state.current[0], Step.STANCE.value), 3)
            bank = words.TORN if value == 3 else words.ACCEPTING if value > 3 else words.REFUSING
            if self.talk == "brief" and self.rng.random() < 0.6:
                bank = words.BRIEF
        count = 1 if bank is words.BRIEF or self.talk == "brief" else 2
        if self.talk == "long" and bank is not words.REASONS.get(Step.CASE_CLOSE):
            count = 3
        chosen = self.rng.sample(bank, self.rng.randint(1, min(count, len(bank))))
        if self.talk == "long" and self.rng.random() < 0.5:
            chosen.append(self.rng.choice(words.TORN))
        chosen = list(dict.fromkeys(chosen))
        themes = sorted({theme for _, heard in chosen for theme in heard})
        return " ".join(text for text, _ in chosen), tuple(themes)


def _button(option: str, seconds: float = 4.0) -> Doing:
    intent = intent_of(option)
    heard = {
        "intent": intent,
        "confidence": 1.0,
        "source": "option",
        "themes": {},
        "thin": {"value": False, "score": 0.0},
        "model": MODEL,
    }
    return Doing(ACT_OF_INTENT[intent], option=option, heard=heard, seconds=seconds)


def _said(
    text: str,
    act: Act,
    intent: str,
    themes: tuple[str, ...],
    *,
    thin: bool = False,
    seconds: float = 10.0,
) -> Doing:
    heard = {
        "intent": intent,
        "confidence": 0.9,
        "source": "rasa",
        "themes": dict.fromkeys(themes, 0.8),
        "thin": {"value": thin, "score": 0.9 if thin else 0.1},
        "model": MODEL,
    }
    return Doing(act, text=text, heard=heard, seconds=seconds)
