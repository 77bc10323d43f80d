"""Masking what identifies a person, before anything is written: patterns, then names.

The model is loaded once a process, at the latest by the first answer that needs it;
``greyarea serve`` loads it before its workers are made, so that they share it.
"""

import threading
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from store.settings import PROJECT_ROOT, get_settings
from study.redaction import Redacted, redact
from study.redaction_shadow import Span
from web.names.finder import NameFinder
from web.names.lists import FOLDER, NameLists
from web.names.model import NameModel

LANGUAGE = "en"
"""Names are looked for in this language only; in others, patterns are masked."""

WAIT_SECONDS = 10.0
"""How long an answer waits for its turn with the model before it is refused."""


class RedactorBusy(Exception):
    """Other answers have kept the model for too long."""


class Redactor:
    """Masks answers. For any number of threads, which take turns with the model."""

    def __init__(self, data_dir: Path) -> None:
        """Nothing is read yet; see :meth:`load`."""
        self._data_dir = data_dir
        self._lock = threading.Lock()
        self._finder: NameFinder | None = None

    @property
    def ready(self) -> bool:
        """Whether the model is there."""
        return self._finder is not None

    def load(self) -> None:
        """Read lists and model, if they are not there yet; takes seconds.

        Raises:
            ModelError: the model is missing or is not the one that was checked.
            NameListError: a list is missing or not of its form.
        """
        with self._lock:
            self._load()

    def _load(self) -> NameFinder:
        if self._finder is None:
            lists, model = NameLists.load(self._data_dir), NameModel()
            self._finder = NameFinder(lists, model.dictionary, model.persons)
        return self._finder

    def mask(self, text: str, locale: str, characters: Iterable[str] = ()) -> Redacted:
        """The text with identifiers and, in English, names masked, and counts by kind.

        Args:
            text: cleaned words of a learner.
            locale: the language of the interview.
            characters: names of the persons in the cases, which stay.

        Raises:
            ModelError, NameListError: see :meth:`load`.
            RedactorBusy: see the class.
        """
        by_pattern = redact(text)
        if locale.partition("-")[0] != LANGUAGE:
            return by_pattern
        if not self._lock.acquire(timeout=WAIT_SECONDS):
            raise RedactorBusy
        try:
            names = self._load().find(by_pattern.text, frozenset(characters))
        finally:
            self._lock.release()
        return _with_names(by_pattern, names)


def _with_names(masked: Redacted, names: list[Span]) -> Redacted:
    if not names:
        return masked
    parts, place = [], 0
    for start, end in names:
        parts += [masked.text[place:start], "[name]"]
        place = end
    text = "".join([*parts, masked.text[place:]])
    return Redacted(text, masked.counts | {"name": len(names)})


@lru_cache(maxsize=1)
def shared_redactor() -> Redactor:
    """The one of this process, with the lists of the configured data folder, or else ours."""
    own = get_settings().data_dir
    return Redactor(own if (own / FOLDER).is_dir() else PROJECT_ROOT / "data")
