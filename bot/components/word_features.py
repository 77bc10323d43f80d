"""The words of a message as they are typed, beside what they mean.

Meaning alone takes "I'd stop her" and "stop" for much the same; words and parts of words tell them
apart, and a linear model over both is the steadiest of the readers that are combined.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

SENTENCE_WEIGHT = 2.0
"""Against the words, whose vectors have length 1 each."""
STRENGTH = 10.0
ROUNDS = 200


class WordFeatures:
    """Words and pairs, parts of two to five characters, and the sentence vector, in one row."""

    def __init__(self) -> None:
        """Make it empty; ``fit`` comes first."""
        self._words = TfidfVectorizer(
            ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\S+|\w+", dtype=np.float32
        )
        self._parts = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2, dtype=np.float32
        )

    def fit(self, texts: Sequence[str]) -> WordFeatures:
        """Learn which words and parts there are."""
        self._words.fit(texts)
        self._parts.fit(texts)
        return self

    def rows(self, texts: Sequence[str], sentences: np.ndarray) -> scipy.sparse.csr_matrix:
        """Return texts × features; ``sentences`` is texts × 768."""
        return scipy.sparse.hstack(
            [
                self._words.transform(texts),
                self._parts.transform(texts),
                scipy.sparse.csr_matrix(sentences.astype(np.float32) * SENTENCE_WEIGHT),
            ],
            format="csr",
        )


def linear_model(rows: scipy.sparse.csr_matrix, labels: np.ndarray) -> LogisticRegression:
    """Return a logistic regression over several labels, trained on ``rows``."""
    return LogisticRegression(C=STRENGTH, max_iter=ROUNDS).fit(rows, labels)


def yes_or_no(rows: scipy.sparse.csr_matrix, holds: np.ndarray) -> LogisticRegression:
    """Return a logistic regression of one property that few examples have."""
    model = LogisticRegression(C=STRENGTH, max_iter=ROUNDS, class_weight="balanced")
    return model.fit(rows, holds)
