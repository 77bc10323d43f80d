"""Names of persons in an English answer: by what stands about them, by lists, by a model.

The model alone is noisy: it takes tools and authors for persons, and it does not see small
letters. So what it says counts only where the words and lists here agree, and titles,
relations ("my tutor …") and given names that are nothing else count without it.
"""

from collections.abc import Callable, Iterable

from study.redaction_shadow import Span
from web.names import cues
from web.names.context import mark_introduced
from web.names.lists import NameLists
from web.names.model import Dictionary
from web.names.words import LIST_GAP, Words

Persons = Callable[[str], Iterable[Span]]
"""The model: spans of a text that it takes for names of persons."""


class NameFinder:
    """Finds names with one set of lists, one dictionary and one model."""

    def __init__(self, lists: NameLists, dictionary: Dictionary, persons: Persons) -> None:
        self._lists = lists
        self._dictionary = dictionary
        self._persons = persons

    def find(self, text: str, characters: frozenset[str]) -> list[Span]:
        """Spans of names, in order; they do not overlap.

        Args:
            text: an answer with patterned identifiers masked.
            characters: names in the cases, which stay.
        """
        words = Words(text, self._lists, self._dictionary, characters)
        english = words.is_english()
        mark_introduced(words)
        _mark_listed(words, small=english)
        if english:
            _mark_by_neighbours(words)
            # The model is asked only where it may know more: most answers hold no such word.
            if any(_may_be_name(words, place) for place in range(len(words.tokens))):
                _mark_by_model(words, self._persons(text))
        _mark_joined(words)
        return words.spans()


def _mark_listed(words: Words, *, small: bool) -> None:
    """Given names that are nothing else, and given names before family names; in small
    letters only with ``small``."""
    for place, token in enumerate(words.tokens):
        if not words.free(place):
            # A character's name with a family name is somebody else's.
            if words.character(token) and words.has_family_name(place):
                words.take(place)
            continue
        if not (token.capital or token.shouted or small):
            continue
        signed = token.opens and token.capital and words.before(place) in cues.SIGNED
        if (
            words.certain(place)
            or (words.given(token) and words.has_family_name(place))
            or (signed and not words.common(token))
        ):
            words.take(place)


def _mark_by_neighbours(words: Words) -> None:
    """Words of no dictionary where only a person can stand, and names there that are also
    words: "I asked Rose", "i told mark about it", "Sihle wrote"."""
    for place, token in enumerate(words.tokens):
        if len(token.folded) < 3 or token.shouted or not words.free(place):
            continue
        if words.compound(token) or words.role(token):
            continue
        met = not token.opens and _met_before(words, place)
        speaks = words.after(place) in cues.SPEAKS_ONLY
        if not words.common(token):
            told = met and (token.capital or words.before(place) in cues.MET)
            found = told or (token.capital and speaks)
        elif token.capital and not token.opens and (met or speaks):
            found = words.given(token) or words.family(token)
        else:
            ends = met and words.after(place) in cues.AFTER_PERSON
            named = words.given(token) and not words.function(token)
            found = named and (ends or (token.opens and speaks))
        if found:
            words.take(place)


def _met_before(words: Words, place: int) -> bool:
    if words.tokens[place].gap != " ":
        return False
    before = words.before(place)
    if before in ("with", "to", "by"):
        return words.before(place, 2) in cues.MET_WITH
    return before in cues.MET


def _may_be_name(words: Words, place: int) -> bool:
    """Whether it is capitalised, free, and either unusual or also a given name."""
    token = words.tokens[place]
    if not token.capital or len(token.text) < 2 or cues.is_function_word(token.folded):
        return False
    return (words.given(token) or not words.common(token)) and words.free(place)


def _mark_by_model(words: Words, persons: Iterable[Span]) -> None:
    """What the model takes for a person, where the words agree."""
    for start, end in persons:
        inside = [
            place
            for place, token in enumerate(words.tokens)
            if start <= token.start and token.end <= end
            if token.capital and words.free(place) and _agrees(words, place)
        ]
        if not inside:
            continue
        first = inside[0]
        known = any(words.known(words.tokens[place]) for place in inside)
        tool = words.before(first) in cues.USES and not words.tokens[first].opens
        if known or len(inside) > 1 or not tool:
            for place in inside:
                words.is_name[place] = True


def _agrees(words: Words, place: int) -> bool:
    token = words.tokens[place]
    if len(token.text) < 2 or token.folded in cues.TITLES | cues.OFFICES:
        return False
    if not words.common(token):
        return True
    # A name that is also a word: not where every word has a capital.
    opening = token.opens and words.after(place) not in cues.SPEAKS_ONLY
    return words.known(token) and not opening


def _mark_joined(words: Words) -> None:
    """Names joined to names: "Chloe, Ifeanyi and Yusuf". Once forwards, once backwards."""
    places = range(len(words.tokens))
    for order, step in ((places, -1), (reversed(places), 1)):
        for place in order:
            if words.free(place) and _joined(words, place, step):
                words.take(place)


def _joined(words: Words, place: int, step: int) -> bool:
    token = words.tokens[place]
    known = words.known(token) and not words.function(token)
    if not token.capital and not (known and len(token.folded) > 3):
        return False
    if words.common(token) and not words.given(token):
        return False
    if step == 1 and token.opens and not known:
        return False
    return _name_beside(words, place, step)


def _name_beside(words: Words, place: int, step: int) -> bool:
    """Whether a name stands next to the place, beyond a comma or "and"."""
    other, beyond = place + step, place + 2 * step
    if not 0 <= other < len(words.tokens):
        return False
    token = words.tokens[place]
    if words.is_name[other]:
        gap = words.tokens[max(place, other)].gap
        return bool(LIST_GAP.fullmatch(gap)) and (token.capital or words.given(token))
    if not 0 <= beyond < len(words.tokens) or not words.is_name[beyond]:
        return False
    first = min(place, beyond) + 1
    tight = all(words.tokens[p].gap in (" ", ", ") for p in (first, first + 1))
    return words.tokens[other].folded in ("and", "or", "y", "und") and tight
