"""From an utterance to the text that is shown and stored verbatim."""

from dataclasses import dataclass

from study.effects import Option, Say
from study.language import ENGLISH, Language
from study.script import Script
from study.wording import WORDING

POLICY_CUE = "case.policy_cue"

ECHO = "\ufffc"
"""Stands in a stored utterance for the learner's quoted words, which are kept by offset."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """The text of one utterance and the language it is really in."""

    text: str
    locale: str


def render(say: Say, script: Script, locale: str = "en", language: Language = ENGLISH) -> Rendered:
    """The words of an utterance.

    ``locale`` is what the person asked for: the packs may have it where the catalogues have not,
    and ``language`` is then another.

    Raises:
        KeyError: the key stands neither in the scenario nor in the catalogue.
    """
    if say.key.startswith("case."):
        if say.scenario is None:
            raise KeyError(f"{say.key} without a scenario")
        cue = script.cues.get(say.scenario)
        if cue is not None and say.key == POLICY_CUE:
            return Rendered(*cue.text(locale))
        texts, used = script.scenario(say.scenario).text(locale)
        return Rendered(texts.part(say.key.removeprefix("case.")), used)
    params: dict[str, str | int] = {}
    for name, value in say.params:
        if isinstance(value, str) and value.startswith("@"):
            value = language.gettext(WORDING[value[1:]])
        params[name] = value
    if say.echo is not None:
        params["echo"] = ECHO
    return Rendered(language.gettext(WORDING[say.key]).format(**params), language.code)


def label(option: Option, language: Language = ENGLISH) -> str:
    """The text on a button."""
    return language.gettext(WORDING[option.label])
