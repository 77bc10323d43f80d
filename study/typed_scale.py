"""A point of a labelled five-point scale, read from short typed words.

The words are folded and read as a whole by a small grammar: courtesies and hedges off, then
a number, a label, a pair of neighbours, "it depends" or "can't say". Whatever does not fit
is not guessed.
"""

import re
import unicodedata
from dataclasses import dataclass

from study.lexicon_fold import fold_words

SHORT = 8
"""At most this many words are read as a whole; longer ones only by a number in front."""


@dataclass(frozen=True, slots=True)
class ScaleReading:
    """What was typed on a scale of 1 to 5.

    ``value`` is the point, None for "can't say" and for a pair. ``depends`` marks "it
    depends" (alone it is 3). ``between`` holds two neighbouring points, the lower first,
    when the words leave open which of them is meant.
    """

    value: int | None = None
    depends: bool = False
    between: tuple[int, int] | None = None


CANT_SAY = ScaleReading()

_POINTS = {
    **{str(n): n for n in range(1, 6)},
    **{word: n for n, words in enumerate(
        ("one uno una eins", "two dos zwei", "three tres drei", "four cuatro vier",
         "five cinco funf fuenf"), start=1) for word in words.split()},
}  # fmt: skip
_N = "(?:" + "|".join(_POINTS) + ")"

