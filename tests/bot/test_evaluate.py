"""The evaluation command: any file of the shape, the figures, and what it says of bad input."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score, precision_recall_fscore_support

from bot import evaluate, scores
from bot.evaluate import EvaluationError, checked, read_rows

LABELS = st.sampled_from(["reflection", "stop", "skip", "other"])


def as_read(names: dict[str, str]) -> evaluate.Read:
    """Reads each text as the intent that ``names`` says."""
    return lambda text, _: {"intent": {"name": names[text], "confidence": 0.5}}


def rows_of(*triples: tuple[str, str, list[str]]) -> list[dict]:
    return [
        checked({"id": text, "text": text, "intent": intent, "also_ok": also}, "turns")
        for text, intent, also in triples
    ]


def test_turns() -> None:
    rows = rows_of(
        ("a", "reflection", []),
        ("b", "reflection", []),
        ("c", "stop", []),
        ("d", "stop", ["pause"]),
        ("e", "skip", []),
        ("f", "greeting", []),
    )
    names = {"a": "reflection", "b": "stop", "c": "stop", "d": "pause", "e": "stop", "f": "thanks"}
    predictions, figures = evaluate.turns(rows, as_read(names))
    assert [one["right"] for one in predictions] == [True, False, True, True, False, False]
    assert figures["n"] == 6 and figures["accuracy"] == 0.5
    assert figures["reflection_recall"] == 0.5
    assert figures["urgent_recall"]["stop"] == 1.0  # d is read as what the row also accepts
    assert figures["urgent_recall"]["distress"] is None
    assert figures["urgent_false_alarms"] == 0.5
    assert figures["unknown_intents"] == ["greeting"]
    assert figures["labels"]["stop"] == {
        "precision": 0.3333,
        "recall": 1.0,
        "f1": 0.5,
        "support": 1,
    }
    low, high = figures["reflection_recall_95"]
    assert 0.0 <= low <= 0.5 <= high <= 1.0


def test_themes() -> None:
    readings = {
        "a": {"themes": {"grey": 0.9, "embrace": 0.2}, "thin": {"value": True, "score": 0.8}},
        "b": {"themes": {"grey": 0.5, "rethink": 0.6}, "thin": {"value": True, "score": 0.6}},
        "c": {"themes": {}, "thin": {"value": False, "score": 0.1}},
    }
    rows = [
        checked({"text": "a", "themes": ["grey"], "thin": True}, "themes"),
        checked({"text": "b", "themes": ["grey", "fallible"], "thin": False}, "themes"),
        checked({"text": "c", "themes": []}, "themes"),
    ]
    predictions, figures = evaluate.themes(rows, lambda text, _: {"reading": readings[text]})
    assert [one["read_themes"] for one in predictions] == [["grey"], ["rethink", "grey"], []]
    assert figures["exact_set_accuracy"] == 0.6667
    assert figures["micro_f1"] == 0.6667  # 2 hits, 1 false alarm, 1 miss
    assert figures["labels"]["grey"]["f1"] == 1.0
    assert figures["thin"] == {
        "n": 2,
        "precision": 0.5,
        "recall": 1.0,
        "f1": 0.6667,
        "support": 1,
    }


@given(st.lists(st.tuples(LABELS, LABELS), min_size=1, max_size=60))
def test_the_figures_are_those_of_the_library(pairs: list[tuple[str, str]]) -> None:
    gold, found = (np.array(side) for side in zip(*pairs))  # noqa: B905
    labels = sorted(set(gold))
    theirs = f1_score(gold, found, labels=labels, average="macro", zero_division=0)
    assert scores.macro_f1(gold, found) == pytest.approx(theirs, abs=1e-4)
    for label, own in scores.per_label(gold, found).items():
        precision, recall, _, support = precision_recall_fscore_support(
            gold, found, labels=[label], zero_division=0
        )
        assert own["support"] == support[0]
        assert (own["precision"] or 0.0) == pytest.approx(precision[0], abs=1e-4)
        assert (own["recall"] or 0.0) == pytest.approx(recall[0], abs=1e-4)


def test_an_interval_covers_and_is_the_same_again() -> None:
    hits = np.array([True] * 80 + [False] * 20)
    found = scores.interval(lambda p: scores.ratio(hits[p].sum(), len(p)), 100)
    assert found == scores.interval(lambda p: scores.ratio(hits[p].sum(), len(p)), 100)
    assert found is not None
    assert found[0] == pytest.approx(0.72, abs=0.03) and found[1] == pytest.approx(0.88, abs=0.03)
    assert scores.interval(lambda p: None, 10) is None
    assert scores.interval(lambda p: 1.0, 0) is None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "no rows"),
        ("\n\n", "no rows"),
        ("{", "line 1"),
        ("[1]", "line 1: a row is an object"),
        ('{"text": 3, "intent": "stop"}', "line 1: a row is an object with a text"),
        ('{"text": "a", "intent": "stop"}\n{"text": "b"}', "line 2: intent is missing"),
        ("[" * 100_000, "line 1"),
    ],
)
def test_a_bad_file_is_told(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(content, "utf-8")
    with pytest.raises(EvaluationError, match=told):
        list(read_rows(file, "turns"))
    with pytest.raises(EvaluationError, match="cannot be read"):
        list(read_rows(tmp_path / "none.jsonl", "turns"))


def test_an_unknown_theme_is_told() -> None:
    with pytest.raises(ValueError, match="unknown themes: gray"):
        checked({"text": "a", "themes": ["gray"]}, "themes")


def test_the_command(
    agent: object,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From anywhere, with a context that nobody knows, and a byte order mark."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "rows.jsonl"
    row = {"id": 1, "text": "skip this one please", "intent": "skip", "context": "elsewhere"}
    file.write_text(json.dumps(row) + "\n", "utf-8-sig")
    assert evaluate.main(["turns", "rows.jsonl"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["n"] == 1 and figures["labels"].keys() >= {"skip"}
    (written,) = (tmp_path / figures["predictions"]).read_text("utf-8").splitlines()
    assert json.loads(written)["read"] in {"skip", "reflection"}
    assert evaluate.main(["turns", "other.jsonl"]) == 1
    assert "other.jsonl: cannot be read" in capsys.readouterr().err


def test_where_nothing_can_be_written_the_figures_are_still_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = tmp_path / "missing" / "rows.jsonl"
    assert evaluate.write_predictions(None, nowhere, []) is None
    assert "--predictions" in capsys.readouterr().err
    with pytest.raises(EvaluationError, match="cannot be written"):
        evaluate.write_predictions(nowhere, tmp_path, [])
