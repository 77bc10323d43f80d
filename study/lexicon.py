"""Distress and plain commands, heard by word lists on every path, with a model or without.

Distress is read from words, never inferred from a manner of writing. All three languages are
looked for whatever the locale, since people write in the one that is nearest; the locale
only settles short commands that mean something else in another language.

A false alarm costs a kind sentence, so where words are in the first person and in doubt
they are heard. Words about others, quoted from others, and idioms are not.
"""

from dataclasses import dataclass
from enum import StrEnum

from study.lexicon_commands import Command, find_command
from study.lexicon_distress import HIGH, IDIOMS, MODERATE, NEGATED, REPORTED
from study.lexicon_fold import fold


class Distress(StrEnum):
    """How much distress the words tell of."""

    NONE = "none"
    MODERATE = "moderate"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class LexiconHit:
    """What the word lists heard. ``command`` only if the whole message is one."""

    distress: Distress = Distress.NONE
    command: Command | None = None


def scan(text: str, locale: str = "en") -> LexiconHit:
    """Look for distress anywhere in ``text`` and for a command that is the whole of it."""
    return LexiconHit(_distress(IDIOMS.sub(" ~ ", fold(text))), find_command(text, locale))


def _distress(folded: str) -> Distress:
    level = Distress.MODERATE if MODERATE.search(folded) else Distress.NONE
    for match in HIGH.finditer(folded):
        before = folded[max(0, match.start() - 120) : match.start()]
        if REPORTED.search(before):
            continue
        if not NEGATED.search(before):
            return Distress.HIGH
        level = Distress.MODERATE
    return level
