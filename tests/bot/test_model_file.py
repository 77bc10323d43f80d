"""Training only when needed, loading only what was trained."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import run, train, validate
from bot.model_file import (
    ROOT,
    ModelError,
    ModelRecord,
    file_sha256,
    inputs_hash,
    model_path,
    record_path,
    verified_model,
    write_record,
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with inputs and a "trained" model."""
    for name in (
        "config.yml",
        "domain.yml",
        "data/nlu/a.yml",
        "data/rules/b.yml",
        "bot/components/c.py",
        "bot/intents.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, "utf-8")
    inputs = inputs_hash(tmp_path)
    models = tmp_path / "models"
    models.mkdir()
    model = model_path(inputs, models)
    model.write_bytes(b"a model")
    write_record(model, ModelRecord(file_sha256(model), inputs, "2026-01-01T00:00:00+00:00", 1.0))
    return tmp_path


def test_a_whole_model_is_found(project: Path) -> None:
    assert verified_model(project, project / "models").read_bytes() == b"a model"


@pytest.mark.parametrize(
    "name",
    [
        "config.yml",
        "domain.yml",
        "data/nlu/a.yml",
        "data/nlu/new.yml",
        "data/rules/b.yml",
        "bot/components/c.py",
        "bot/intents.py",
    ],
)
def test_any_changed_input_asks_for_training(project: Path, name: str) -> None:
    (project / name).write_text("changed", "utf-8")
    with pytest.raises(ModelError, match="no model for the current inputs"):
        verified_model(project, project / "models")


def test_a_damaged_model_is_not_loaded(project: Path) -> None:
    model = verified_model(project, project / "models")
    model.write_bytes(b"a nodel")
    with pytest.raises(ModelError, match="checksum differs"):
        verified_model(project, project / "models")


@pytest.mark.parametrize("record", [None, "", "{", "[]", '{"sha256": "x"}'])
def test_a_model_without_its_record_is_not_loaded(project: Path, record: str | None) -> None:
    path = record_path(verified_model(project, project / "models"))
    path.unlink()
    if record is not None:
        path.write_text(record, "utf-8")
    with pytest.raises(ModelError, match="missing or unreadable"):
        verified_model(project, project / "models")


def test_training_happens_only_if_something_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    trained: list[bool] = []
    monkeypatch.setattr(train, "train", lambda: trained.append(True))
    monkeypatch.setattr(train, "verified_model", lambda: Path("abc.tar.gz"))
    assert train.main(["--if-changed"]) == 0 and trained == []

    def damaged() -> Path:
        raise ModelError("damaged")

    monkeypatch.setattr(train, "verified_model", damaged)
    assert train.main(["--if-changed"]) == 0 and trained == [True]
    assert train.main([]) == 0 and trained == [True, True]


def test_an_up_to_date_model_costs_no_import_of_rasa(model: Path) -> None:
    code = (
        "import sys, bot.train; code = bot.train.main(['--if-changed']);"
        "sys.exit(code or 'rasa' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0
    assert done.stdout == f"Model {model.name} is up to date.\n"


def test_old_models_are_dropped(tmp_path: Path) -> None:
    for number in range(5):
        path = tmp_path / f"m{number}.tar.gz"
        path.write_bytes(b"")
        record_path(path).write_text("{}", "utf-8")
        os.utime(path, (number, number))
    train._drop_old(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "m2.json",
        "m2.tar.gz",
        "m3.json",
        "m3.tar.gz",
        "m4.json",
        "m4.tar.gz",
    ]


def test_the_bot_refuses_a_damaged_model(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def damaged() -> Path:
        raise ModelError("Its checksum differs.")

    monkeypatch.setenv("GREYAREA_BOT_SECRET", "one")
    monkeypatch.setenv("GREYAREA_ACTIONS_SECRET", "two")
    monkeypatch.setenv("GREYAREA_ACTIONS_URL", "http://127.0.0.1:1")
    monkeypatch.setattr(run, "verified_model", damaged)
    assert run.main([]) == 2
    assert capsys.readouterr().err == "The bot does not start. Its checksum differs.\n"


@pytest.mark.parametrize("missing", ["GREYAREA_BOT_SECRET", "GREYAREA_ACTIONS_SECRET"])
def test_the_bot_refuses_an_empty_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], missing: str
) -> None:
    monkeypatch.setenv("GREYAREA_BOT_SECRET", "one")
    monkeypatch.setenv("GREYAREA_ACTIONS_SECRET", "two")
    monkeypatch.setenv(missing, " ")
    assert run.main([]) == 2
    assert f"{missing} is empty" in capsys.readouterr().err


def test_unexpected_warnings_are_found() -> None:
    output = "\n".join(
        [
            "/x/io.py:99: UserWarning: The intent 'choose' is listed in the domain file, but is "
            "not found in the NLU training data.",
            "/x/io.py:99: UserWarning: The intent 'skip' is not used in any story or rule.",
            "all good",
        ]
    )
    assert validate.unexpected_warnings(output) == [
        "The intent 'skip' is not used in any story or rule."
    ]
