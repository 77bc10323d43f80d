"""The message catalogues: which languages there are, and a language for a locale.

``data/locale/<code>.po`` translates the English texts of ``study.wording`` and of the pages.
The files are read once and compiled in memory, so nothing made from them lies about to be stale.
"""

import gettext
import io
import re
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from study.language import ENGLISH, Language

FOLDER = Path(__file__).resolve().parents[1] / "data" / "locale"
NAMES = {"en": "English", "es": "Español", "de": "Deutsch"}
"""The languages offered, by code, in the order they are offered in."""
PSEUDO = {"en-XA": "[Þšéûðö]", "ar-XB": "[Pseudo RTL]"}
"""Made-up languages that show what was left untranslated, or mirrors badly; for tests only."""

_KEPT = re.compile(r"(\{\w*\}|%\(\w+\)[sd]|%%|<[^>]+>|&\w+;)")
_ACCENTED = str.maketrans(
    "aceilnorsuyACEILNORSUY", "\u00e1\u00e7\u00e9\u00ed\u0142\u00f1\u00f6\u0159\u0161\u00fb\u00fd"
    "\u00c1\u00c7\u00c9\u00cd\u0141\u00d1\u00d6\u0158\u0160\u00db\u00dd"
)  # fmt: skip


def language_of(locale: str | None, *, pseudo: bool = False) -> Language:
    """The language for a locale such as "es_MX" or "de-AT"; English where there is no catalogue.

    ``pseudo``: whether the made-up languages are offered.
    """
    code = (locale or "en").replace("_", "-")
    if pseudo and code in PSEUDO:
        return _made_up(code)
    return _language(code.split("-")[0].lower())


def offered(*, pseudo: bool = False) -> dict[str, str]:
    """The languages that can be chosen: code → name in the language itself."""
    return {**NAMES, **PSEUDO} if pseudo else NAMES


def language_name(code: str) -> str:
    """What a language is called in itself: "es" → "Español"; the code where that is unknown."""
    try:
        name = Locale.parse(code, sep="-").get_display_name()
    except (UnknownLocaleError, ValueError):
        name = None
    return NAMES.get(code) or (name or code).capitalize()


@cache
def _language(code: str) -> Language:
    if code not in NAMES or code == "en":
        return ENGLISH
    with (FOLDER / f"{code}.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    translations = gettext.GNUTranslations(compiled)
    return Language(code, NAMES[code], translations.gettext, translations.ngettext)


@cache
def _made_up(code: str) -> Language:
    def change(text: str) -> str:
        parts = _KEPT.split(text)
        changed = "".join(
            part if _KEPT.fullmatch(part) else part.translate(_ACCENTED) for part in parts
        )
        return f"[{changed}]"

    return Language(
        code, PSEUDO[code], change, lambda one, many, n: change(one if n == 1 else many)
    )
