"""Which consent text a person reads: the institution's own, or the product's.

The product's texts stand in ``data/consent/<language>.txt``. Translations of it are drafts until
an institution approves them; an institution's own texts are its own to approve.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from store import consents
from store.models import ConsentText, Institution, Study
from study.consent import VERSION, laid_out
from study.language import ENGLISH

FOLDER = Path(__file__).resolve().parents[1] / "data" / "consent"
SETTING = "consent"
DAYS_A_YEAR = 365
LONGEST_VERSION = 12
"""Of a text's name, which the years are put behind."""
YEARS = "{years}"
"""Where a text says how long answers are kept."""


@dataclass(frozen=True, slots=True)
class ConsentSettings:
    """What an institution has set. ``texts`` by language; with none the product's are used."""

    version: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    approved: dict[str, str] = field(default_factory=dict)
    """Language → the version of the product's text whose translation it has approved."""

    @classmethod
    def of(cls, institution: Institution) -> "ConsentSettings":
        """What stands in the institution's row."""
        data = institution.settings.get(SETTING)
        return cls(**copy.deepcopy(data)) if data else cls()

    def store(self, institution: Institution) -> None:
        """Set it in the institution's row."""
        data: dict[str, Any] = {
            "version": self.version,
            "texts": self.texts,
            "approved": self.approved,
        }
        institution.settings = {**institution.settings, SETTING: data}


@dataclass(frozen=True, slots=True)
class ConsentWords:
    """A text as it is shown. ``draft``: a translation that the institution has not approved."""

    version: str
    locale: str
    body: str
    draft: bool = False


def words_for(institution: Institution, study: Study, language: str) -> ConsentWords:
    """The text that somebody with this language reads.

    An institution's own text comes in its own languages only: in another one English is shown,
    or whichever there is.
    """
    settings = ConsentSettings.of(institution)
    years = max(1, round(study.retention_days / DAYS_A_YEAR))
    if settings.texts:
        locale = next(
            (code for code in (language, "en") if code in settings.texts), min(settings.texts)
        )
        body, version, draft = settings.texts[locale], settings.version, False
    else:
        locale = language if language in shipped() else "en"
        body, version = shipped()[locale], VERSION
        draft = locale != ENGLISH.code and settings.approved.get(locale) != VERSION
    if YEARS in body:
        # Another number of years is another text, and is told apart by its version.
        body, version = body.replace(YEARS, str(years)), f"{version}, {years}y"
    return ConsentWords(version, locale, body, draft)


def set_own(session: Session, study: Study, version: str, texts: Mapping[str, str]) -> str:
    """Set the institution's own texts, by language; how the change is told.

    Raises:
        ValueError: a text cannot be shown, the version is empty, too long, or stands for other
            words already; the caller rolls back.
    """
    version = version.strip()
    if not version or len(version) > LONGEST_VERSION:
        raise ValueError(f"a version has 1 to {LONGEST_VERSION} characters")
    if not texts:
        raise ValueError("there is no text")
    plain: dict[str, str] = {}
    for language, text in texts.items():
        try:
            plain[language] = checked(text)
        except ValueError as error:
            raise ValueError(f"{language}: {error}") from None
    institution = session.get_one(Institution, study.institution_id)
    ConsentSettings(version, plain, ConsentSettings.of(institution).approved).store(institution)
    try:
        for language in plain:
            text_of(session, study, language)
    except ValueError as error:  # A name stands for one text for ever: consents refer to it.
        raise ValueError(f"{error}; give it a new version") from None
    return f"own text, version {version}, in {', '.join(sorted(plain))}"


def reset(institution: Institution) -> str:
    """Go back to the product's text; how the change is told."""
    ConsentSettings(approved=ConsentSettings.of(institution).approved).store(institution)
    return "Grey Area's"


def approve(institution: Institution, language: str, *, yes: bool = True) -> str:
    """Approve a translation of the product's text, or take that back; how the change is told.

    Raises:
        ValueError: there is no such translation.
    """
    others = sorted(set(shipped()) - {ENGLISH.code})
    if language not in others:
        raise ValueError(f"there is no translation {language!r}; there is {', '.join(others)}")
    settings = ConsentSettings.of(institution)
    settings.approved.pop(language, None)
    if yes:
        settings.approved[language] = VERSION
    settings.store(institution)
    return f"{language}, version {VERSION}"


def text_of(session: Session, study: Study, language: str = "en") -> ConsentText:
    """The stored row of that text, for a consent to refer to."""
    institution = session.get_one(Institution, study.institution_id)
    words = words_for(institution, study, language)
    return consents.ensure_text(session, study, words.version, words.locale, words.body)


@cache
def shipped() -> dict[str, str]:
    """The product's own texts, by language."""
    return {file.stem: file.read_text("utf-8").strip() for file in sorted(FOLDER.glob("*.txt"))}


def checked(text: str) -> str:
    """``text`` as it may be set, line ends made equal.

    Raises:
        ValueError: it cannot be laid out (``study.consent.laid_out``).
    """
    plain = text.lstrip("\ufeff").replace("\r\n", "\n").strip()
    laid_out(plain)
    return plain
