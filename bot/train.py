"""Train the reader, unless it is already trained: ``python -m bot.train [--if-changed]``."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

from bot import environment
from bot.model_file import (
    MODELS,
    ROOT,
    ModelError,
    ModelRecord,
    file_sha256,
    inputs_hash,
    model_path,
    record_path,
    verified_model,
    write_record,
)

KEPT_MODELS = 3


class TrainingError(Exception):
    """Rasa finished without a model."""


def train(root: Path = ROOT, models: Path = MODELS) -> Path:
    """Train from the inputs under ``root`` and return the model, recorded beside it.

    The model appears under its name only when it is whole.
    """
    environment.prepare("INFO")
    started = time.monotonic()
    inputs = inputs_hash(root)
    models.mkdir(parents=True, exist_ok=True)
    print(f"Training the reader ({inputs[:12]}). This takes a few minutes.", flush=True)
    environment.configure_logs()
    import rasa
    import rasa.model_training

    print(f"  Rasa {rasa.__version__} loaded after {time.monotonic() - started:.0f} s", flush=True)
    target = model_path(inputs, models)
    with tempfile.TemporaryDirectory(dir=models) as folder:
        result = rasa.train(
            domain=str(root / "domain.yml"),
            config=str(root / "config.yml"),
            training_files=[str(root / "data/nlu"), str(root / "data/rules")],
            output=folder,
            fixed_model_name=target.name,
            force_training=True,
        )
        if result.code or not result.model:
            raise TrainingError("Rasa finished without a model; its messages are above.")
        trained = Path(result.model)
        checksum = file_sha256(trained)
        record_path(target).unlink(missing_ok=True)
        trained.replace(target)
    seconds = round(time.monotonic() - started, 1)
    trained_at = datetime.now(timezone.utc).isoformat("T", "seconds")
    write_record(target, ModelRecord(checksum, inputs, trained_at, seconds))
    _drop_old(models)
    print(f"  Model {target.name} trained in {seconds} s", flush=True)
    return target


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.train", description=__doc__)
    parser.add_argument(
        "--if-changed",
        action="store_true",
        help="do nothing if the model for the current inputs is there and whole",
    )
    options = parser.parse_args(arguments)
    if options.if_changed:
        try:
            print(f"Model {verified_model().name} is up to date.")
            return 0
        except ModelError as error:
            print(error)
    try:
        train()
    except TrainingError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _drop_old(models: Path) -> None:
    newest_first = sorted(models.glob("*.tar.gz"), key=lambda m: m.stat().st_mtime, reverse=True)
    for model in newest_first[KEPT_MODELS:]:
        record_path(model).unlink(missing_ok=True)
        model.unlink()


if __name__ == "__main__":
    sys.exit(main())
