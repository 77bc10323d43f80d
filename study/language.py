"""The language that the assistant and the pages speak: a code and how English becomes it."""

from collections.abc import Callable
from dataclasses import dataclass

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
"""Languages written from right to left, of those that a catalogue might be made for."""


@dataclass(frozen=True, slots=True)
class Language:
    """``code`` is a BCP 47 tag such as "es"; ``name`` is the language's name in itself.

    ``gettext`` takes an English text to this language, ``ngettext`` a singular, a plural and a
    number; a text without a translation stays English.
    """

    code: str
    name: str
    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]

    @property
    def direction(self) -> str:
        """The writing direction: "ltr" or "rtl"."""
        return "rtl" if self.code.split("-")[0] in RIGHT_TO_LEFT else "ltr"


ENGLISH = Language("en", "English", lambda text: text, lambda one, many, n: one if n == 1 else many)
"""The source language needs no catalogue."""