_LEADING = re.compile(
    r"(?:well|um|hmm+|hm|ok so|so|honestly|probably|maybe|perhaps|about|around|roughly|like|id"
    r"|i would"
    r"|i|ill|my|mine|the|a|an|its|it is|it s|it|this is|thats|that is|is|was|would be|say|think"
    r"|guess"
    r"|go with|go for|pick|choose|chose|give it|answer|stance|option|number|level|point|score"
    r"|rating|im"
    r"|am|leaning towards?|feel|find|found|suppose|still|again|yes|tbh|for me|to me"
    r"|in my opinion|imo"
    r"|bueno|pues|creo que|creo|diria que|diria|yo|es|un|el|la|mi|respuesta|opcion|numero|quizas?"
    r"|tal vez|me parece|me quedo con|lo veo|para mi|sigue siendo"
    r"|also|ich|finde|finde ich|wurde sagen|wurde|sage|sagen|denke|glaube|meine|antwort|nummer"
    r"|punkt"
    r"|wohl|vielleicht|es|das|ist|war|eine|ein|fur mich|nehme|wahle|noch immer) "
)
_TRAILING = re.compile(
    r" (?:i guess|i think|i suppose|i d say|id say|i would say|for me|to me|really|probably|maybe"
    r"|please|thanks|tbh|lol|imo|in my opinion|overall|again|still|then|for this|here|points?|to be"
    r" honest|or so|ish|supongo|creo|diria yo|para mi|quizas?|por favor|gracias|denke ich"
    r"|wurde ich sagen|glaube ich|finde ich|meiner meinung nach|fur mich|bitte|wohl|schatze ich)$"
)
_HEDGE = re.compile(
    r" (?:i guess|i suppose|ish|i think|supongo|creo|denke ich|glaube ich|wurde ich sagen"
    r"|schatze ich)$|^(?:probably|maybe|perhaps|i guess|i suppose|quizas?|tal vez|vielleicht|wohl) "
)
_FILLED = re.compile(r" (?:out of|of|von|de|sobre|aus) (?:5|five|cinco|funf|fuenf)$")
_PAIR = re.compile(
    rf"(?:(?:somewhere |something )?(?:in ?)?between |entre (?:el |un )?|zwischen )?(?P<a>{_N})"
    rf" (?:(?:and|or|to|y|o|u|a|und|oder|bis)(?: (?:a|maybe|possibly|el|un))? )?(?P<b>{_N})"
)
_DEPENDS = re.compile(
    r"(?:(?:it|that|this|all|really|totally|very much|honestly|well|i think|its) ){0,3}"
    r"(?:depends?|depending)(?: .+)?|depende(?: .+)?|(?:es |das )?(?:kommt|kame|kommts) "
    r"(?:ganz |sehr |immer )?(?:drauf|darauf)(?: an)?(?: .+)?"
    r"|(?:es |das )?hangt (?:davon |ganz davon |vom |von )?(?:ab|.+ ab)(?: .+)?"
)
_SAYS_DEPENDS = re.compile(
    r"\b(?:depends?|depending|depende|kommt (?:ganz )?(?:drauf|darauf) an)\b"
)
_CANT_SAY = re.compile(
    r"(?:i )?(?:cant|cannot|can not|couldnt|could not) (?:really )?(?:say|tell|judge|decide|answer)"
    r"(?: (?:this|that|it|either way|for sure))?|(?:id |i would |i )?(?:rather|prefer) not (?:to )?"
    r"(?:say|answer|tell)(?: this| that| it)?|cant say rather not say"
    r"|(?:i )?(?:dont|do not|dunno|donno) ?(?:really |honestly )?(?:know|no)?(?: (?:yet|really))?"
    r"|idk|no idea|not (?:really )?sure|unsure|im not sure|i am not sure|no opinion|no view"
    r"|(?:i have )?no (?:opinion|idea|view)|hard to say|difficult to say|no comment"
    r"|(?:yo )?no (?:lo )?se(?: decir)?|no (?:lo )?(?:puedo|sabria|podria) decir(?:lo)?"
    r"|prefiero no (?:decir(?:lo)?|contestar|responder)|ni idea|sin opinion|no opino"
    r"|no estoy segur[oa]|(?:ich )?(?:weiss|weis) (?:ich )?(?:es )?nicht|keine ahnung|keine angabe"
    r"|(?:das )?kann ich nicht (?:sagen|beurteilen)|(?:ich )?(?:kann|mochte|will) (?:es |das "
    r"|dazu )?"
    r"(?:lieber )?nicht(?:s)? (?:sagen|beurteilen)|lieber nicht|bin (?:mir )?(?:nicht sicher"
    r"|unsicher)"
    r"|schwer zu sagen|keine meinung"
)
_FULLY = (
    r"(?:complet\w*|total(?:ly)?|fully|full|absolut\w*|entirely|perfectly|definitely|very|100"
    r"|utterly"
    r"|wholly|clearly|totalmente|completamente|absolutamente|muy|plenamente|del todo|vollig|voellig"
    r"|vollkommen|vollstandig|komplett|ganz|absolut|sehr|total|uberhaupt)"
)
_PARTLY = (
    r"(?:somewhat|mostly|fairly|rather|quite|slightly|sort of|kind of|kinda|sorta|a bit|a little"
    r"|partly"
    r"|generally|mainly|largely|pretty(?: much)?|more or less|reasonably|moderately|almost|nearly"
    r"|algo|bastante|mas bien|mayormente|en parte|casi|un poco|generalmente|relativamente"
    r"|eher|einigermassen|ziemlich|teilweise|weitgehend|etwas|grosstenteils|fast)"
)
_ENUMERATION = re.compile(r"(?:^|\s)[2-5]\s?[.)]\s")
_REASON = r"(?:because|cos|since|as|but|porque|ya que|pero|weil|denn|aber)"
_FRONT = re.compile(
    rf"\s*({_N})\s*(?:[-\u2013\u2014:,.;)]+\s+(?![0-9])|(?=\s{_REASON}\b))", re.IGNORECASE
)
_FRONT_LABEL = re.compile(
    rf"\s*([^\-\u2013\u2014:,.;\n]{{2,60}}?)\s*(?:[\u2013\u2014:,.;\n]|-\s|\b{_REASON}\b)",
    re.IGNORECASE,
)
_DECIMAL = re.compile(r"(?<![\d.,])([1-4])[.,]5(?![\d.,])")
_OF_FIVE = re.compile(r"\s*([1-35])\s*/\s*5\s*[.!]?\s*")


