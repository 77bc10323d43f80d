"""Coding as a history: what each step does to codes and codings. Pure, so that it can be replayed.

A step is a kind and its data, as the journal of a study holds it. Codes, answers and codings are
named by their public ids; positions are in Unicode code points, the end not included.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

NAME_LENGTH = 120
TEXT_LENGTH = 10_000


class Kind(StrEnum):
    """The steps that there are."""

    CODE_MADE = "code_made"
    CODE_CHANGED = "code_changed"
    CODE_MERGED = "code_merged"
    CODE_RETIRED = "code_retired"
    CODED = "coded"
    UNCODED = "uncoded"
    RECODED = "recoded"
    MEMO_WRITTEN = "memo_written"
    MEMO_REMOVED = "memo_removed"
    SUGGESTION_ANSWERED = "suggestion_answered"


@dataclass(frozen=True, slots=True)
class CodeState:
    """A code as it stands after some steps."""

    name: str
    definition: str
    color: str
    parent: str | None
    codable: bool
    a_priori: bool
    retired: bool = False
    merged_into: str | None = None


@dataclass(frozen=True, slots=True)
class CodingState:
    """A coding that has not been taken back."""

    response: str
    start: int
    end: int
    code: str
    coder: str
    origin: str


@dataclass(slots=True)
class Layers:
    """Codes by id, and codings by id: what a history comes to."""

    codes: dict[str, CodeState] = field(default_factory=dict)
    codings: dict[str, CodingState] = field(default_factory=dict)
    memos: set[str] = field(default_factory=set)


def replay(steps: Iterable[tuple[str, Mapping[str, Any], str]]) -> Layers:
    """What a history comes to: steps as (kind, data, coder), oldest first.

    Raises:
        ValueError: an unknown kind of step.
        KeyError: a step about something that was never made.
    """
    layers = Layers()
    for kind, data, coder in steps:
        _take(layers, Kind(kind), data, coder)
    return layers


def _take(layers: Layers, kind: Kind, data: Mapping[str, Any], coder: str) -> None:
    match kind:
        case Kind.CODE_MADE:
            layers.codes[data["code"]] = CodeState(
                name=data["name"],
                definition=data["definition"],
                color=data["color"],
                parent=data["parent"],
                codable=data["codable"],
                a_priori=data["a_priori"],
            )
        case Kind.CODE_CHANGED:
            changes = {name: data[name] for name in data if name != "code"}
            layers.codes[data["code"]] = replace(layers.codes[data["code"]], **changes)
        case Kind.CODE_MERGED:
            gone = layers.codes[data["code"]]
            layers.codes[data["code"]] = replace(gone, retired=True, merged_into=data["into"])
            _children_to(layers, data["code"], gone.parent)
            for coding in data["dropped"]:
                del layers.codings[coding]
            for name, coding_state in layers.codings.items():
                if coding_state.code == data["code"]:
                    layers.codings[name] = replace(coding_state, code=data["into"])
        case Kind.CODE_RETIRED:
            gone = layers.codes[data["code"]]
            layers.codes[data["code"]] = replace(gone, retired=True)
            _children_to(layers, data["code"], gone.parent)
        case Kind.CODED:
            layers.codings[data["coding"]] = CodingState(
                response=data["response"],
                start=data["start"],
                end=data["end"],
                code=data["code"],
                coder=coder,
                origin=data["origin"],
            )
        case Kind.UNCODED:
            del layers.codings[data["coding"]]
        case Kind.RECODED:
            one = layers.codings[data["coding"]]
            layers.codings[data["coding"]] = replace(one, code=data["code"])
        case Kind.MEMO_WRITTEN:
            layers.memos.add(data["memo"])
        case Kind.MEMO_REMOVED:
            layers.memos.discard(data["memo"])
        case Kind.SUGGESTION_ANSWERED:
            pass  # What was accepted has a coding of its own.


def _children_to(layers: Layers, code: str, parent: str | None) -> None:
    for name, state in layers.codes.items():
        if state.parent == code:
            layers.codes[name] = replace(state, parent=parent)
