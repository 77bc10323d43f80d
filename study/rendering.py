"""From an utterance to the text that is shown and stored verbatim."""

from collections.abc import Callable
from dataclasses import dataclass

from study.effects import Option, Say
from study.script import Script
from study.wording import WORDING

Translate = Callable[[str], str]

ECHO = "\ufffc"
"""Stands in a stored utterance for the learner's quoted words, which are kept by offset."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """The text of one utterance and the language it is in."""

    text: str
    locale: str


def english(text: str) -> str:
    """The source language needs no catalogue."""
    return text


def render(
    say: Say, script: Script, locale: str = "en", translate: Translate = english
) -> Rendered:
    """The words of an utterance.

    Raises:
        KeyError: the key stands neither in the scenario nor in the catalogue.
    """
    if say.key.startswith("case."):
        if say.scenario is None:
            raise KeyError(f"{say.key} without a scenario")
        texts, used = script.scenario(say.scenario).text(locale)
        return Rendered(texts.part(say.key.removeprefix("case.")), used)
    params: dict[str, str | int] = {}
    for name, value in say.params:
        if isinstance(value, str) and value.startswith("@"):
            value = translate(WORDING[value[1:]])
        params[name] = value
    if say.echo is not None:
        params["echo"] = ECHO
    return Rendered(translate(WORDING[say.key]).format(**params), locale)


def label(option: Option, translate: Translate = english) -> str:
    """The text on a button."""
    return translate(WORDING[option.label])
