"""Documents set by typst from a template; all words and pictures are data to it, never markup."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import typst


def set_pdf(template: Path, data: Any) -> bytes:
    """The document as tagged PDF; the template reads ``data`` as JSON from ``sys.inputs.data``."""
    made = typst.compile(_read(template), sys_inputs={"data": json.dumps(data, ensure_ascii=False)})
    if not isinstance(made, bytes):
        raise TypeError("typst gave several files for one document")
    return made


@cache
def _read(template: Path) -> bytes:
    return template.read_bytes()
