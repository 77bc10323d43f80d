"""A theme reader of words and phrases: transparent, instant, and never quite enough.

The phrases follow the include and exclude columns of the study's codebook. A strong phrase voices a
theme by itself; weak ones need company. Nothing here judges whether a person is for or against.
"""

from __future__ import annotations

import re

from bot.components.themes import THEMES, VOICED, ThemeReading

NAME = "keywords-1"
"""Raise the number with every change to the phrases or the scoring."""

STRONG = 0.7
WEAK = 0.35
THIN_WORDS = 12
REASON_MARKERS = ("because", "so", "since", "if", "when", "unless", "but")

_TOOL = r"(?:ai|tools?|chatbots?|chat ?gpt|gpt|models?|machines?|llms?|copilot|it|they|summar\w+)"

_PHRASES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "embrace": (
        (
            r"(?:teach|train|show|equip|prepare)\w* (?:\w+ ){0,4}(?:use|using|work with|how|for)",
            r"(?:ban(?:ning|s|ned)?|forbid\w*|prohibit\w*) (?:it |them |ai |this )?(?:\w+ ){0,3}"
            r"(?:fails?|won'?t|doesn'?t|does not|will not|can'?t|cannot|only|just|makes?|"
            r"means|helps)",
            r"(?:can'?t|cannot|can not|won'?t) (?:stop|ban|avoid|ignore|escape) "
            r"(?:it|ai|this|them)",
            r"here to stay|the future|disservice|left behind|fall\w* behind|embrac\w+|inevitable",
            r"(?:part of|every ?day|normal|common|routine|standard) (?:\w+ ){0,2}"
            r"(?:practice|work|life|job|study|studying|care|ward|clinic|profession)",
            r"(?:already|all|everyone|everybody|colleagues|clinicians|nurses|doctors|people) "
            r"(?:\w+ ){0,2}us(?:e|es|ing) (?:it|ai|them|this|these|chat ?gpt)",
            r"(?:will|going to|'ll) (?:all )?(?:be using|use|need|have) (?:it|ai|them|this|these)",
            r"ai litera\w+|digital (?:skills?|litera\w+)|pretend\w* (?:\w+ ){0,3}(?:not|n'?t)",
            r"should be (?:part of|in|on) the (?:course|curriculum|programme|program)",
            r"level\w* the (?:\w+ )?(?:playing )?field",
            r"(?:learn|have) to (?:live|work) with (?:it|ai)",
        ),
        (
            r"equip\w*|prepar\w+",
            r"skills?",
            r"employers?",
            r"everyone does it",
            r"in practice",
            r"modern|progress|move with the times",
            r"useful|helpful|opportunit\w+",
        ),
    ),
    "rethink": (
        (
            r"(?:re-?think|re-?design|re-?writ|re-?vis|re-?imagin|chang|replac|drop|scrap|abolish|"
            r"ditch|delet|rework|adapt|updat)\w* (?:\w+ ){0,4}"
            r"(?:assess\w*|assignments?|tasks?|essays?|exams?|rubrics?|criteri\w+|grids?|format|"
            r"curriculum|portfolios?|weight\w*|marking|question)",
            r"(?:what|whether) (?:\w+ ){0,4}(?:assess\w*|assignment|task|essay|exam|test|entry|"
            r"portfolio|grid|mark)\w* (?:is|are|was|really|actually|should|meant|supposed|"
            r"measur\w*|"
            r"test\w*|for)",
            r"(?:measur|test|assess|mark|reward|grad)(?:e|es|ing|s) (?:\w+ ){0,3}"
            r"(?:wrong|process|understanding|thinking|reasoning|product|patience|memory|"
            r"prose|fluen\w+)",
            r"(?:suppos\w+|meant) to (?:measure|test|assess|show)",
            r"viva|vivas|oral exams?|orals?|in[- ]person exam|face[- ]to[- ]face exam",
            r"(?:ask|let|make) (?:him|her|them|people|students?) (?:to )?"
            r"(?:explain|defend|talk|present|walk)",
            r"(?:explain|defend) (?:it|each line|line by line|his|her|their|every)(?: \w+){0,3}"
            r" (?:viva|orally|aloud|exam|in person|line)",
            r"(?:drafts?|version history|log|audit trail|trail) (?:of|and|instead|rather|as)",
            r"process (?:rather than|instead of|not|over|and not)|not (?:only |just )?the product",
            r"point of the (?:task|assignment|essay|exam|assessment|entry|portfolio)",
        ),
        (
            r"assess\w*",
            r"criteri\w+|rubrics?|marking grid|the grid",
            r"the task|the assignment",
            r"weight\w*",
            r"learning outcomes?",
            r"conversation",
            r"what (?:is|are) .{0,30} for\b",
        ),
    ),
    "grey": (
        (
            r"(?:it|that|this|all|really|acceptab\w+|still)? ?depend(?:s|ing|ed)?\b",
            r"gr[ea]y|blurr\w*|murky|fuzzy|fine line|thin line|slippery slope",
            r"where (?:\w+ ){0,3}(?:line|point|limit|boundary|cut-?off)",
            r"(?:the|a|no|draw\w*|cross\w*) (?:clear )?(?:line|boundar\w+)(?! by line)",
            r"(?:to|up to|at|past|beyond) (?:a|some|what|which) (?:point|extent|degree)",
            r"matter of degree|how much (?:of|is|was|he|she|they|it)|too much",
            r"(?:not|un|n'?t|isn'?t|never) ?(?:clear|sure|certain)|unclear|ambig\w+|vague\w*|"
            r"hard to (?:say|tell|judge|draw)|difficult to (?:say|tell|judge)|tricky",
            r"(?:both|two|either) sides?|on the one hand|on the other hand|in two minds|torn",
            r"(?:rules?|polic\w+|guid\w+|handbook|form|tutors?|modules?|departments?) (?:\w+ ){0,3}"
            r"(?:silent|differ\w*|says? nothing|unclear|vague|different|inconsistent|"
            r"contradict\w*)",
            r"(?:nobody|no one|noone) (?:\w+ )?(?:knows?|told|tells|says|explained|agrees?)",
            r"(?:acceptable|fine|ok|okay|allowed|wrong|cheating|all right) "
            r"(?:\w+ ){0,2}(?:if|unless|as long as|provided|only when|until|so long)",
            r"(?:if|when|once|unless) (?:it is|it'?s|he|she|they|you)? ?(?:\w+ )?"
            r"(?:declar|disclos|hid|told|tell|admit|ask)\w*",
            r"as long as|so long as|provided that|on condition",
        ),
        (
            r"maybe|perhaps",
            r"unless",
            r"context",
            r"circumstances?",
            r"sometimes",
            r"between",
            r"more or less|somewhat|sort of|kind of",
            r"rules?",
            r"declar\w+|transparen\w+",
        ),
    ),
    "fallible": (
        (
            r"hallucinat\w+|made[- ]up|mak(?:e|es|ing) (?:\w+ ){0,3}up|invent(?:s|ed|ing)?\b|"
            r"fabricat\w+|fake (?:references?|citations?|sources?)",
            _TOOL + r" (?:\w+ ){0,3}(?:wrong|mistakes?|errors?|unreliable|inaccura\w+|lies?|lying|"
            r"bias\w*|stereotyp\w*|bland|generic|shallow|superficial|outdated|out of date|missed|"
            r"misses|misread|miss)",
            r"(?:wrong|false|incorrect|inaccurate|made up|unsafe) (?:\w+ ){0,1}"
            r"(?:dose\w*|references?|facts?|answers?|information|results?|output|accusation\w*|"
            r"positives?|numbers?|test|conclusion\w*)",
            r"false(?:ly)? (?:positives?|flag\w*|accus\w+)",
            r"flag\w* (?:\w+ ){0,3}(?:wrong\w*|innocent)",
            r"(?:can'?t|cannot|don'?t|do not|never|not|would not|wouldn'?t) (?:be )?"
            r"(?:\w+ )?(?:trust\w*|rely|reliable)",
            r"(?:check|verif|double[- ]check|fact[- ]check|proof-?read)\w* (?:\w+ ){0,3}"
            r"(?:it|them|output|facts?|sources?|every\w*|references?|everything|twice|result\w*|"
            r"sentence\w*|data|line|themes|summary|clinical)",
            r"(?:needs?|has|have|must|should) (?:to )?(?:be )?check\w*",
            r"(?:detectors?|scores?|numbers?) (?:\w+ ){0,4}"
            r"(?:wrong|mean\w* nothing|prov\w+|proof|evidence|unreliable|bias\w*|flags?|"
            r"nonsense)",
            r"doesn'?t (?:know|understand)|does not (?:know|understand)|no idea what it",
            r"stereotyp\w*|context[- ]blind|one[- ]size",
        ),
        (
            r"errors?|mistakes?|inaccura\w+",
            r"bias\w*",
            r"bland|generic|shallow|superficial",
            r"unreliable|quality|accurate|accuracy",
            r"check\w*|verif\w+",
            r"references?|sources?",
        ),
    ),
}

