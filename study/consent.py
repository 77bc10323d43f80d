"""Consent as data: three choices, the text they refer to, and its hash."""

import hashlib
from dataclasses import dataclass

CHOICES = ("take_part", "research", "quote")

VERSION = "3"
"""Of the product's own texts, ``data/consent/``; raise it with every change to their meaning."""
MAX_TEXT = 20_000
HEADING = "## "
ITEM = "- "


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a list of items; one of the two is empty."""

    paragraph: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Information:
    """A consent text laid out: what is read first, and under headings what can be opened."""

    short: tuple[Block, ...]
    details: tuple[tuple[str, tuple[Block, ...]], ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person agreed to. Research and quotation mean nothing without taking part."""

    take_part: bool
    research: bool
    quote: bool

    def __post_init__(self) -> None:
        """Refuse a combination that the form cannot mean (ValueError)."""
        if (self.research or self.quote) and not self.take_part:
            raise ValueError("research and quotation need taking part")
        if self.quote and not self.research:
            raise ValueError("quotation needs research")

    @property
    def keep(self) -> str:
        """How long the record lives: "study", or "session" without research consent."""
        return "study" if self.research else "session"


def laid_out(text: str) -> Information:
    """The parts of a consent text: paragraphs apart by an empty line, lists of lines that begin
    with "- ", and headings that begin with "## ".

    Raises:
        ValueError: it is empty or too long, begins with a heading, or a heading has no text.
    """
    if not text.strip():
        raise ValueError("the text is empty")
    if len(text) > MAX_TEXT:
        raise ValueError(f"the text has more than {MAX_TEXT:,} characters")
    short: list[Block] = []
    details: list[tuple[str, list[Block]]] = []
    for piece in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in piece.strip().split("\n") if line.strip()]
        if not lines:
            continue
        if lines[0].startswith(HEADING):
            details.append((lines[0].removeprefix(HEADING).strip(), []))
            lines = lines[1:]
        if lines:
            (details[-1][1] if details else short).append(_block(lines))
    for heading, blocks in details:
        if not heading or not blocks:
            raise ValueError(f"a heading without a text: {heading!r}")
    if not short:
        raise ValueError("the text begins with a heading: say the most important first")
    return Information(tuple(short), tuple((h, tuple(blocks)) for h, blocks in details))


def _block(lines: list[str]) -> Block:
    if all(line.startswith(ITEM) for line in lines):
        return Block(items=tuple(line.removeprefix(ITEM) for line in lines))
    return Block(paragraph=" ".join(lines))


def text_hash(text: str) -> str:
    """SHA-256 of a consent text as shown, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
