"""Measure the trained reader on labelled messages, as JSON.

    python -m bot.evaluate turns FILE.jsonl     rows: id, text, intent, context, also_ok[]
    python -m bot.evaluate themes FILE.jsonl    rows: id, text, role, scenario, themes[], thin

Any file of that shape will do, from anywhere. The readings are written beside it, as
FILE.predictions.jsonl, or where --predictions says. The model must be trained (make train).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bot import environment
from bot.intents import GENERIC_STEP, KNOWN_STEPS, REFLECTION, TYPED_INTENTS, URGENT_INTENTS
from bot.model_file import ModelError, verified_model

Row = dict[str, Any]
Read = Callable[[str, str], Row]
"""Text and open step to Rasa's parse data, as the channel has it."""

THEMES = ("embrace", "rethink", "grey", "fallible")


class EvaluationError(Exception):
    """A file that cannot be measured with; the message names file and line."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.evaluate", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("what", choices=["turns", "themes"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--predictions", type=Path, help="where the readings are written")
    options = parser.parse_args(arguments)
    environment.prepare("ERROR")
    try:
        rows = list(read_rows(options.file, options.what))
        read = trained_reader()
        made = turns(rows, read) if options.what == "turns" else themes(rows, read)
        predictions, figures = made
        written = write_predictions(options.predictions, options.file, predictions)
    except (EvaluationError, ModelError) as error:
        print(error, file=sys.stderr)
        return 1
    model = {"model": verified_model().name, "predictions": written}
    print(json.dumps({**figures, **model}, indent=1, ensure_ascii=False))
    return 0


def read_rows(file: Path, what: str) -> Iterator[Row]:
    """Yield the rows of a JSON Lines file, checked. Raises ``EvaluationError``."""
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{file}: cannot be read: {error}") from None
    found = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            yield checked(row, what)
        except (ValueError, RecursionError) as error:
            raise EvaluationError(f"{file}, line {number}: {error}") from None
        found += 1
    if not found:
        raise EvaluationError(f"{file}: there are no rows")


def checked(row: Any, what: str) -> Row:
    """Return ``row`` with what may be missing filled in; raise ``ValueError`` for what may not."""
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise ValueError("a row is an object with a text")
    if what == "turns":
        if not isinstance(row.get("intent"), str):
            raise ValueError("intent is missing")
        row = {"context": "", "also_ok": [], **row}
        row["also_ok"] = [one for one in row["also_ok"] or [] if isinstance(one, str)]
        return row
    if not isinstance(row.get("themes"), list):
        raise ValueError("themes is missing")
    unknown = {str(theme) for theme in row["themes"]} - set(THEMES)
    if unknown:
        raise ValueError(f"unknown themes: {', '.join(sorted(unknown))}")
    return {"thin": None, **row}


def trained_reader() -> Read:
    """Return how the trained pipeline reads a message at an open step."""
    environment.configure_logs()
    from rasa.core.agent import Agent

    from bot.reading import read_turn
    from bot.turn import Turn

    agent = Agent.load(str(verified_model()))
    if agent.processor is None:
        raise EvaluationError("the model could not be loaded")

    def read(text: str, context: str) -> Row:
        step = context if context in KNOWN_STEPS else GENERIC_STEP
        turn = Turn("0" * 32, "0" * 32, step, "text", "en", text=text)
        return asyncio.run(read_turn(turn, agent.processor))

    return read


def turns(rows: list[Row], read: Read) -> tuple[list[Row], Row]:
    """Return the readings of ``rows``, and the figures on them.

    A reading that the row also accepts counts as its intent. An intent that the reader does not
    have is counted as such, and never read.
    """
    import numpy as np

    from bot import scores

    predictions = []
    for row in rows:
        parsed = read(row["text"], str(row["context"]))
        name = parsed["intent"]["name"]
        right = name == row["intent"] or name in row["also_ok"]
        predictions.append(
            {
                **{key: row.get(key) for key in ("id", "text", "context", "intent", "also_ok")},
                "read": name,
                "confidence": parsed["intent"]["confidence"],
                "right": right,
            }
        )
    found = np.array([one["read"] for one in predictions])
    gold = np.array(
        [one["read"] if one["right"] else one["intent"] for one in predictions]  # also_ok
    )
    plain = np.array([one["intent"] for one in predictions])
    answers = plain == REFLECTION
    urgent = np.isin(found, sorted(URGENT_INTENTS))

    def recall(places: Any) -> float | None:
        chosen = places[answers[places]]
        return scores.ratio((gold[chosen] == found[chosen]).sum(), len(chosen))

    everything = np.arange(len(rows))
    figures: Row = {
        "n": len(rows),
        "accuracy": scores.ratio((gold == found).sum(), len(rows)),
        "macro_f1": scores.macro_f1(gold, found),
        "macro_f1_95": scores.interval(lambda p: scores.macro_f1(gold[p], found[p]), len(rows)),
        "reflection_recall": recall(everything),
        "reflection_recall_95": scores.interval(recall, len(rows)),
        "urgent_recall": {
            intent: scores.ratio(
                ((plain == intent) & (gold == found)).sum(), (plain == intent).sum()
            )
            for intent in sorted(URGENT_INTENTS)
        },
        "urgent_false_alarms": scores.ratio(
            (urgent & answers & (gold != found)).sum(), answers.sum()
        ),
        "unknown_intents": sorted(set(plain.tolist()) - TYPED_INTENTS),
        "labels": scores.per_label(gold, found),
    }
    return predictions, figures


def themes(rows: list[Row], read: Read) -> tuple[list[Row], Row]:
    """Return the readings of ``rows``, and the figures on them; rows without thin are left out
    of the figures on thinness.
    """
    import numpy as np

    from bot import scores
    from bot.components.themes import VOICED

    predictions = []
    for row in rows:
        reading = read(row["text"], "open_prompt")["reading"]
        kept = {key: row.get(key) for key in ("id", "text", "role", "scenario", "themes", "thin")}
        voiced = [theme for theme in THEMES if reading["themes"].get(theme, 0.0) >= VOICED]
        predictions.append(
            {
                **kept,
                "read_themes": voiced,
                "read_thin": reading["thin"]["value"],
                "scores": {**reading["themes"], "thin": reading["thin"]["score"]},
            }
        )
    gold = np.array([[theme in one["themes"] for theme in THEMES] for one in predictions])
    found = np.array([[theme in one["read_themes"] for theme in THEMES] for one in predictions])
    known = [one for one in predictions if isinstance(one["thin"], bool)]
    thin = np.array([one["thin"] for one in known], dtype=bool)
    read_thin = np.array([one["read_thin"] for one in known], dtype=bool)
    exact = (gold == found).all(axis=1)

    def micro_f1(places: Any) -> float | None:
        return scores.micro(gold[places], found[places])["f1"]

    def thin_f1(places: Any) -> float | None:
        return scores.binary(thin[places], read_thin[places])["f1"]

    labels = {theme: scores.binary(gold[:, i], found[:, i]) for i, theme in enumerate(THEMES)}
    f1s = [label["f1"] or 0.0 for label in labels.values()]
    figures: Row = {
        "n": len(rows),
        "exact_set_accuracy": scores.ratio(exact.sum(), len(rows)),
        "exact_set_accuracy_95": scores.interval(
            lambda p: scores.ratio(exact[p].sum(), len(p)), len(rows)
        ),
        "micro_f1": scores.micro(gold, found)["f1"],
        "micro_f1_95": scores.interval(micro_f1, len(rows)),
        "macro_f1": scores.ratio(sum(f1s), len(f1s)),
        "labels": labels,
        "thin": {"n": len(known), **scores.binary(thin, read_thin)},
        "thin_f1_95": scores.interval(thin_f1, len(known)),
    }
    return predictions, figures


def write_predictions(wanted: Path | None, file: Path, predictions: list[Row]) -> str | None:
    """Write the readings in one step; return where.

    Where nobody said where and the file's folder takes no files, that is told, and the figures
    are printed all the same. Raises ``EvaluationError`` if somebody did.
    """
    target = wanted or file.with_suffix(".predictions.jsonl")
    unfinished = target.with_name(target.name + ".part")
    try:
        with unfinished.open("w", encoding="utf-8") as out:
            for one in predictions:
                out.write(json.dumps(one, ensure_ascii=False) + "\n")
        unfinished.replace(target)
    except OSError as error:
        reason = f"{target}: cannot be written: {error.strerror}"
        if wanted is not None:
            raise EvaluationError(reason) from None
        print(f"{reason}; name another place with --predictions", file=sys.stderr)
        return None
    return str(target)


if __name__ == "__main__":
    sys.exit(main())
