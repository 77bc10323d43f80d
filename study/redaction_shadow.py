"""A plain copy of a text in which identifiers are looked for, and runs of digits in it.

The copy undoes what hides an identifier from a pattern: digits of any script and full-width
letters become ASCII, every kind of space a space, every dash a hyphen, and characters that
are not seen (zero-width, soft hyphens, combining marks) are left out. Each of its characters
knows its place in the original.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

type Span = tuple[int, int]

COVERED = "\x00"
"""Stands where an identifier was found; no pattern matches it."""

_INVISIBLE_LETTERS = "\u115f\u1160\u3164\uffa0\u2800"
_RUN = re.compile(r"[0-9]++(?:[ .\-/()]{1,3}+[0-9]++)*+")
_GROUP = re.compile(r"[0-9]++")


class Shadow:
    """``text`` is the plain copy; spans given to and returned from it are of the copy."""

    def __init__(self, original: str, covered: list[Span]) -> None:
        """Copy ``original``; the spans ``covered`` of the original are covered at once."""
        chars: list[str] = []
        self._places: list[int] = []
        hidden = bytearray(len(original))
        for start, end in covered:
            hidden[start:end] = b"\x01" * (end - start)
        for place, char in enumerate(original):
            plain = COVERED if hidden[place] else _plain(char)
            if plain:
                chars.append(plain)
                self._places.append(place)
        self.text = "".join(chars)

    def cover(self, spans: list[Span]) -> None:
        """Cover spans, so that nothing more is found in them."""
        chars = list(self.text)
        for start, end in spans:
            chars[start:end] = COVERED * (end - start)
        self.text = "".join(chars)

    def original(self, span: Span) -> Span:
        """The span of the original text."""
        return self._places[span[0]], self._places[span[1] - 1] + 1


def _plain(char: str) -> str:
    """One character, or none, for one character."""
    if " " <= char <= "~" or char == "\n":
        return char
    kind = unicodedata.category(char)
    if kind == "Nd":
        return str(unicodedata.decimal(char))
    if kind in ("Cf", "Mn", "Me"):
        return ""
    if kind == "Pd" or char == "\u2212":
        return "-"
    if kind[0] in "ZC" or char in _INVISIBLE_LETTERS:
        return " "
    compatible = unicodedata.normalize("NFKC", char)
    return compatible if len(compatible) == 1 else char


def digit_spans(
    text: str,
    longest: int,
    separators: str,
    accept: Callable[[str, tuple[int, ...]], bool],
    *,
    prefer: tuple[int, ...] = (),
    after_letters: bool = False,
) -> Iterator[Span]:
    """Spans of whole groups of digits, apart by the characters ``separators``, that
    ``accept(digits, lengths of the groups)`` takes.

    Of the spans that begin at one group the longest is yielded, or the one whose number of
    digits comes first in ``prefer``. A span never begins or ends within a decimal number, nor
    ends before a letter; it begins after a letter only with ``after_letters``. At each group
    at most ``longest`` spans are tried, so the time is linear in the length of the text.
    """
    for run in _RUN.finditer(text):
        groups = [m.span() for m in _GROUP.finditer(text, *run.span())]
        first = 0
        while first < len(groups):
            fitting = [
                (_rank(len(digits), prefer), last)
                for last, digits, lengths in _spans_from(text, groups, first, longest, separators)
                if accept(digits, lengths) and _free_after(text, groups[last][1])
            ]
            if fitting and _free_before(text, groups[first][0], after_letters):
                last = min(fitting)[1]
                yield groups[first][0], groups[last][1]
                first = last
            first += 1


def _spans_from(
    text: str, groups: list[Span], first: int, longest: int, separators: str
) -> Iterator[tuple[int, str, tuple[int, ...]]]:
    digits, lengths = "", []
    for last in range(first, len(groups)):
        start, end = groups[last]
        if len(digits) + end - start > longest:
            return
        if last > first and text[groups[last - 1][1] : start].strip(separators):
            return
        digits += text[start:end]
        lengths.append(end - start)
        yield last, digits, tuple(lengths)


def _rank(length: int, prefer: tuple[int, ...]) -> int:
    return prefer.index(length) if length in prefer else len(prefer) + 100 - length


def _free_before(text: str, start: int, after_letters: bool) -> bool:
    before = text[max(0, start - 2) : start]
    if before[-1:] == COVERED or (before[-1:].isalpha() and not after_letters):
        return False
    return not (len(before) == 2 and before[1] in ".," and before[0].isdigit())


def _free_after(text: str, end: int) -> bool:
    after = text[end : end + 2]
    if after[:1] in (COVERED, "%") or after[:1].isalpha():
        return False
    return not (after[:1] in (".", ",") and after[1:].isdigit())
