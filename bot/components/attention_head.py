"""A small network over the states of a message's tokens: where to look, and what it says.

Eight heads each weigh the tokens and sum up a projection of them; the sums, the mean and the
maximum go through one hidden layer. Trained with TensorFlow, which Rasa brings; read with NumPy,
which costs well under a millisecond.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

HEADS = 8
HEAD_WIDTH = 48
LOOK = 128
HIDDEN = 256
EPOCHS = 16
BATCH = 32
RATE = 1.5e-3
SMOOTHING = 0.05
DROP_STATES = 0.1
DROP_HIDDEN = 0.4
MAX_TRAINED = 64
"""Tokens of an example that training looks at; nearly all have fewer."""
NOWHERE = -1e9
EPSILON = 1e-3


@dataclass(frozen=True)
class AttentionHead:
    """The eleven arrays of a trained network, in the order of ``_shapes``."""

    arrays: tuple[np.ndarray, ...]

    def logits(self, states: np.ndarray) -> np.ndarray:
        """Return one number a label for ``states`` (tokens × width)."""
        look, look_bias, score, value, value_bias, scale, shift, hid, hid_bias, out, bias = (
            self.arrays
        )
        scores = np.tanh(states @ look + look_bias) @ score
        weights = np.exp(scores - scores.max(axis=0))
        weights /= weights.sum(axis=0)
        values = (states @ value + value_bias).reshape(len(states), HEADS, HEAD_WIDTH)
        summed = np.einsum("thd,th->hd", values, weights).reshape(-1)
        joined = np.concatenate([summed, states.mean(axis=0), states.max(axis=0)])
        joined = (joined - joined.mean()) / np.sqrt(joined.var() + EPSILON) * scale + shift
        return _gelu(joined @ hid + hid_bias) @ out + bias


def train(
    examples: Sequence[np.ndarray], targets: np.ndarray, *, exclusive: bool, seed: int
) -> AttentionHead:
    """Return a network trained on ``examples`` (each tokens × width) and ``targets``.

    ``targets`` is examples × labels, of 0 and 1. ``exclusive`` says that exactly one label holds.
    The same input and seed give the same network on the same machine.
    """
    import tensorflow as tf

    tf.random.set_seed(seed)
    order = np.random.default_rng(seed)
    width, labels = examples[0].shape[1], targets.shape[1]
    arrays = [tf.Variable(array) for array in _initial(width, labels, order)]
    rest = SMOOTHING / labels if exclusive else SMOOTHING / 2
    wanted = (targets * (1 - SMOOTHING) + rest).astype(np.float32)
    optimizer = tf.keras.optimizers.Adam(RATE)
    optimizer.build(arrays)
    loss_of = _exclusive_loss if exclusive else _independent_loss

    def step(states: Any, mask: Any, target: Any, rate: Any) -> None:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(loss_of(target, _forward(tf, arrays, states, mask)))
        optimizer.learning_rate.assign(rate)
        optimizer.apply_gradients(zip(tape.gradient(loss, arrays), arrays))  # noqa: B905

    float32 = tf.float32
    run = tf.function(
        step,
        input_signature=[
            tf.TensorSpec((None, None, width), float32),
            tf.TensorSpec((None, None), float32),
            tf.TensorSpec((None, labels), float32),
            tf.TensorSpec((), float32),
        ],
    )
    done, total = 0, EPOCHS * -(-len(examples) // BATCH)
    for _ in range(EPOCHS):
        for chosen, states, mask in _batches(examples, order):
            done += 1
            rate = np.float32(RATE * 0.5 * (1 + np.cos(np.pi * done / total)))
            run(states, mask, wanted[chosen], rate)
    return AttentionHead(tuple(array.numpy() for array in arrays))


def _gelu(x: np.ndarray) -> np.ndarray:
    return 0.5 * x * (1.0 + np.tanh(np.sqrt(2.0 / np.pi) * (x + 0.044715 * x**3)))


def _shapes(width: int, labels: int) -> list[tuple[int, ...]]:
    summed = HEADS * HEAD_WIDTH
    joined = summed + 2 * width
    return [
        (width, LOOK),
        (LOOK,),
        (LOOK, HEADS),
        (width, summed),
        (summed,),
        (joined,),
        (joined,),
        (joined, HIDDEN),
        (HIDDEN,),
        (HIDDEN, labels),
        (labels,),
    ]


def _initial(width: int, labels: int, order: np.random.Generator) -> Iterator[np.ndarray]:
    for place, shape in enumerate(_shapes(width, labels)):
        if len(shape) == 2:
            limit = np.sqrt(6.0 / sum(shape))
            yield order.uniform(-limit, limit, shape).astype(np.float32)
        else:
            scale = 1.0 if place == 5 else 0.0
            yield np.full(shape, scale, np.float32)


def _forward(tf: Any, arrays: Sequence[Any], states: Any, mask: Any) -> Any:
    look, look_bias, score, value, value_bias, scale, shift, hid, hid_bias, out, bias = arrays
    shape = tf.shape(states)
    seen = tf.nn.dropout(states, DROP_STATES)
    outside = (mask[:, :, None] - 1.0) * -NOWHERE
    weights = tf.nn.softmax(tf.tanh(seen @ look + look_bias) @ score + outside, axis=1)
    values = tf.reshape(seen @ value + value_bias, (shape[0], shape[1], HEADS, HEAD_WIDTH))
    summed = tf.reshape(tf.einsum("bthd,bth->bhd", values, weights), (shape[0], -1))
    mean = tf.reduce_sum(states * mask[:, :, None], 1) / tf.reduce_sum(mask, 1, keepdims=True)
    highest = tf.reduce_max(states + outside, axis=1)
    joined = tf.concat([summed, mean, highest], axis=-1)
    middle, spread = tf.nn.moments(joined, -1, keepdims=True)
    joined = (joined - middle) * tf.math.rsqrt(spread + EPSILON) * scale + shift
    hidden = tf.nn.gelu(tf.nn.dropout(joined, DROP_HIDDEN) @ hid + hid_bias, approximate=True)
    return tf.nn.dropout(hidden, DROP_HIDDEN) @ out + bias


def _exclusive_loss(target: Any, logits: Any) -> Any:
    import tensorflow as tf

    return tf.nn.softmax_cross_entropy_with_logits(target, logits)


def _independent_loss(target: Any, logits: Any) -> Any:
    import tensorflow as tf

    return tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(target, logits), axis=-1)


def _batches(
    examples: Sequence[np.ndarray], order: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield places, states and mask of examples of about one length, in random order."""
    lengths = np.array([min(len(states), MAX_TRAINED) for states in examples])
    places = np.argsort(lengths + order.uniform(-2.0, 2.0, len(lengths)), kind="stable")
    groups = [places[start : start + BATCH] for start in range(0, len(places), BATCH)]
    order.shuffle(groups)
    for group in groups:
        longest = -(-int(lengths[group].max()) // 8) * 8  # few shapes, so few traces
        states = np.zeros((len(group), longest, examples[0].shape[1]), np.float32)
        mask = np.zeros((len(group), longest), np.float32)
        for row, place in enumerate(group):
            states[row, : lengths[place]] = examples[place][: lengths[place]]
            mask[row, : lengths[place]] = 1.0
        yield group, states, mask
