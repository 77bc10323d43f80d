"""What a message asks for, which themes it voices, and whether it is thin, from one encoding.

Two kinds of model are combined for each question: networks over the tokens' states, and a linear
model over words and the sentence vector. How they compare alone and together, and why no other was
kept, is in docs/decisions/0008-reader.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.components import attention_head
from bot.components.attention_head import AttentionHead
from bot.components.encoder import Encoding, encoder
from bot.components.labelled import Example
from bot.components.themes import THEMES, VOICED, ThemeReading
from bot.components.word_features import WordFeatures, linear_model, yes_or_no

NAME = "minilm-1"
"""Raise the number with every change to how a message is read."""

NETWORK_SHARE = 0.6
"""Of the networks in the log of an intent's probability; the rest is the linear model's."""
THEME_SHARE = 0.5
THEME_THRESHOLD = 0.45
"""Where the combined score of a theme says that it is voiced; set by cross-validation."""
FLOOR = 1e-9
NO_WORDS = ThemeReading(dict.fromkeys(THEMES, 0.0), thin=True, thin_score=1.0, reader=NAME)
"""Of a message without a letter or digit."""

_WORD = re.compile(r"\w")


@dataclass(frozen=True)
class Understood:
    """``intents`` are probabilities by intent, best first; they sum to 1."""

    intents: dict[str, float]
    themes: ThemeReading


@dataclass(frozen=True)
class MessageReader:
    """A trained reader. ``linear_marks`` has a model for each theme and one for thinness."""

    labels: tuple[str, ...]
    words: WordFeatures
    linear: LogisticRegression
    third: AttentionHead
    fourth: AttentionHead
    linear_marks: tuple[LogisticRegression, ...]
    marks: AttentionHead

    def read(self, text: str) -> Understood:
        """Read one message, which may be empty."""
        encoding = encoder().encode(text)
        row = self.words.rows([text], encoding.sentence[None, :])
        themes = self._themes(encoding, row) if _WORD.search(text) else NO_WORDS
        return Understood(self._intents(encoding, row), themes)

    def _intents(self, encoding: Encoding, row: object) -> dict[str, float]:
        networks = _log_softmax(self.third.logits(encoding.third))
        networks = (networks + _log_softmax(self.fourth.logits(encoding.fourth))) / 2
        linear = np.log(self.linear.predict_proba(row)[0] + FLOOR)
        joined = np.exp(_log_softmax(NETWORK_SHARE * networks + (1 - NETWORK_SHARE) * linear))
        best_first = np.argsort(-joined, kind="stable")
        return {self.labels[place]: float(joined[place]) for place in best_first}

    def _themes(self, encoding: Encoding, row: object) -> ThemeReading:
        network = 1.0 / (1.0 + np.exp(-self.marks.logits(encoding.third)))
        linear = np.array([model.predict_proba(row)[0, 1] for model in self.linear_marks])
        score = THEME_SHARE * network + (1 - THEME_SHARE) * linear
        *themes, thin = (float(one) for one in score)
        return ThemeReading(
            themes={
                theme: round(_centred(score), 4)
                for theme, score in zip(THEMES, themes)  # noqa: B905
            },
            thin=thin >= VOICED,
            thin_score=round(thin, 4),
            reader=NAME,
        )


def train(examples: Sequence[Example]) -> MessageReader:
    """Return a reader trained on ``examples``.

    Raises ``ValueError`` if there are not two intents, or a theme or thinness has no example.
    """
    texts = [example.text for example in examples]
    encodings = [encoder().encode(text) for text in texts]
    words = WordFeatures().fit(texts)
    rows = words.rows(texts, np.stack([encoding.sentence for encoding in encodings]))
    labels = tuple(sorted({example.intent for example in examples}))
    places = np.array([labels.index(example.intent) for example in examples])
    wanted = np.eye(len(labels))[places]
    marked = [
        place
        for place, example in enumerate(examples)
        if example.themes is not None and example.thin is not None
    ]
    marks = np.array([_marks_of(examples[place]) for place in marked], dtype=float)
    if len(labels) < 2 or not marked or not (marks.mean(axis=0) > 0).all():
        raise ValueError("the training data lacks intents, themes or thin answers")
    some = rows[marked]
    return MessageReader(
        labels=labels,
        words=words,
        linear=linear_model(rows, places),
        third=attention_head.train([e.third for e in encodings], wanted, exclusive=True, seed=0),
        fourth=attention_head.train([e.fourth for e in encodings], wanted, exclusive=True, seed=1),
        linear_marks=tuple(yes_or_no(some, column) for column in marks.T),
        marks=attention_head.train(
            [encodings[place].third for place in marked], marks, exclusive=False, seed=2
        ),
    )


def _marks_of(example: Example) -> list[bool]:
    themes = example.themes or frozenset()
    return [*(theme in themes for theme in THEMES), bool(example.thin)]


def _centred(score: float) -> float:
    """Return ``score`` with the threshold moved to ``VOICED``, the ends kept."""
    if score < THEME_THRESHOLD:
        return score / THEME_THRESHOLD * VOICED
    return VOICED + (score - THEME_THRESHOLD) / (1 - THEME_THRESHOLD) * (1 - VOICED)


def _log_softmax(logits: np.ndarray) -> np.ndarray:
    shifted = logits - logits.max()
    return shifted - np.log(np.exp(shifted).sum())
