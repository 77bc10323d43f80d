"""What a text shown in an interview must keep to: one question a turn, no leading words.

The lists of leading words are applied to every language alike: a phrase of one
language does not occur by chance in another. A language without a list of its
own is left to its reviewers.
"""

import re
import unicodedata

MAX_VIGNETTE_WORDS = 90

_QUESTION_MARKS = re.compile("[?\uff1f\u061f\u037e]")
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

# Phrases that ask for agreement, and words that name a theme or pass judgement before
# the person has. A star stands for any ending.
_LEADING = (
    # English
    "don't you", "do you not think", "wouldn't you", "would you not", "shouldn't", "isn't it",
    "isn't this", "aren't you", "do you agree", "would you agree", "surely", "obviously",
    "clearly", "of course", "error*", "mistake*", "wrong*", "fallib*", "inaccura*", "unreliab*",
    "hallucinat*", "fabricat*", "bias*", "unfair*", "fair", "fairness", "cheat*", "honest*",
    "dishonest*", "plagiar*", "misconduct", "grey area*", "gray area*", "rethink*", "embrac*",
    "disservice", "left behind",
    # Spanish
    "no cree", "no crees", "no le parece", "no te parece", "verdad", "está de acuerdo",
    "estás de acuerdo", "por supuesto", "obviamente", "seguramente", "errores", "equivoc*",
    "sesgo*", "injust*", "justo", "tramp*", "honest*", "deshonest*", "plagi*", "zona gris",
    "repensar", "inventad*",
    # German
    "finden sie nicht", "findest du nicht", "meinen sie nicht", "nicht wahr", "oder nicht",
    "stimmen sie zu", "selbstverständlich", "natürlich", "sicherlich", "fehler*", "falsch*",
    "voreingenommen*", "ungerecht*", "gerecht", "betrug*", "betrüg*", "schummel*", "ehrlich*",
    "unehrlich*", "plagiat*", "grauzone*", "überdenken", "erfunden*",
)  # fmt: skip


def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    parts = (re.escape(phrase).replace(r"\*", r"\w*") for phrase in dict.fromkeys(phrases))
    return re.compile(rf"\b(?:{'|'.join(parts)})\b", re.IGNORECASE)


_LEADING_PATTERN = _pattern(_LEADING)


def one_paragraph(text: str) -> str:
    """The text; ValueError if it holds line breaks, control or direction-override characters."""
    for character in text:
        if unicodedata.category(character) in ("Cc", "Zl", "Zp"):
            raise ValueError("must be one paragraph: a line break or control character is inside")
        if character in _BIDI_CONTROLS:
            raise ValueError("holds a hidden character that overrides the direction of the text")
    return text


def statement(text: str) -> str:
    """The text; ValueError if it asks something: the assistant asks its question after it."""
    if _QUESTION_MARKS.search(text):
        raise ValueError("must not ask a question: the assistant's own question follows it")
    return text


def one_question(text: str) -> str:
    """The text; ValueError if it holds more than one question mark."""
    count = len(_QUESTION_MARKS.findall(text))
    if count > 1:
        raise ValueError(f"one question a turn: {count} question marks found")
    return text


def neutral(text: str) -> str:
    """The text; ValueError naming the first word that leads towards an answer."""
    found = _LEADING_PATTERN.search(text.replace("\u2019", "'"))
    if found:
        raise ValueError(f"leads towards an answer: {found.group(0)!r}")
    return text


def vignette_length(text: str) -> str:
    """The text; ValueError above ``MAX_VIGNETTE_WORDS`` words."""
    words = len(text.split())
    if words > MAX_VIGNETTE_WORDS:
        raise ValueError(f"has {words} words; at most {MAX_VIGNETTE_WORDS}")
    return text
