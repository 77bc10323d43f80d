"""Take the power out of typed text, so that words are only ever words.

Rasa reads any message whose first visible character is ``/`` as ``/intent@confidence{entities}``,
and marks text that begins with ``EXTERNAL:`` as not typed by a person.
"""

from __future__ import annotations

import re
import unicodedata

_EXTERNAL = re.compile(r"external\s*:", re.IGNORECASE)
_CODE = re.compile(r"\s*(?:/\s*\w|external\s*:)|.*[{}<>\\]|.*;\s*--", re.IGNORECASE | re.DOTALL)


def looks_like_code(text: str) -> bool:
    """Return whether ``text`` is written for a machine: a slash command, braces, markup.

    Nobody asks an assistant to pause in braces. What is in there is kept as words, and no wish is
    read into it; a plain "/stop" is found elsewhere, by the lexicon that every path has.
    """
    return _CODE.match("".join(_visible(character) for character in text)) is not None


def neutralise(text: str) -> str:
    """Return ``text`` as plain words: no command can be read into the result.

    Unpaired surrogates become ``?``, control characters become spaces (line breaks and tabs
    stay), invisible format characters vanish, and every leading space, slash and ``EXTERNAL:`` is
    dropped. The result may be empty. It serves reading only; what is kept of an answer is kept
    elsewhere.
    """
    whole = text.encode("utf-8", "replace").decode("utf-8")
    visible = "".join(_visible(character) for character in whole)
    return _drop_prefixes(unicodedata.normalize("NFC", visible)).rstrip()


def _visible(character: str) -> str:
    if character in "\n\t":
        return character
    # Joiners belong inside emoji and several scripts; only their category is that of controls.
    if character in "\u200c\u200d":
        return character
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return " " if category in {"Cc", "Zl", "Zp"} else character


def _drop_prefixes(text: str) -> str:
    start = 0
    while start < len(text):
        if text[start].isspace() or text[start] in "/\u200c\u200d":
            start += 1
            continue
        external = _EXTERNAL.match(text, start)
        if external is None:
            break
        start = external.end()
    return text[start:]
