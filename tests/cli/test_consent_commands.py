"""The consent commands: the institution's own text, and which translations count."""

from pathlib import Path

import pytest
from sqlalchemy import select

from store.db import Database
from store.models import AuditEvent, ConsentText
from store.settings import get_settings
from tests.cli.conftest import Command

NORTH = ("--institution", "north")
OWN = "We ask how you see AI.\n\n- Nothing is marked.\n\n## How long?\n\nFor {years} years.\n"


def audit_of() -> list[tuple[str, str]]:
    with Database.from_url(get_settings().resolved_database_url).read() as session:
        rows = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
        return [(row.action, row.subject) for row in rows if "consent" in row.action]


def test_a_translation_is_a_draft_until_it_is_approved(ready: Command) -> None:
    assert ready("consent", "show", *NORTH).out.startswith(
        "Version 3, 10y in en, Grey Area's text.\n"
    )
    draft = ready("consent", "show", *NORTH, "--language", "de").out
    assert draft.startswith(
        "Version 3, 10y in de, Grey Area's text; a draft that is not approved.\n"
    )
    assert "Computerprogramm" in draft
    done = ready("consent", "approve", *NORTH, "--language", "de")
    assert done.out == "The translation into Deutsch, version 3, is approved.\n"
    assert "draft" not in ready("consent", "show", *NORTH, "--language", "de").out
    assert "draft" in ready("consent", "show", *NORTH, "--language", "es").out
    assert ready("consent", "approve", *NORTH, "--language", "de", "--revoke").code == 0
    assert "draft" in ready("consent", "show", *NORTH, "--language", "de").out
    assert audit_of() == [
        ("consent translation approved", "de, version 3"),
        ("consent translation revoked", "de, version 3"),
    ]


@pytest.mark.parametrize("language", ["en", "fr", ""])
def test_what_is_no_translation_cannot_be_approved(ready: Command, language: str) -> None:
    done = ready("consent", "approve", *NORTH, "--language", language)
    assert done.code == 1 and "there is de, es" in done.err
    assert audit_of() == []


def test_an_own_text_is_shown_in_its_languages_and_taken_back(
    ready: Command, tmp_path: Path
) -> None:
    file = tmp_path / "own.txt"
    file.write_bytes(b"\xef\xbb\xbf" + OWN.replace("\n", "\r\n").encode())
    done = ready("consent", "set", *NORTH, "--version", "2027-1", "--text", f"en={file}")
    assert done.out == "Learners of north now read version 2027-1.\n"
    shown = ready("consent", "show", *NORTH, "--language", "de").out
    assert shown.startswith("Version 2027-1, 10y in en, the institution's own text.\n")
    assert "For 10 years." in shown and "\r" not in shown
    with Database.from_url(get_settings().resolved_database_url).read() as session:
        assert session.scalars(select(ConsentText.version)).all() == ["2027-1, 10y"]
    # The same again is no error; another text under the same name is one, and changes nothing.
    assert ready("consent", "set", *NORTH, "--version", "2027-1", "--text", f"en={file}").code == 0
    file.write_text(OWN + "\nMore.\n", encoding="utf-8")
    other = ready("consent", "set", *NORTH, "--version", "2027-1", "--text", f"en={file}")
    assert other.code == 1 and "give it a new version" in other.err
    assert "More." not in ready("consent", "show", *NORTH).out
    assert ready("consent", "reset", *NORTH).code == 0
    assert "Grey Area's text" in ready("consent", "show", *NORTH).out
    # Nor may an old name come back with other words: consents refer to it.
    again = ready("consent", "set", *NORTH, "--version", "2027-1", "--text", f"en={file}")
    assert again.code == 1 and "give it a new version" in again.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the text is empty"),
        (b"## First\n\nA heading.", "say the most important first"),
        (b"Short.\n\n## Nothing\n\n## Something\n\nIt.", "a heading without a text"),
        (b"x" * 20_001, "more than 20,000 characters"),
        (b"x" * 90_000, "longer than 20000 characters"),
        (b"caf\xe9", "not UTF-8 text"),
        (None, "cannot be read"),
    ],
)
def test_a_text_that_cannot_be_shown_changes_nothing(
    ready: Command, tmp_path: Path, content: bytes | None, said: str
) -> None:
    file = tmp_path / "own.txt"
    if content is not None:
        file.write_bytes(content)
    done = ready("consent", "set", *NORTH, "--version", "1", "--text", f"en={file}")
    assert done.code == 1 and said in done.err, done.err
    assert "Grey Area's text" in ready("consent", "show", *NORTH).out
    assert audit_of() == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--version", "1", "--text", "own.txt"), "is not language=file"),
        (("--version", "1", "--text", "fr=own.txt"), "is not language=file"),
        (("--version", " ", "--text", "en=own.txt"), "1 to 12 characters"),
        (("--version", "x" * 13, "--text", "en=own.txt"), "1 to 12 characters"),
    ],
)
def test_wrong_usage_is_told(
    ready: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("own.txt").write_text(OWN, encoding="utf-8")
    done = ready("consent", "set", *NORTH, *arguments)
    assert done.code == 1 and said in done.err, done.err


def test_an_unknown_institution(ready: Command) -> None:
    assert ready("consent", "show", "--institution", "south").code == 1
