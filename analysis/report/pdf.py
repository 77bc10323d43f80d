"""The report as a tagged PDF, set by typst; all words and charts are data to its template."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import typst

TEMPLATE = Path(__file__).with_name("report.typ")


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the report. ``kind``: title, part, heading, text, note, quote, chart or table.

    ``text`` is the words, or what a chart shows; ``svg`` the chart; ``rows`` a table, its
    heading first.
    """

    kind: str
    text: str = ""
    svg: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def as_pdf(blocks: Sequence[Block]) -> bytes:
    """The document as PDF."""
    data = json.dumps([asdict(block) for block in blocks], ensure_ascii=False)
    made = typst.compile(_template(), sys_inputs={"data": data})
    if not isinstance(made, bytes):
        raise TypeError("typst gave several files for one document")
    return made


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()
