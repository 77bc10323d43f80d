"""The trained model as a file: named by what it was trained from, known by its checksum.

This module does not import Rasa: knowing that nothing has to be done must cost nothing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "models"
_INPUTS = ("config.yml", "domain.yml", "data/nlu", "data/rules", "bot/components", "bot/intents.py")
_SUFFIXES = {".yml", ".py"}


class ModelError(Exception):
    """There is no model that may be loaded; the message says why and what to do."""


@dataclass(frozen=True)
class ModelRecord:
    """What is known of a trained model; kept as JSON beside it. Times are UTC, ISO 8601."""

    sha256: str
    inputs: str
    trained_at: str
    seconds: float


def inputs_hash(root: Path = ROOT) -> str:
    """Return the hash over all that a model is trained from: names and contents."""
    digest = hashlib.sha256()
    for path in _input_files(root):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def model_path(inputs: str, models: Path = MODELS) -> Path:
    """Return where the model for ``inputs`` belongs."""
    return models / f"{inputs[:12]}.tar.gz"


def record_path(model: Path) -> Path:
    """Return where the record of ``model`` belongs."""
    return model.with_name(model.name.replace(".tar.gz", ".json"))


def file_sha256(path: Path) -> str:
    """Return the checksum of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def verified_model(root: Path = ROOT, models: Path = MODELS) -> Path:
    """Return the model for the current inputs, its checksum checked; else raise ``ModelError``."""
    inputs = inputs_hash(root)
    model = model_path(inputs, models)
    if not model.is_file():
        raise ModelError("There is no model for the current inputs. Train one: python -m bot.train")
    try:
        record = ModelRecord(**json.loads(record_path(model).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        raise ModelError(
            f"The record of model {model.name} is missing or unreadable. "
            "Train again: python -m bot.train"
        ) from None
    if record.inputs != inputs or record.sha256 != file_sha256(model):
        raise ModelError(
            f"Model {model.name} is not the file that was trained: its checksum differs. "
            "It is not loaded. Train again: python -m bot.train"
        )
    return model


def write_record(model: Path, record: ModelRecord) -> None:
    """Write ``record`` beside ``model`` in one step."""
    target = record_path(model)
    unfinished = target.with_suffix(".part")
    unfinished.write_text(json.dumps(asdict(record), indent=2) + "\n", "utf-8")
    unfinished.replace(target)


def _input_files(root: Path) -> list[Path]:
    files: list[Path] = []
    for name in _INPUTS:
        path = root / name
        found = path.rglob("*") if path.is_dir() else [path]
        files += [file for file in found if file.is_file() and file.suffix in _SUFFIXES]
    return sorted(files)
