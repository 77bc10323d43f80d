"""One answer as its words, and what is asked of each: is it a name, may it be one?"""

import re

from study.redaction_shadow import Span
from web.names import cues
from web.names.lists import NameLists, fold
from web.names.model import Dictionary
from web.names.tokens import HYPHEN, Token, mark_phrases, tokens_of

ENGLISH_SHARE = 0.15
"""Of the words of an English text, at least so many are such as "the" and "would"."""

INITIAL_GAP = re.compile(r"\.? ?|\.-")
LIST_GAP = re.compile(r" ?(?:,|/|&|\+) ?")

_CITED = re.compile(
    r"(?:['’]s)?(?:,? et al\b|,? (?:and|&) colleagues\b"
    r"|,? ?[(\[]? ?(?:19|20)[0-9]{2}[a-z]?(?![0-9]))",
    re.IGNORECASE,
)


class Words:
    """The words of one text. Words are named by their place, from 0.

    Args:
        text: an answer with patterned identifiers masked.
        lists: given and family names, and what is kept.
        dictionary: of ordinary English words.
        characters: names in the cases, which stay.
    """

    def __init__(
        self, text: str, lists: NameLists, dictionary: Dictionary, characters: frozenset[str]
    ) -> None:
        self.tokens = tokens_of(text)
        self.is_name = [False] * len(self.tokens)
        self._lists = lists
        self._dictionary = dictionary
        self._characters = frozenset(fold(name) for name in characters)
        self._is_character: dict[str, bool] = {}
        self._kept = mark_phrases(self.tokens, lists.kept, lists.longest)
        self._cited = self._mark_cited(text)

    # --- what a word is

    def known(self, token: Token) -> bool:
        """Whether a word is a given or a family name of the lists."""
        return self.given(token) or token.folded in self._lists.family

    def given(self, token: Token) -> bool:
        """Whether it, or what stands before its hyphen, is a given name."""
        return token.folded in self._lists.given or token.first in self._lists.given

    def family(self, token: Token) -> bool:
        """Whether it is a family name that is no verb, adjective or adverb as well."""
        return token.folded in self._lists.family and not self.acts(token)

    def listed_family(self, token: Token) -> bool:
        """Whether it is in the list of family names."""
        return token.folded in self._lists.family

    def certain(self, place: int) -> bool:
        """Whether a word is a given name that counts alone."""
        token = self.tokens[place]
        if token.shouted and len(token.folded) < 4:
            return False
        if token.folded in self._lists.certain:
            return True
        if token.capital and token.first != token.folded:
            return token.first in self._lists.certain
        short = 2 <= len(token.folded) <= 3 and token.folded in self._lists.given
        return short and token.capital and not token.opens and not self.common(token)

    def common(self, token: Token) -> bool:
        """Whether it is an ordinary English word."""
        return cues.is_function_word(token.folded) or self._dictionary.knows(token.folded)

    def acts(self, token: Token) -> bool:
        """Whether it is a verb, an adjective or an adverb."""
        return self._dictionary.knows_other_than_noun(token.folded)

    def function(self, token: Token) -> bool:
        """Whether it is in small letters, and a word such as "the" or "would"."""
        return not token.capital and cues.is_function_word(token.folded)

    def compound(self, token: Token) -> bool:
        """Whether it is joined from ordinary words ("task-by-task")."""
        parts = HYPHEN.split(token.text)
        return len(parts) > 1 and any(
            cues.is_function_word(fold(part)) or self._dictionary.knows(fold(part))
            for part in parts
        )

    def role(self, token: Token) -> bool:
        """Whether it says what a person is ("physios")."""
        return token.folded.removesuffix("s") in cues.RELATIONS or token.folded in cues.RELATIONS

    def character(self, token: Token) -> bool:
        """Whether it is a character of the cases, also with one slip of the pen."""
        word = token.folded
        if word not in self._is_character:
            self._is_character[word] = word in self._characters or (
                not self.given(token)
                and any(len(name) > 3 and one_slip(word, name) for name in self._characters)
            )
        return self._is_character[word]

    def free(self, place: int) -> bool:
        """Neither kept, nor cited, nor a placeholder, nor a name already."""
        token = self.tokens[place]
        taken = token.hole or self.is_name[place] or self._kept[place] or self._cited[place]
        return not taken and not self.character(token)

    def free_for_person(self, place: int) -> bool:
        """Like :meth:`free`, after words that tell of a person: there a kept word that is also
        a name counts, unless it is part of a longer kept phrase."""
        token = self.tokens[place]
        if token.hole or self._cited[place] or token.folded in self._characters:
            return False
        return not self._kept[place] or (self._kept[place] == 1 and self.known(token))

    def kept(self, place: int) -> int:
        """The number of words of the kept phrase that a word is part of; 0 for none."""
        return self._kept[place]

    # --- its neighbours

    def near(self, place: int, gap: re.Pattern[str]) -> bool:
        """Whether there is a word at ``place`` that follows the one before it closely."""
        return 0 < place < len(self.tokens) and bool(gap.fullmatch(self.tokens[place].gap))

    def before(self, place: int, distance: int = 1) -> str:
        """The folded word before, "" where there is none."""
        return self.tokens[place - distance].folded if place >= distance else ""

    def after(self, place: int) -> str:
        """The folded word after, in the same sentence; "" where there is none."""
        following = place + 1
        if following >= len(self.tokens) or self.tokens[following].opens:
            return ""
        return self.tokens[following].folded

    def initial(self, place: int, *, small: bool = False) -> bool:
        """Whether it is one letter that can stand for a name (X, Y and Z stand for anybody)."""
        if place >= len(self.tokens):
            return False
        token = self.tokens[place]
        if len(token.text) != 1 or token.folded in ("x", "y", "z", "i"):
            return False
        return small or token.text.isupper()

    def is_english(self) -> bool:
        """Whether the words are English enough for the model; one or two always are."""
        words = [token.folded for token in self.tokens if not token.hole]
        known = sum(map(cues.is_function_word, words))
        return len(words) < 3 or known >= ENGLISH_SHARE * len(words)

    # --- a name with all its parts

    def take(self, place: int) -> None:
        """Mark a name with what belongs to it on either side."""
        self.is_name[place] = True
        last = place
        while (end := self._part_after(last)) is not None:
            self.is_name[last + 1 : end + 1] = [True] * (end - last)
            last = end
        first = place
        while first > 0 and self.near(first, INITIAL_GAP) and self._is_part_before(first - 1):
            first -= 1
            self.is_name[first] = True

    def has_family_name(self, place: int) -> bool:
        """Whether a family name follows."""
        following = place + 1
        if following >= len(self.tokens) or self.tokens[following].gap != " ":
            return False
        token, family = self.tokens[place], self.tokens[following]
        if family.folded not in self._lists.family or token.capital != family.capital:
            return False
        if not self.free(following) and self._kept[following] != 1:
            return False
        return token.capital or (len(family.folded) > 3 and self.family(family))

    def _part_after(self, last: int) -> int | None:
        """The place of the next part of the name that ends at ``last``, if there is one."""
        following = last + 1
        if not self.near(following, INITIAL_GAP):
            return None
        token = self.tokens[following]
        if "." in token.gap and len(self.tokens[last].text) > 1:
            return None
        place = following
        while place < len(self.tokens) - 1 and self.tokens[place].folded in cues.PARTICLES:
            place += 1
        if place == following:
            return place if self._fits_after(place, last) else None
        # "Sarah do" and "ben e" are a name and a word.
        if cues.is_function_word(token.folded) and not self.tokens[place].capital:
            return None
        fits = self.tokens[place].gap == " " and self._fits_after(place, last)
        return place if fits else None

    def _fits_after(self, place: int, last: int) -> bool:
        token = self.tokens[place]
        if token.hole or self._cited[place] or token.shouted or len(token.text) < 2:
            return False
        if cues.is_function_word(token.folded):
            return token.capital and self.known(token)
        if token.capital:
            if self._kept[place] > 1 or token.folded in cues.PERSON_WORDS:
                return False
            return self.known(token) or not self.acts(token)
        if self.tokens[last].capital or len(token.folded) < 3:
            return False
        if self._kept[place] and token.folded not in self._lists.family:
            return False
        return self.family(token) or not self.common(token)

    def _is_part_before(self, place: int) -> bool:
        token, following = self.tokens[place], self.tokens[place + 1]
        if token.hole or token.folded in cues.TITLES | cues.OFFICES:
            return False
        if len(token.text) == 1:
            return token.capital and token.folded != "i" and following.capital
        if "." in following.gap or self._cited[place] or token.capital != following.capital:
            return False
        if not self.given(token) or not self.free_for_person(place):
            return False
        return not self.common(token) or (token.capital and not token.opens)

    # --- the result

    def spans(self) -> list[Span]:
        """The names marked, in order, neighbouring words as one."""
        found: list[Span] = []
        previous = -2
        for place, token in enumerate(self.tokens):
            if not self.is_name[place]:
                continue
            joined = previous == place - 1 and INITIAL_GAP.fullmatch(token.gap)
            start = found.pop()[0] if joined else token.start
            found.append((start, token.end))
            previous = place
        return found

    def _mark_cited(self, text: str) -> list[bool]:
        """Authors: before "et al." or a year, and those joined to them."""
        cited = [False] * (len(self.tokens) + 2)
        for place in reversed(range(len(self.tokens))):
            token = self.tokens[place]
            if not token.capital and token.folded not in cues.PARTICLES:
                continue
            if _CITED.match(text, token.end):
                cited[place] = True
            elif cited[place + 1] and token.capital:
                gap = self.tokens[place + 1].gap
                cited[place] = bool(LIST_GAP.fullmatch(gap)) or gap in (" ", ", & ")
            elif cited[place + 2]:
                cited[place] = self.tokens[place + 1].folded == "and"
        return cited[: len(self.tokens)]


def one_slip(written: str, name: str) -> bool:
    """Whether one letter is wrong, missing, too many or changed places; the first is right."""
    if written[:1] != name[:1] or abs(len(written) - len(name)) > 1:
        return False
    start = 0
    while start < min(len(written), len(name)) and written[start] == name[start]:
        start += 1
    left, right = written[start:], name[start:]
    if len(left) == len(right):
        swapped = len(left) > 1 and left[:2] == right[1::-1] and left[2:] == right[2:]
        return swapped or left[1:] == right[1:]
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    return longer[1:] == shorter
