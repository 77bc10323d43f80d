"""Take the power out of typed text, so that words are only ever words.

Rasa reads any message whose first visible character is ``/`` as ``/intent@confidence{entities}``,
and marks text that begins with ``EXTERNAL:`` as not typed by a person.
"""

from __future__ import annotations

import re
import unicodedata

_EXTERNAL = re.compile(r"external\s*:", re.IGNORECASE)


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
