"""Bring the message catalogues up to date with the English texts, and say what is missing.

    make catalogues

New texts are added to data/locale/*.po without a translation, unused ones go. Translate the
empty entries by hand; the tests fail while one is left.
"""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import lti
from lti.errors import LtiError
from store.catalogues import FOLDER, NAMES
from study.wording import WORDING

ROOT = Path(__file__).resolve().parents[1]
METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false"}}
KEYWORDS = {"_": None, "N_": None, "gettext": None, "say": None, "ngettext": (1, 2)}
STILL = datetime(2026, 1, 1, tzinfo=UTC)
"""Of every catalogue: what it was written at says nothing, and would differ at each run."""


def template() -> Catalog:
    """Every English text that is shown to somebody, with where it stands."""
    catalogue = Catalog(project="Grey Area", copyright_holder="", fuzzy=False)
    for folder in ("web", "analysis"):
        found = extract_from_dir(
            ROOT / folder, method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS
        )
        for file, _line, message, comments, context in sorted(found, key=lambda one: one[:2]):
            place = (f"{folder}/{file}", None)
            if message not in WORDING:  # the key of a text, not a text
                catalogue.add(message, None, [place], auto_comments=comments, context=context)
    for key, text in WORDING.items():
        catalogue.add(text, None, [("study/wording.py", None)], auto_comments=[key])
    for text in sorted(set(_refusals())):
        catalogue.add(text, None, [("lti", None)])
    return catalogue


def _refusals() -> Iterator[str]:
    """The messages of everything that a launch can be refused for."""
    for module in pkgutil.walk_packages(lti.__path__, "lti."):
        importlib.import_module(module.name)
    waiting: list[type[LtiError]] = [LtiError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if "message" in vars(kind) and isinstance(kind.message, str):
            yield kind.message


def main() -> int:
    """Update the files; 1 if a text is left untranslated."""
    wanted, missing = template(), 0
    for code in NAMES:
        if code == "en":
            continue
        path = FOLDER / f"{code}.po"
        if path.exists():
            with path.open("rb") as file:
                catalogue = read_po(file, locale=code)
        else:
            catalogue = Catalog(locale=code, project="Grey Area", fuzzy=False)
        catalogue.update(wanted, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        catalogue.creation_date = catalogue.revision_date = STILL
        empty = [message.id for message in catalogue if message.id and not message.string]
        empty += [
            m.id for m in catalogue if m.id and isinstance(m.string, tuple) and "" in m.string
        ]
        missing += len(empty)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as out:
            write_po(out, catalogue, width=99, include_lineno=False)
        print(f"{code}: {len(catalogue)} texts, {len(empty)} without a translation")
        for text in empty:
            print(f"  {text!r}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