class Scale:
    """The words of one scale: patterns of its positive, negative and middle labels."""

    def __init__(self, positive: str, negative: str, middle: str) -> None:
        """All patterns are of folded words and have no groups."""
        not_ = r"(?:not|isnt|is not|no es|no|nicht)"
        flatly = rf"(?:{_FULLY} |really |just |simply )?"
        no_way = rf"{flatly}{not_} (?:{positive}) (?:at all|en absoluto)"
        flat = rf"(?:{negative}|{not_} (?:{positive}))"
        self._labels: tuple[tuple[re.Pattern[str], ScaleReading], ...] = (
            (re.compile(middle), ScaleReading(3)),
            (re.compile(rf"{_FULLY} (?:{positive})|(?:{positive}) {_FULLY}"), ScaleReading(5)),
            (re.compile(rf"{_PARTLY} (?:{positive})|(?:{positive}) ish"), ScaleReading(4)),
            (
                re.compile(rf"{_FULLY} {flat}|{no_way}|{not_} (?:at all|en absoluto) (?:{positive})"
                           rf"|(?:gar|uberhaupt) nicht (?:{positive})|nada (?:{positive})"),
                ScaleReading(1),
            ),
            (
                re.compile(rf"{_PARTLY} {flat}|not (?:really|so|very|that|quite|too) (?:{positive})"
                           rf"|no (?:muy|tan|del todo) (?:{positive})|nicht (?:sehr|so|wirklich)"
                           rf" (?:{positive})|poco (?:{positive})"),
                ScaleReading(2),
            ),
            (re.compile(flat), ScaleReading(between=(1, 2))),
            (re.compile(positive), ScaleReading(between=(4, 5))),
        )  # fmt: skip

    def read(self, text: str) -> ScaleReading | None:
        """The point that ``text`` names, or None when it is not plain that it names one."""
        words = fold_words(text)
        if not words:
            return None
        if len(words.split()) <= SHORT:
            return self._whole(text, words)
        front = _FRONT.match(unicodedata.normalize("NFKC", text))
        if front and not _ENUMERATION.search(text[front.end() :]):
            point = _POINTS[fold_words(front.group(1))]
            return ScaleReading(point, depends=bool(_SAYS_DEPENDS.search(words[:60])))
        return self._front_label(text)

    def _front_label(self, text: str) -> ScaleReading | None:
        """The label that the words begin with, apart from what follows it. A bare number
        is no label: "5 - 10 minutes"."""
        match = _FRONT_LABEL.match(text)
        label = fold_words(match.group(1)) if match else ""
        return None if label in _POINTS else self._label(label)

    def _whole(self, text: str, words: str) -> ScaleReading | None:
        plain = unicodedata.normalize("NFKC", text)
        half = _DECIMAL.fullmatch(plain.strip(" .!?~"))
        if half:
            low = int(half.group(1))
            return ScaleReading(between=(low, low + 1))
        of_five = _OF_FIVE.fullmatch(plain)
        if of_five:
            return ScaleReading(int(of_five.group(1)))
        if _DEPENDS.fullmatch(words):
            return ScaleReading(3, depends=True)
        found = self._label(words)
        if found is not None:
            return found
        front = _FRONT.match(plain)
        if front:
            depends = bool(_SAYS_DEPENDS.search(words))
            return ScaleReading(_POINTS[fold_words(front.group(1))], depends=depends)
        found = self._front_label(text)
        if found is not None and found.value is not None and _SAYS_DEPENDS.search(words):
            return ScaleReading(found.value, depends=True)
        return found

    def _label(self, words: str) -> ScaleReading | None:
        if _CANT_SAY.fullmatch(words):
            return CANT_SAY
        hedged = bool(_HEDGE.search(words))
        for form in _peeled(words):
            found = self._form(form)
            if found is None:
                continue
            if hedged and found.between is not None and not _PAIR.fullmatch(form):
                low, high = found.between
                return ScaleReading(low if low == 4 else high)
            return found
        return None

    def _form(self, words: str) -> ScaleReading | None:
        if _CANT_SAY.fullmatch(words):
            return CANT_SAY
        if _DEPENDS.fullmatch(words) and len(words.split()) <= 3:
            return ScaleReading(3, depends=True)
        number = _FILLED.sub("", words)
        if number in _POINTS:
            return ScaleReading(_POINTS[number])
        pair = _PAIR.fullmatch(words)
        if pair:
            low, high = sorted((_POINTS[pair["a"]], _POINTS[pair["b"]]))
            return ScaleReading(between=(low, high)) if high - low == 1 else None
        return next((found for label, found in self._labels if label.fullmatch(words)), None)


def _peeled(words: str) -> list[str]:
    """``words``, and what is left as courtesies and hedges come off, one at a time."""
    forms, place = [words], 0
    while place < len(forms):
        form = forms[place]
        before, after = _LEADING.match(form), _TRAILING.search(form)
        for rest in (
            form[before.end() :] if before else "",
            form[: after.start()] if after else "",
        ):
            if rest and rest not in forms:
                forms.append(rest)
        place += 1
    return forms
