"""The catalogues hold every text that is shown, in every language, and can be filled in alike."""

import importlib.util
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from store.catalogues import FOLDER, NAMES
from study.lexicon import scan
from study.wording import WORDING

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = [code for code in NAMES if code != "en"]
FILLED_IN = re.compile(r"\{\w*\}|%\(\w+\)[sd]|%%|<[^>]+>")


@pytest.fixture(scope="module")
def wanted() -> Catalog:
    spec = importlib.util.spec_from_file_location("catalogues", ROOT / "scripts" / "catalogues.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = module.template()
    assert isinstance(found, Catalog)
    return found


def catalogue(code: str) -> Catalog:
    with (FOLDER / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code)


def forms(text: object) -> tuple[str, ...]:
    """A text, or the forms of one that counts."""
    return tuple(text) if isinstance(text, (tuple, list)) else (str(text),)


def messages(found: Catalog) -> dict[tuple[str, ...], Message]:
    return {forms(message.id): message for message in found if message.id}


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_text_and_no_other(code: str, wanted: Catalog) -> None:
    assert set(messages(catalogue(code))) == set(messages(wanted))
    assert not catalogue(code).obsolete


@pytest.mark.parametrize("code", LANGUAGES)
def test_everything_is_translated_and_filled_in_alike(code: str) -> None:
    for ids, message in messages(catalogue(code)).items():
        said = forms(message.string)
        assert len(said) == len(ids) and all(said), ids
        assert not message.fuzzy, ids
        for source, text in zip(ids, said, strict=True):
            assert Counter(FILLED_IN.findall(source)) == Counter(FILLED_IN.findall(text)), ids
            assert text == text.strip() and not re.search(r"[^\S\n]{2}", text), ids
            assert source.endswith("?") == text.endswith("?"), ids


ENGLISH_ONLY = {
    "choose",
    "discuss",
    "_cases",
    "educator",
    "figures",
    "institution",
    "lines",
    "policies",
    "research",
    "codebook",
    "coding",
    "transcript",
    "passages",
    "summary",
    "_charts",
}
"""Pages of educators and institutions, which say that they are in English."""
LEARNERS = sorted(
    path for path in (ROOT / "web" / "templates").rglob("*.html") if path.stem not in ENGLISH_ONLY
)


@pytest.mark.parametrize("path", LEARNERS, ids=lambda path: path.stem)
def test_no_word_stands_in_a_template_itself(path: Path) -> None:
    """Also on pages without a session, which no made-up language reaches."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"{% trans .*?{% endtrans %}|{#.*?#}", " ", text, flags=re.DOTALL)
    text = re.sub(r"{{.*?}}|{%.*?%}", "", text, flags=re.DOTALL)
    named = re.findall(r"\b(?:aria-label|title|alt|placeholder)=\"([^\"]+)\"", text)
    text = re.sub(r"<[^>]*>", " ", text)
    left = [word for word in re.findall(r"[^\W\d_]{2,}", f"{text} {' '.join(named)}")]
    assert set(left) <= {"Grey", "Area"}, left


def test_english_only_pages_say_so() -> None:
    for path in (ROOT / "web" / "templates").rglob("*.html"):
        if path.stem in ENGLISH_ONLY - {"_cases", "_charts"}:
            assert "{% block lang %}en{% endblock %}" in path.read_text(encoding="utf-8"), path.stem


def test_the_wording_is_in_them(wanted: Catalog) -> None:
    """Else the extraction might find nothing, and all the above hold of nothing."""
    ids = set(messages(wanted))
    assert {(text,) for text in WORDING.values()} <= ids
    assert ("Start",) in ids and ("You can close this page.",) in ids
    assert ("The signature of your learning platform does not match.",) in ids
    assert len(ids) > 400


@pytest.mark.parametrize("code", ["en", *LANGUAGES])
def test_the_command_that_is_told_is_understood(code: str) -> None:
    """After a disclosure the person is told what to type to have it removed."""
    text = WORDING["disclosure.thanks"]
    if code != "en":
        text = str(catalogue(code)[text].string)
    quoted = re.findall("[„“«](.+?)[“”»]", text)
    assert scan(quoted[0], code).command == "delete_data", quoted


def test_the_verb_says_what_is_missing(tmp_path: Path) -> None:
    for code in LANGUAGES:
        (tmp_path / f"{code}.po").write_bytes((FOLDER / f"{code}.po").read_bytes())
    command = (
        "import runpy, sys, pathlib, store.catalogues as c; c.FOLDER = pathlib.Path(sys.argv[1]); "
        "sys.argv = ['catalogues']; runpy.run_path('scripts/catalogues.py', run_name='__main__')"
    )

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", command, str(tmp_path)],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PATH": ""},
            capture_output=True,
            text=True,
            check=False,
        )

    whole = run()
    assert whole.returncode == 0, whole.stderr
    # Nothing is left to do, and a second run changes nothing.
    for code in LANGUAGES:
        assert (tmp_path / f"{code}.po").read_bytes() == (FOLDER / f"{code}.po").read_bytes()
    german = tmp_path / "de.po"
    text = german.read_text(encoding="utf-8")
    german.write_text(text.replace('msgstr "Anfangen"', 'msgstr ""'), encoding="utf-8")
    broken = run()
    assert broken.returncode == 1 and "'Start'" in broken.stdout
