"""The process environment this room needs, and its logs."""

from __future__ import annotations

import logging
import os

_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)


def prepare(log_level: str = "WARNING") -> None:
    """Set one thread a library, no telemetry, no training cache and no accelerator.

    Must run before anything imports Rasa, which reads these while it is imported. ``LOG_LEVEL``
    wins over ``log_level`` if it is set.
    """
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("LOG_LEVEL", log_level)
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    # A cached training step would hide what a model was really trained from.
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"
    os.environ.setdefault("TQDM_DISABLE", "1")
    # One process, one worker: more replicas are more processes.
    os.environ.pop("SANIC_WORKERS", None)


def configure_logs() -> None:
    """Set up Rasa's logs; without this it prints every debug line, words included.

    Call it before the rest of Rasa is imported. Its libraries are old and pinned: what they warn
    of as deprecated is known, and is left out. They reset the filters of the warnings module, so
    it is left out of the log instead.
    """
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").addFilter(
        lambda record: "DeprecationWarning" not in record.getMessage()
    )
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    configure_structlog()
    configure_logging_and_warnings()
