"""Check the training data: ``python -m bot.validate``.

``rasa data validate`` ends with success although it warned, for some warnings even with
``--fail-on-warnings``. So its output is read, and any warning that is not expected fails.
"""

from __future__ import annotations

import re
import subprocess
import sys

from bot import environment
from bot.model_file import ROOT

EXPECTED = {
    r"The intent '(choose|undo)' is listed in the domain file, but is not found in the NLU "
    r"training data\.": "chosen with a control on the page and never typed",
}
"""Warnings that are meant to be, each with its reason."""

_WARNING = re.compile(r"\b(?:User|Future)Warning: (?P<text>.*)")


def unexpected_warnings(output: str) -> list[str]:
    """Return the warnings in ``output`` that no entry of ``EXPECTED`` covers."""
    found = [match["text"] for match in _WARNING.finditer(output)]
    return [text for text in found if not any(re.match(known, text) for known in EXPECTED)]


def main() -> int:
    """Run the check; return 0 only if Rasa agrees and no unexpected warning was given."""
    environment.prepare("INFO")
    command = [sys.executable, "-m", "rasa", "data", "validate", "--fail-on-warnings"]
    command += ["--config", "config.yml", "--domain", "domain.yml"]
    command += ["--data", "data/nlu", "data/rules"]
    print("Checking the training data …", flush=True)
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    output = re.sub(r"\x1b\[[0-9;]*m", "", result.stdout + result.stderr)
    warnings = unexpected_warnings(output)
    for warning in warnings:
        print(f"Unexpected warning: {warning}", file=sys.stderr)
    if result.returncode:
        print(output, file=sys.stderr)
    if result.returncode or warnings:
        return 1
    print("The training data is sound.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
