"""The reading of an answer: what the bot heard, joined with what needs no model.

Distress, stopping, withdrawing and deleting are also found by a small lexicon, on
every path, so that they work when the bot cannot be reached and in languages that
it does not read.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from study.echo import phrase_end
from study.lexicon import Distress, scan
from study.moves import Act, Reading
from study.steps import Step
from study.typed import is_empty, read_clarity, read_delete_choice, read_stance, thin, word_count
from study.wording import TERMS

THEMES = ("embrace", "rethink", "grey", "fallible")
THEME_THRESHOLD = 0.5
NOTHING_MASKED: Mapping[str, int] = MappingProxyType({})

_COMMANDS = {
    "stop": Act.STOP,
    "withdraw_consent": Act.WITHDRAW,
    "delete_data": Act.DELETE,
}


def read(
    text: str,
    *,
    step: Step,
    locale: str = "en",
    masked: Mapping[str, int] = NOTHING_MASKED,
    heard: Mapping[str, Any] | None = None,
) -> Reading:
    """Read typed words.

    Args:
        text: the learner's words, already redacted.
        step: the question that they answer.
        locale: the language of the interview.
        masked: how many identifiers of each kind were masked in them.
        heard: the bot's reading ({"intent", "confidence", "source", "model", "themes",
            "thin"}), or None when the bot could not be reached.
    """
    hit = scan(text, locale)
    stance = read_stance(text) if step.is_stance else None
    clarity = read_clarity(text) if step is Step.CLARITY else None
    point = stance or clarity
    empty = is_empty(text)
    reading = heard or {}
    quotable = not empty and not masked and hit.distress is Distress.NONE
    echo_end = phrase_end(text) if quotable else 0
    return Reading(
        source=str(reading.get("source", "none")),
        intent=str(reading.get("intent", "reflection")),
        confidence=_score(reading.get("confidence", 0.0)),
        model=str(reading.get("model", ""))[:80],
        themes=_themes(reading.get("themes")),
        thin=_thin(text, reading.get("thin")),
        empty=empty,
        words=word_count(text),
        masked=sum(masked.values()),
        masked_kinds=tuple(sorted(masked)),
        distress=hit.distress.value,
        stance=stance.value if stance else None,
        clarity=clarity.value if clarity else None,
        cant_say=point is not None and point.value is None and point.between is None,
        depends=bool(stance and stance.depends),
        between=point.between if point else None,
        delete_choice=read_delete_choice(text),
        term=find_term(text),
        echo_end=echo_end,
        echo_whole=echo_end == len(text),
    )


def choose_act(act: Act, text: str, locale: str = "en", step: Step = Step.OPEN) -> Act:
    """The act that Rasa chose, unless the words themselves are plainer.

    They are when the whole message is a plain command to stop, withdraw or delete, when it
    names a point of the labelled scale that is open at ``step``, and when words of distress
    were taken for an answer. (High distress comes first in the engine.)
    """
    hit = scan(text, locale)
    if hit.command is not None:
        return _COMMANDS[hit.command]
    if hit.distress is not Distress.NONE:
        return Act.SUPPORT if act is Act.ANSWER else act
    return Act.ANSWER if _names_a_point(text, step) else act


def _names_a_point(text: str, step: Step) -> bool:
    read_point = read_stance if step.is_stance else read_clarity if step.is_choice else None
    point = read_point(text) if read_point is not None else None
    return point is not None and (point.value is not None or point.between is not None)


def find_term(text: str) -> str | None:
    """The first term of the glossary that the words name, or None."""
    words = f" {' '.join(''.join(c if c.isalnum() else ' ' for c in text.lower()).split())} "
    for term, names in TERMS.items():
        if any(f" {name} " in words for name in names):
            return term
    return None


def _themes(raw: Any) -> tuple[tuple[str, float], ...]:
    if not isinstance(raw, Mapping):
        return ()
    scores = [(theme, _score(raw.get(theme, 0.0))) for theme in THEMES]
    return tuple((theme, score) for theme, score in scores if score >= THEME_THRESHOLD)


def _thin(text: str, raw: Any) -> bool:
    if isinstance(raw, Mapping) and isinstance(raw.get("value"), bool):
        return bool(raw["value"])
    return thin(text)


def _score(raw: Any) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return 0.0
    return min(1.0, max(0.0, float(raw)))
