"""How much was written: empty, thin, and the number of words."""

import re
import unicodedata

ENOUGH_WORDS = 12
"""Fewer words than this, and no reason given, is thin."""

# Scripts written without spaces, and about how many of their characters make a word.
_HAN_KANA = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f]"
)
_SOUTH_EAST_ASIAN = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_CHARS_PER_WORD = ((_HAN_KANA, 2), (_SOUTH_EAST_ASIAN, 4))

_INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_ASCII_SYMBOLS = frozenset("$+<=>^`|~")

# As they look in casefolded words.
_REASONS = frozenset((
    "because", "cos", "coz", "cuz", "bc", "since", "so", "if", "when", "unless", "but",
    "although", "though", "therefore", "otherwise", "whereas", "porque", "pues", "si", "cuando",
    "pero", "aunque", "entonces", "salvo", "sino", "weil", "da", "wenn", "falls", "aber", "denn",
    "obwohl", "damit", "deshalb", "deswegen", "sofern", "solange", "sonst", "ausser",
))  # fmt: skip
_REASON_PHRASES = (
    "as long as", "ya que", "a menos que", "a no ser que", "por eso", "así que", "es sei denn",
)  # fmt: skip
_REASONS_UNSPACED = (
    "因为", "因為", "所以", "如果", "但是", "可是", "除非", "由于", "由於", "から", "ので", "もし",
    "しかし", "けど", "なら", "เพราะ", "ถ้า", "แต่", "เมื่อ", "ดังนั้น",
)  # fmt: skip


def is_empty(text: str) -> bool:
    """Whether there is nothing but white space, punctuation and what cannot be seen.

    Letters, digits, emoji and other signs count as something.
    """
    return all(
        c in _INVISIBLE
        or c in _ASCII_SYMBOLS
        or unicodedata.category(c) in ("Cc", "Cf", "Cs")
        or unicodedata.category(c)[0] in "ZPM"
        for c in text
    )


def word_count(text: str) -> int:
    """How many words there are; where a script has no spaces, about how many."""
    count = 0
    for token in text.split():
        for script, size in _CHARS_PER_WORD:
            token, found = script.subn(" ", token)
            count += -(-found // size)
        count += sum(1 for part in token.split() if any(c.isalnum() for c in part))
    return count


def thin(text: str) -> bool:
    """Whether an answer says little: under ENOUGH_WORDS words and no word of a reason.

    A word such as "because" gives a reason only if something follows it and at least two
    words stand with it.
    """
    words = word_count(text)
    if words >= ENOUGH_WORDS:
        return False
    plain = "".join(
        c if c.isalnum() else " " for c in unicodedata.normalize("NFC", text).casefold()
    ).split()
    line = f" {' '.join(plain)} "
    reason = (
        any(word in _REASONS for word in plain[:-1])
        or any(f" {phrase} " in line for phrase in _REASON_PHRASES)
        or any(mark in text for mark in _REASONS_UNSPACED)
    )
    return not (reason and words >= 3)
