"""The small network: NumPy reads what TensorFlow trained, and it learns what there is to learn."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from bot.components import attention_head
from bot.components.attention_head import AttentionHead, train

WIDTH = 6


def sentences(count: int, seed: int) -> tuple[list[np.ndarray], np.ndarray]:
    """Noise of one to nine tokens; the label says which of two marks is among them, if any."""
    draw = np.random.default_rng(seed)
    states, labels = [], np.zeros((count, 3))
    for place in range(count):
        tokens = draw.normal(0, 0.3, (int(draw.integers(1, 10)), WIDTH)).astype(np.float32)
        label = int(draw.integers(0, 3))
        if label:
            tokens[int(draw.integers(0, len(tokens)))] += 3.0 * np.eye(WIDTH)[label]
        labels[place, label] = 1.0
        states.append(tokens)
    return states, labels


@pytest.fixture(scope="module")
def trained() -> AttentionHead:
    states, labels = sentences(400, seed=1)
    return train(states, labels, exclusive=True, seed=0)


def test_it_finds_a_token_among_others(trained: AttentionHead) -> None:
    states, labels = sentences(200, seed=2)
    found = [int(trained.logits(tokens).argmax()) for tokens in states]
    assert np.mean(found == labels.argmax(axis=1)) > 0.95


def test_numpy_reads_what_tensorflow_would(
    trained: AttentionHead, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attention_head, "DROP_STATES", 0.0)
    monkeypatch.setattr(attention_head, "DROP_HIDDEN", 0.0)
    states, _ = sentences(40, seed=3)
    for _, batch, mask in attention_head._batches(states, np.random.default_rng(0)):
        theirs = attention_head._forward(tf, trained.arrays, batch, mask).numpy()
        for row in range(len(batch)):
            tokens = batch[row, : int(mask[row].sum())]
            assert np.allclose(trained.logits(tokens), theirs[row], atol=1e-4)


def test_the_same_seed_gives_the_same_network() -> None:
    states, labels = sentences(64, seed=4)
    first, again, other = (train(states, labels, exclusive=False, seed=s) for s in (5, 5, 6))
    assert all((a == b).all() for a, b in zip(first.arrays, again.arrays))  # noqa: B905
    assert not (first.arrays[0] == other.arrays[0]).all()


def test_several_labels_may_hold() -> None:
    draw = np.random.default_rng(7)
    labels = draw.integers(0, 2, (400, 2)).astype(float)
    marks = 3.0 * np.eye(WIDTH)[:2]
    states = [
        np.concatenate([draw.normal(0, 0.3, (3, WIDTH)), [label @ marks]]).astype(np.float32)
        for label in labels
    ]
    head = train(states[:300], labels[:300], exclusive=False, seed=0)
    found = np.array([head.logits(tokens) > 0 for tokens in states[300:]])
    assert np.mean(found == labels[300:].astype(bool)) > 0.95
