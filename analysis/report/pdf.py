"""The report as a tagged PDF, set by typst; all words and charts are data to its template."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from analysis.typesetting import set_pdf

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
    return set_pdf(TEMPLATE, [asdict(block) for block in blocks])
