"""Words of an answer with what a name finder asks of each: place, form, neighbours."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from study.redaction import PLACEHOLDER
from web.names.lists import fold

_WORD = re.compile(
    PLACEHOLDER.pattern + r"|(?<![\w@])[^\W\d_]{1,60}+(?:['’ʼ\-‐‑][^\W\d_]{1,60}+){0,4}(?!\w)"
)
HYPHEN = re.compile(r"[-‐‑]")
_POSSESSIVE = re.compile(r"['’ʼ]s?$", re.IGNORECASE)
_INNER_CAPITAL = re.compile(r"\w[A-ZÀ-Þ]")
_NAME_PREFIX = re.compile(r"^(?:Ma?c|O['’ʼ]|D[eiu]|L[aeo]|Fitz|Van|Al|El|St|Ni)(?=[A-ZÀ-Þ])")
_ENDS_SENTENCE = re.compile(r"[.!?:;\n\"“”„‘«»(\[•*]|^\s*[-–—]|[-–—]\s*$|[0-9]\s*\)|\s[-–—]\s")


@dataclass(frozen=True, slots=True)
class Token:
    """One word.

    ``gap`` is what stands between it and the word before. ``folded`` is how it is compared,
    without a possessive s; ``first`` is what stands before its hyphen, folded. ``hole`` marks
    a placeholder that is already there.
    """

    start: int
    end: int
    text: str
    folded: str
    first: str
    gap: str
    hole: bool
    opens: bool
    """Whether a sentence, a line, a bracket or a quotation begins here."""
    capital: bool
    """Written as a name is: a capital, then small letters; or one capital letter alone."""
    shouted: bool
    """In capitals only."""


def tokens_of(text: str) -> list[Token]:
    """The words of ``text`` in order. Of a text that is all in capitals none is a capital."""
    letters = [char for char in text if char.isalpha()]
    loud = len(letters) > 3 and sum(char.isupper() for char in letters) > 0.7 * len(letters)
    found: list[Token] = []
    before = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        hole = text[start] == "["
        word = text[start:end]
        if not hole and (possessive := _POSSESSIVE.search(word)) and len(word) > 2:
            end -= len(possessive.group())
            word = text[start:end]
        gap = text[before:start]
        shouted = len(word) > 1 and word.isupper()
        folded = "" if hole else fold(word)
        parts = () if hole else HYPHEN.split(word)
        found.append(
            Token(
                start=start,
                end=end,
                text=word,
                folded=folded,
                first=fold(parts[0]) if len(parts) > 1 else folded,
                gap=gap,
                hole=hole,
                opens=not found or bool(_ENDS_SENTENCE.search(gap)),
                capital=not hole and not loud and not shouted and _is_capital(word),
                shouted=not hole and shouted,
            )
        )
        before = end
    return found


def _is_capital(word: str) -> bool:
    rest = _NAME_PREFIX.sub("", word)
    return word[:1].isupper() and not _INNER_CAPITAL.search(rest)


def mark_phrases(
    tokens: Sequence[Token], phrases: frozenset[tuple[str, ...]], longest: int
) -> list[int]:
    """For each token the number of words of the longest phrase that it is part of; 0 for none.

    "&" between words counts as "and". ``longest`` is the number of words of the longest phrase.
    """
    marks = [0] * len(tokens)
    for first in range(len(tokens)):
        parts: tuple[str, ...] = ()
        for last in range(first, min(len(tokens), first + longest)):
            if last > first:
                if "&" in tokens[last].gap:
                    parts += ("and",)
                elif tokens[last].gap.strip(" .'’ʼ-‐‑–s"):
                    break
            parts += (tokens[last].folded,)
            if parts in phrases:
                for place in range(first, last + 1):
                    marks[place] = max(marks[place], last - first + 1)
    return marks
