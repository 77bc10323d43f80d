"""A text as the word lists see it: lower case, no accents, no apostrophes, one space.

"I can't GO on..." becomes "i cant go on". Sentences stay apart by " . ". Digits of any
script become ASCII digits. A word longer than 30 letters is cut, so that a pattern over
words costs a constant at each word.
"""

import re
import unicodedata

_APOSTROPHES = re.compile("['\u2018\u2019\u02bc\u00b4`]")
_BREAKS = re.compile(r"[.!?;\n\u2026\u3002]+")
_NOT_WORDS = re.compile(r"[^\w.]+|_+")
_STRETCHED = re.compile(r"([^\W\d])\1{2,}")


def fold(text: str) -> str:
    """``text`` folded, on one line; " . " stands for the end of a sentence."""
    # Before the text is taken apart: an acute typed as an apostrophe would become a space,
    # and sorting a long run of marks is slow.
    plain = _seen(_APOSTROPHES.sub("", text.casefold()))
    plain = _seen(unicodedata.normalize("NFKD", plain))
    plain = "".join(str(unicodedata.decimal(c, c)) for c in plain)
    plain = _STRETCHED.sub(r"\1", plain)
    plain = _NOT_WORDS.sub(" ", _BREAKS.sub(" . ", plain))
    return " ".join(word[:30] for word in plain.split())


def fold_words(text: str) -> str:
    """``text`` folded without the ends of sentences: words and single spaces only."""
    return " ".join(word for word in fold(text).split() if word != ".")


def _seen(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c) not in ("Mn", "Me", "Cf"))
