"""Lists for finding names of persons: data/redaction/*.yml, read once and compared folded."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = "redaction"


class NameListError(Exception):
    """A list is missing or not of its form; the message names the file."""


@dataclass(frozen=True, slots=True)
class NameLists:
    """Folded names (see :func:`fold`).

    ``certain`` are given names that count in lower case and alone; ``given`` are all given
    names, those included that are also words; ``kept`` are phrases, as tuples of words without
    a possessive s, that are no persons here; the longest of them has ``longest`` words.
    """

    certain: frozenset[str]
    given: frozenset[str]
    family: frozenset[str]
    kept: frozenset[tuple[str, ...]]
    longest: int

    @classmethod
    def load(cls, data_dir: Path) -> "NameLists":
        """Read the lists in the data folder.

        Raises:
            NameListError: see the class.
        """
        given = _read(data_dir, "given_names.yml")
        family = _read(data_dir, "family_names.yml")
        kept = _read(data_dir, "kept_words.yml")
        names = _names(given["names"].values())
        words = _names([given["also_words"]])
        short = _names([given["short_and_certain"]])
        phrases = frozenset(
            tuple(fold(word).removesuffix("'s").rstrip("'") for word in _words(phrase))
            for group in kept.values()
            for phrase in group.split(",")
            if phrase.strip()
        )
        return cls(
            certain=frozenset(n for n in names - words if len(n) > 3 or n in short),
            given=names | words | short,
            family=_names(family["names"].values()),
            kept=phrases,
            longest=max(map(len, phrases), default=0),
        )


def fold(word: str) -> str:
    """A word as it is compared: lower case, no accents, one kind of apostrophe, no hyphens.

    "Schön's" and "schon's" are alike, and so are "Al-Hassan" and "alhassan".
    """
    if word.isascii():
        return word.lower().replace("-", "")
    plain = word.replace("ø", "o").replace("Ø", "o").replace("ł", "l").replace("Ł", "l")
    letters = unicodedata.normalize("NFKD", plain.casefold())
    kept = (char for char in letters if not unicodedata.combining(char))
    return "".join(kept).replace("’", "'").replace("ʼ", "'").translate(_HYPHENS)


_HYPHENS = {ord(char): None for char in "-‐‑–"}


def _words(phrase: str) -> list[str]:
    return phrase.replace("&", " and ").split()


def _names(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(name) for text in texts for name in text.split())


def _read(data_dir: Path, name: str) -> Mapping[str, Any]:
    path = data_dir / FOLDER / name
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise NameListError(f"{path}: {type(error).__name__}") from error
    if not isinstance(found, dict):
        raise NameListError(f"{path}: not a mapping")
    return found
