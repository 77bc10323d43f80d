"""The labelled set: answers in which identifiers and names are marked, and clean answers.

A row's text marks what must go as ``{kind:value}``. The halves and the figures: README.md.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
SPLITS = ("tuning", "held_out")

_MARK = re.compile(r"\{([A-Za-z ]+):([^{}]+)\}")
_PIECE = re.compile(r"\w+")
_TITLES = {"Dr", "Mr", "Mrs", "Ms", "Miss", "Prof", "Professor", "Sir", "Nurse", "Sister"}
_PLACEHOLDER = re.compile(r"\[[A-Za-z ]+\]")


@dataclass(frozen=True, slots=True)
class Answer:
    """A labelled answer: its plain text, and what in it must be masked as (kind, value)."""

    id: str
    split: str
    text: str
    marked: tuple[tuple[str, str], ...]
    frame: str
    """The text without what must be masked."""


def answers(name: str, split: str | None = None) -> list[Answer]:
    """The answers of a file ("identifiers", "names", "clean"), of one half or of both."""
    with (FOLDER / f"{name}.jsonl").open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [
        Answer(
            id=row["id"],
            split=row["split"],
            text=_MARK.sub(r"\2", row["text"]),
            marked=tuple(_MARK.findall(row["text"])),
            frame=_MARK.sub(" ", row["text"]),
        )
        for row in rows
        if split in (None, row["split"])
    ]


def missed(answer: Answer, masked: str) -> Iterator[tuple[str, str]]:
    """What should have been masked and is still there, wholly or in part.

    A part is any run of letters or digits of it that does not also stand elsewhere in the
    answer; a title may stay.
    """
    elsewhere = set(_PIECE.findall(answer.frame)) | _TITLES | {t.lower() for t in _TITLES}
    left = set(_PIECE.findall(_PLACEHOLDER.sub(" ", masked)))
    for kind, value in answer.marked:
        if (set(_PIECE.findall(value)) & left) - elsewhere:
            yield kind, value


@dataclass(frozen=True, slots=True)
class Result:
    """How many of how many, and which ones failed."""

    total: int
    failed: tuple[str, ...]

    @property
    def share(self) -> float:
        """The share that did not fail."""
        return 1 - len(self.failed) / self.total


def recall(
    mask: Callable[[str], str],
    name: str,
    split: str | None = None,
    chosen: Callable[[str], bool] = bool,
) -> Result:
    """How many of the marked values of a file, or of those ``chosen``, are masked whole."""
    total, failed = 0, []
    for answer in answers(name, split):
        total += sum(chosen(value) for _, value in answer.marked)
        left = missed(answer, mask(answer.text))
        failed += [f"{answer.id}: {value}" for _, value in left if chosen(value)]
    return Result(total, tuple(failed))


def untouched(mask: Callable[[str], str], split: str | None = None) -> Result:
    """How many of the clean answers stay as they are."""
    found = answers("clean", split)
    failed = [f"{a.id}: {mask(a.text)}" for a in found if mask(a.text) != a.text]
    return Result(len(found), tuple(failed))
