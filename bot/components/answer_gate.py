"""In doubt, the words are an answer.

Taking an answer for a command loses research data and puzzles the learner; taking a command for an
answer costs one more tap on a button that is always there. So an answer needs less evidence than
anything else while words are awaited, and a command that speaks of the people in the case needs
more: "stop her" is about her, "stop this" about the interview. Distress, withdrawal, deletion and
stop need least after an answer: there a miss is what costs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.intents import REFLECTION, URGENT_INTENTS

_WORD = re.compile(r"\w+")
_ABOUT_OTHERS = re.compile(
    r"\b(?:she|he|her|hers|him|his|they|them|their|we|our|us|students?|learners?|people|everyone|"
    r"everybody|nobody|no one|patients?|participants?|nurses?|doctors?|teachers?|markers?|"
    r"tutors?|colleagues?|one|sam|tools?|rules?|essays?)\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?:[0-9]|10|yes|no|yeah|nope|yep|nah|none|maybe|perhaps|(?:it |that )?(?:all )?depends|"
    r"(?:strongly )?(?:dis)?agree|(?:somewhat |mostly |not |un)?acceptable|neutral|neither|both|"
    r"can'?t say|(?:i )?don'?t know|not sure|unsure|no idea|dunno)[\s.!,…]*",
    re.IGNORECASE,
)
"""What is an answer at every step, in full. Bare words have no context of their own."""
FLOOR = 1e-9


@dataclass(frozen=True)
class Thresholds:
    """How the probabilities are weighed; set by cross-validation over the training data, so that
    95 of 100 answers that look like requests are taken as answers.

    ``answer`` and ``others`` are added to the log probability of an answer, the second for a
    message that speaks of others. From
    ``urgent`` on an urgent intent holds though an answer is likelier, from ``urgent_others`` on
    in a message that speaks of others, and from ``urgent_request`` on though another request is.
    """

    answer: float = 0.9
    others: float = 0.8
    urgent: float = 0.3
    urgent_others: float = 0.6
    urgent_request: float = 0.3


def gate(intents: Mapping[str, float], text: str, open_step: str, limits: Thresholds) -> str:
    """Return the intent to act on; ``intents`` holds probabilities.

    A bare number, yes or no, "it depends" and the like can only be meant for the open question,
    whatever it is; what they say there is read in ``study``, which knows the scale. On the page
    before the interview agreement is by controls only, so words are mostly questions there, and an
    answer gets no lift. Unknown steps count as steps that await words.
    """
    if not intents or not (_WORD.search(text) or "?" in text) or _BARE.fullmatch(_plain(text)):
        return REFLECTION
    others = _ABOUT_OTHERS.search(text) is not None
    lift = limits.others if others else 0.0
    if open_step != "consent":
        lift += limits.answer

    def weight(intent: str) -> float:
        found = math.log(max(intents[intent], FLOOR))
        return found + lift if intent == REFLECTION else found

    best = max(intents, key=weight)
    urgent = max(URGENT_INTENTS & intents.keys(), key=intents.__getitem__, default=REFLECTION)
    if best != REFLECTION:
        least = limits.urgent_request
    else:
        least = limits.urgent_others if others else limits.urgent
    if best not in URGENT_INTENTS and urgent != REFLECTION and intents[urgent] >= least:
        return urgent
    return best


def _plain(text: str) -> str:
    return text.strip().replace("\u2019", "'")
