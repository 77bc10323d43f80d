"""Why a completion mark did not arrive, in a few words for an educator."""

from collections.abc import Mapping
from dataclasses import dataclass

MEANINGS = {
    "no_score_scope": "the grade service is switched off for Grey Area",
    "no_line_item": "the activity has no column in the gradebook, and none could be made",
    "http_400": "not a learner of this course, or not any more",
    "http_422": "not a learner of this course, or not any more",
    "http_403": "Grey Area is not allowed to write into this gradebook",
    "http_404": "the column is gone, or the person is not known there",
    "master_key": "the master key of Grey Area has changed: tell whoever runs it",
}
AWAY = "no answer for about three days"
NO_ACCESS = "the learning management system gives Grey Area no access"


@dataclass(frozen=True, slots=True)
class Undelivered:
    """So many marks with the same code; ``meaning`` can be empty."""

    code: str
    people: int
    meaning: str


def explained(failed: Mapping[str, int]) -> tuple[Undelivered, ...]:
    """The failed marks by code, each with what it means."""
    return tuple(Undelivered(code, people, meaning_of(code)) for code, people in failed.items())


def meaning_of(code: str) -> str:
    """What a code means; "" for a rare one, which the administrators' pages explain."""
    kind, _, number = code.rpartition("_")
    if number == "429" or (number.isdecimal() and number >= "500"):
        return AWAY
    if code in ("network", "too_slow", "too_large"):
        return AWAY
    return MEANINGS.get(code, NO_ACCESS if kind == "token" else "")
