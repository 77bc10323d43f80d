"""Figures on readings: precision, recall, F1, and intervals by the bootstrap.

Everything takes parallel sequences. A figure that is not defined (no such label in gold and
reading) is None, not 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

RESAMPLES = 1000
SEED = 20260302
"""Fixed, so that the same predictions give the same intervals."""


def ratio(part: float, whole: float) -> float | None:
    """Return ``part / whole`` to four places, or None."""
    return round(float(part) / float(whole), 4) if whole else None


def binary(gold: np.ndarray, found: np.ndarray) -> dict[str, Any]:
    """Return precision, recall, F1 and support of one yes-or-no reading."""
    hits = int((gold & found).sum())
    return {
        "precision": ratio(hits, int(found.sum())),
        "recall": ratio(hits, int(gold.sum())),
        "f1": ratio(2 * hits, int(gold.sum() + found.sum())),
        "support": int(gold.sum()),
    }


def per_label(gold: np.ndarray, found: np.ndarray) -> dict[str, dict[str, Any]]:
    """Return ``binary`` for each label that occurs in either."""
    labels = sorted(set(gold) | set(found))
    return {label: binary(gold == label, found == label) for label in labels}


def macro_f1(gold: np.ndarray, found: np.ndarray) -> float | None:
    """Return the mean F1 over the labels that occur in ``gold``."""
    labels = sorted(set(gold))
    scores = [binary(gold == label, found == label)["f1"] or 0.0 for label in labels]
    return ratio(sum(scores), len(scores))


def micro(gold: np.ndarray, found: np.ndarray) -> dict[str, Any]:
    """Return pooled precision, recall and F1; rows × labels of True and False."""
    return binary(gold.reshape(-1), found.reshape(-1))


def interval(
    figure: Callable[[np.ndarray], float | None], rows: int, resamples: int = RESAMPLES
) -> Sequence[float] | None:
    """Return the 95% interval of ``figure``, which takes the places of a resample; or None."""
    draw = np.random.default_rng(SEED)
    found = [figure(draw.integers(0, rows, rows)) for _ in range(resamples)] if rows else []
    known = [one for one in found if one is not None]
    if not known:
        return None
    low, high = np.percentile(known, [2.5, 97.5])
    return [round(float(low), 4), round(float(high), 4)]