_PATTERNS = {
    theme: tuple(
        (weight, re.compile(rf"\b(?:{phrase})", re.IGNORECASE))
        for weight, phrases in zip((STRONG, WEAK), lists, strict=True)
        for phrase in phrases
    )
    for theme, lists in _PHRASES.items()
}
_MARKER = re.compile(rf"\b(?:{'|'.join(REASON_MARKERS)})\b", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:['\u2019-]\w+)*")


class KeywordReader:
    """A ``ThemeReader`` by phrase lists."""

    def read(self, text: str) -> ThemeReading:
        """Return the themes' scores and thinness of an English ``text``."""
        plain = text.replace("\u2019", "'")
        score = thinness(plain)
        return ThemeReading(
            themes={theme: _score(theme, plain) for theme in THEMES},
            thin=score > VOICED,
            thin_score=score,
            reader=NAME,
        )


def thinness(text: str) -> float:
    """Return how thin ``text`` is, from 0 to 1; above 0.5 it is thin.

    Thin is fewer than twelve words without a reason marker; no words at all is 1.
    """
    words = len(_WORD.findall(text))
    score = max(0.0, 1.0 - words / (2 * THIN_WORDS))
    return round(score * 0.4 if _MARKER.search(text) else score, 2)


def _score(theme: str, text: str) -> float:
    silence = 1.0
    for weight, pattern in _PATTERNS[theme]:
        if pattern.search(text):
            silence *= 1.0 - weight
    return round(1.0 - silence, 2)
