"""Which of a learner's words are quoted back to them before a probe.

To see one's own words again raises what people add (domain notes, interview practice). The quote
is always the beginning of the answer, so that its end offset is all that has to be kept.
"""

import re

LONGEST = 60
"""Characters of a quote."""
FEWEST_WORDS = 3
"""Of a quote that is only a part: less says nothing."""

_CLAUSE = re.compile(r"(?=\s*(?:[,.;:!?\n\u2026\u2014]|\s[-\u2013]\s|$))")
_RUDE = re.compile(
    r"\b(?:fuck\w*|shit\w*|bullshit|crap|bitch\w*|bastards?|wank\w*|cunt\w*|arse(?:hole)?s?|"
    r"ass ?holes?|dick(?:head)?s?|piss\w*|idiots?|stupid|morons?|retard\w*|sluts?|whores?)\b",
    re.IGNORECASE,
)
"""Nobody is quoted with such a word, whomever it was meant for."""
_OPEN = re.compile(r"[\"\u201c\u201e\u00ab(\[]")


def phrase_end(text: str) -> int:
    """The end of the phrase to quote from ``text``, or 0.

    The whole of a short answer of one line; otherwise its first clause of at least three words
    and at most 60 characters, if no quotation or bracket begins in it.
    """
    if len(text) <= LONGEST and "\n" not in text:
        end = len(text)
    else:
        ends = (match.start() for match in _CLAUSE.finditer(text, 0, LONGEST + 1))
        fitting = [end for end in ends if len(text[:end].split()) >= FEWEST_WORDS]
        end = next((end for end in fitting if end <= LONGEST), 0)
        if "\n" in text[:end] or _OPEN.search(text[:end]):
            return 0
    return 0 if _RUDE.search(text[:end]) else end
