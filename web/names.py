"""Names of persons in an English answer: by what stands about them, by lists, by a model.

The model alone is noisy: it takes tools and authors for persons, and it does not see small
letters. So what it says counts only where the words and lists here agree, and titles,
relations ("my tutor …") and given names that are nothing else count without it.
"""

import re
from collections.abc import Callable, Iterable

from study.redaction_shadow import Span
from web import name_cues as cues
from web.name_lists import NameLists, fold
from web.name_tokens import Token, mark_phrases, tokens_of

Words = Callable[[str], bool]
"""Tells of a folded word whether it is a certain kind of word."""

ENGLISH_SHARE = 0.15
"""Of the words of an English text, at least so many are such as "the" and "would"."""

_INITIAL_GAP = re.compile(r"\.? ?|\.-")
_TITLE_GAP = re.compile(r"\.? {0,2}")
_LOOSE_GAP = re.compile(r" ?[,(:\-–—]? ?[\"“‘']?")
_LIST_GAP = re.compile(r" ?(?:,|/|&|\+) ?")
_CITED = re.compile(
    r"(?:['’]s)?(?:,? et al\b|,? (?:and|&) colleagues\b|,? ?[(\[]? ?(?:19|20)[0-9]{2}[a-z]?(?![0-9]))",
    re.IGNORECASE,
)


class NameFinder:
    """Finds names with one set of lists.

    Args:
        lists: given and family names, and what is kept.
        ordinary: tells ordinary English words.
        acts: tells those that are verbs, adjectives or adverbs.
        persons: the model: spans of a text that it takes for persons.
    """

    def __init__(
        self,
        lists: NameLists,
        ordinary: Words,
        acts: Words,
        persons: Callable[[str], Iterable[Span]],
    ) -> None:
        self._lists = lists
        self._ordinary = ordinary
        self._acts = acts
        self._persons = persons

    def find(self, text: str, characters: frozenset[str]) -> list[Span]:
        """Spans of names, in order; they do not overlap.

        Args:
            text: an answer with patterned identifiers masked.
            characters: names in the case, which stay.
        """
        search = _Search(text, self._lists, self._ordinary, self._acts, characters)
        search.by_context()
        search.by_list()
        if search.is_english():
            search.by_neighbours()
            if search.has_unknown_capitals():
                search.by_model(self._persons(text))
        search.by_company()
        return search.spans()


class _Search:
    """One text on its way."""

    def __init__(
        self,
        text: str,
        lists: NameLists,
        ordinary: Words,
        acts: Words,
        characters: frozenset[str],
    ) -> None:
        self.text = text
        self.lists = lists
        self.tokens = tokens_of(text)
        self._ordinary = ordinary
        self._acts = acts
        self._characters = frozenset(fold(name) for name in characters)
        self._kept = mark_phrases(self.tokens, lists.kept)
        self._is_name = [False] * len(self.tokens)
        self._cited = self._mark_cited()

    # --- what a word is

    def _in_lists(self, token: Token) -> bool:
        return self._given(token) or token.folded in self.lists.family

    def _given(self, token: Token) -> bool:
        parts = re.split(r"[-‐‑]", token.text)
        return token.folded in self.lists.given or fold(parts[0]) in self.lists.given

    def _certain(self, place: int) -> bool:
        """A given name that counts alone."""
        token = self.tokens[place]
        word = token.folded
        if token.shouted and len(word) < 4:
            return False
        if word in self.lists.certain:
            return True
        if "-" in token.text and fold(token.text.split("-")[0]) in self.lists.certain:
            return token.capital
        short = len(word) in (2, 3) and word in self.lists.given
        return short and token.capital and not token.opens and not self._common(word)

    def _common(self, word: str) -> bool:
        return cues.is_function_word(word) or self._ordinary(word)

    def _character(self, token: Token) -> bool:
        """A character of the case, also misspelt by one letter."""
        if token.folded in self._characters:
            return True
        return not self._given(token) and any(
            len(name) > 3 and _one_slip(token.folded, name) for name in self._characters
        )

    def _free(self, place: int) -> bool:
        """Neither kept, nor cited, nor a placeholder, nor a name already."""
        token = self.tokens[place]
        return not (
            token.hole or self._is_name[place] or self._kept[place] or self._cited[place]
        ) and not self._character(token)

    def _free_for_person(self, place: int) -> bool:
        """Like :meth:`_free`, after words that tell of a person: kept words that are also
        names count, unless they are part of a longer kept phrase."""
        token = self.tokens[place]
        if token.hole or self._cited[place] or token.folded in self._characters:
            return False
        return not self._kept[place] or (self._kept[place] == 1 and self._in_lists(token))

    def _near(self, place: int, gap: re.Pattern[str]) -> bool:
        """Whether the word at ``place`` follows the one before it closely."""
        return 0 < place < len(self.tokens) and bool(gap.fullmatch(self.tokens[place].gap))

    def _before(self, place: int) -> str:
        return self.tokens[place - 1].folded if place > 0 else ""

    def _after(self, place: int) -> str:
        following = place + 1
        if following >= len(self.tokens) or self.tokens[following].opens:
            return ""
        return self.tokens[following].folded

    # --- ways to find one

    def by_context(self) -> None:
        """Names that the words before them introduce."""
        for place, token in enumerate(self.tokens):
            if token.folded in cues.TITLES or token.folded in cues.OFFICES:
                self._after_title(place)
            if place and not cues.is_function_word(token.folded):
                self._after_relation(place)
                self._introduced(place)

    def _after_title(self, title: int) -> None:
        first = title + 1
        if not self._near(first, _TITLE_GAP):
            return
        if self.tokens[first].folded in cues.TITLES:
            return
        office = self.tokens[title].folded in cues.OFFICES or self.tokens[title].text == "miss"
        while self._is_initial(first, after_title=not office) and self._near(first + 1, _INITIAL_GAP):
            self._is_name[first] = True
            first += 1
        if first >= len(self.tokens) or not self._free_for_person(first):
            return
        token = self.tokens[first]
        if self._is_initial(first, after_title=not office):
            self._is_name[first] = True
            return
        if len(token.text) < 2 or token.folded in cues.NOT_AFTER_TITLE:
            return
        led = self._before(title) in cues.DETERMINERS
        if token.capital:
            named = not office or self._in_lists(token) or not self._common(token.folded)
        elif cues.is_function_word(token.folded):
            named = False
        elif office or led:
            named = self._certain(first) or (
                not led and (token.folded in self.lists.family or not self._common(token.folded))
            )
        else:
            named = self._in_lists(token) or not self._common(token.folded) or (
                self.tokens[title].folded in ("mr", "mrs", "ms")
            )
        if named:
            self._take(first)

    def _is_initial(self, place: int, *, after_title: bool) -> bool:
        if place >= len(self.tokens):
            return False
        token = self.tokens[place]
        if len(token.text) != 1 or token.folded in ("x", "y", "z", "i"):
            return False
        return token.text.isupper() or after_title

    def _after_relation(self, place: int) -> None:
        """ "my tutor Sarah", "our dean, Dr …", "patient Sarah Miles", "the physio (megan)"."""
        before = place - 1
        if self._before(place) not in cues.RELATIONS or not self._near(place, _LOOSE_GAP):
            return
        if not self._free_for_person(place):
            return
        token = self.tokens[place]
        close = token.gap in (" ", "  ")
        led = self._before(before) in cues.POSSESSIVES or (
            before > 1 and self.tokens[before - 2].folded in cues.POSSESSIVES
        )
        if token.capital and not token.shouted:
            if self._in_lists(token) or not self._common(token.folded):
                # "my colleague, Reflecting …" is no name; "my colleague, Reflekta," may be.
                if close or self._in_lists(token):
                    self._take(place)
        elif self._certain(place):
            self._take(place)
        elif close and led and len(token.folded) > 3 and self._after(place) in cues.SPEAKS:
            known = self._in_lists(token) and token.folded not in cues.RELATIONS
            if known or not self._common(token.folded):
                self._take(place)

    def _introduced(self, place: int) -> None:
        """ "my name is …", "I'm …", "a patient called …"."""
        if not self._free_for_person(place) or not self._near(place, _LOOSE_GAP):
            return
        token = self.tokens[place]
        one, two, three = (
            self.tokens[place - n].folded if place >= n else "" for n in (1, 2, 3)
        )
        named = one in cues.NAME_WORDS or (one in ("is", "was") and two in cues.NAME_WORDS)
        called = one in cues.CALLED and (
            two in cues.RELATIONS or two in ("is", "was", "s") or three in cues.RELATIONS
            or two in ("shes", "hes")
            or (two in ("he", "she", "who", "they"))
        )
        known = self._in_lists(token)
        if named or called:
            if token.capital:
                if known or not self._common(token.folded):
                    self._take(place)
            elif known and not self._function(token) or not self._common(token.folded):
                if len(token.folded) > 2:
                    self._take(place)
            return
        myself = one in ("im", "i'm") or (one == "am" and two == "i") or (one == "is" and two == "this")
        if self._kept[place] and (one == "is" or not self._given(token)):
            return
        if myself and known and (token.capital or self._certain(place)):
            self._take(place)

    def _function(self, token: Token) -> bool:
        return not token.capital and cues.is_function_word(token.folded)

    def by_list(self) -> None:
        """Given names that are nothing else, and given names before family names."""
        for place in range(len(self.tokens)):
            if not self._free(place):
                # A character's name with a family name is somebody else's.
                if self._character(self.tokens[place]) and self._has_family_name(place):
                    self._take(place)
                continue
            token = self.tokens[place]
            if self._certain(place) or (self._given(token) and self._has_family_name(place)):
                self._take(place)
            elif token.opens and self._before(place) in ("signed", "regards"):
                if token.capital and not self._common(token.folded):
                    self._take(place)

    def _has_family_name(self, place: int) -> bool:
        following = place + 1
        if following >= len(self.tokens) or self.tokens[following].gap != " ":
            return False
        token, family = self.tokens[place], self.tokens[following]
        if not self._free(following) and not (
            self._kept[following] == 1 and family.folded in self.lists.family
        ):
            return False
        if family.folded not in self.lists.family or token.capital != family.capital:
            return False
        return token.capital or (len(family.folded) > 3 and self._family_only(family))

    def by_neighbours(self) -> None:
        """Words of no dictionary where only a person can stand."""
        for place, token in enumerate(self.tokens):
            word = token.folded
            if len(word) < 3 or token.shouted or not self._free(place) or self._compound(token):
                continue
            met = not token.opens and self._met_before(place)
            speaks = self._after(place) in cues.SPEAKS_ONLY
            if self._common(word):
                # A word, but also a name: "I asked Rose", "i told mark about it".
                named = token.capital and not token.opens and (met or speaks)
                if named and (self._given(token) or self._family_only(token)):
                    self._take(place)
                elif met and self._given(token) and not self._function(token):
                    if self._after(place) in cues.AFTER_PERSON:
                        self._take(place)
            elif met and (token.capital or self.tokens[place - 1].folded in cues.MET):
                self._take(place)
            elif token.capital and speaks:
                self._take(place)

    def _met_before(self, place: int) -> bool:
        before = self._before(place)
        if self.tokens[place].gap != " ":
            return False
        if before in ("with", "to", "by") and place > 1:
            return self.tokens[place - 2].folded in cues.MET_WITH
        return before in cues.MET

    def _compound(self, token: Token) -> bool:
        """"Task-by-task": joined from ordinary words."""
        parts = re.split(r"[-‐‑]", token.text)
        return len(parts) > 1 and any(self._common(fold(part)) for part in parts)

    def is_english(self) -> bool:
        """Whether the words are English enough for the model; a short text always is."""
        words = [token.folded for token in self.tokens if not token.hole]
        known = sum(map(cues.is_function_word, words))
        return len(words) < 3 or known >= ENGLISH_SHARE * len(words)

    def has_unknown_capitals(self) -> bool:
        """Whether the model may know of a name that the lists do not."""
        return any(
            token.capital
            and self._free(place)
            and len(token.text) > 1
            and (self._given(token) or not self._common(token.folded))
            and not cues.is_function_word(token.folded)
            for place, token in enumerate(self.tokens)
        )

    def by_model(self, persons: Iterable[Span]) -> None:
        """What the model takes for a person, where the words agree."""
        for start, end in persons:
            inside = [
                place
                for place, token in enumerate(self.tokens)
                if start <= token.start and token.end <= end and token.capital
            ]
            inside = [p for p in inside if self._free(p) and self._can_be_name(p)]
            if not inside:
                continue
            known = any(self._in_lists(self.tokens[place]) for place in inside)
            first = inside[0]
            alone = len(inside) == 1
            if known or not alone or not self._like_a_tool(first):
                for place in inside:
                    self._is_name[place] = True

    def _can_be_name(self, place: int) -> bool:
        token = self.tokens[place]
        if len(token.text) < 2 or token.folded in cues.TITLES | cues.OFFICES:
            return False
        if not self._common(token.folded):
            return True
        if not self._in_lists(token):
            return False
        # A name that is also a word: not where every word has a capital.
        return not token.opens or self._after(place) in cues.SPEAKS

    def _like_a_tool(self, place: int) -> bool:
        return self._before(place) in cues.USES and not self.tokens[place].opens

    def by_company(self) -> None:
        """Names joined to names: "Chloe, Ifeanyi and Yusuf"."""
        changed = True
        while changed:
            changed = False
            for place in range(len(self.tokens)):
                if self._free(place) and self._joined(place):
                    self._take(place)
                    changed = True

    def _joined(self, place: int) -> bool:
        token = self.tokens[place]
        known = self._in_lists(token) and not self._function(token)
        if not token.capital and not (known and len(token.folded) > 3):
            return False
        if self._common(token.folded) and not self._given(token):
            return False
        return self._name_beside(place, -1) or (
            (known or not token.opens) and self._name_beside(place, 1)
        )

    def _name_beside(self, place: int, step: int) -> bool:
        other = place + step
        gap = max(place, other)
        if 0 <= other < len(self.tokens) and self._is_name[other]:
            return bool(_LIST_GAP.fullmatch(self.tokens[gap].gap)) and (
                self.tokens[place].capital or self._given(self.tokens[place])
            )
        beyond = place + 2 * step
        if not 0 <= beyond < len(self.tokens) or not self._is_name[beyond]:
            return False
        middle = self.tokens[other]
        tight = all(self.tokens[p].gap in (" ", ", ") for p in sorted((other, gap + (step > 0))))
        return middle.folded in ("and", "or", "y", "und") and tight

    # --- a name and all its parts

    def _take(self, place: int) -> None:
        """Mark a name with what belongs to it on either side."""
        self._is_name[place] = True
        last = place
        while (end := self._part_after(last)) is not None:
            for part in range(last + 1, end + 1):
                self._is_name[part] = True
            last = end
        first = place
        while first > 0 and self._near(first, _INITIAL_GAP) and self._is_part_before(first - 1):
            first -= 1
            self._is_name[first] = True

    def _part_after(self, last: int) -> int | None:
        """The place of the next part of the name that ends at ``last``, if there is one."""
        following = last + 1
        if not self._near(following, _INITIAL_GAP):
            return None
        initial = len(self.tokens[last].text) == 1
        if "." in self.tokens[following].gap and not initial:
            return None
        token = self.tokens[following]
        if token.folded in cues.PARTICLES and not self._common_start(following):
            place = following
            while place < len(self.tokens) - 1 and self.tokens[place].folded in cues.PARTICLES:
                place += 1
            if self.tokens[place].gap == " " and (self.tokens[place].capital or place > following):
                if self._fits_after(place, last):
                    return place
            return None
        return following if self._fits_after(following, last) else None

    def _common_start(self, place: int) -> bool:
        """A particle that is rather an English word here: "Sarah do", "Ben e"."""
        following = place + 1
        if following >= len(self.tokens):
            return True
        small = not self.tokens[following].capital
        return small and cues.is_function_word(self.tokens[place].folded)

    def _fits_after(self, place: int, last: int) -> bool:
        token = self.tokens[place]
        if token.hole or self._cited[place] or token.shouted or len(token.text) < 2:
            return False
        if token.capital:
            if self._kept[place] > 1 or token.folded in cues.TITLES | cues.OFFICES | cues.RELATIONS:
                return False
            noun = not self._acts(token.folded) and not cues.is_function_word(token.folded)
            return self._in_lists(token) or noun
        if self.tokens[last].capital or cues.is_function_word(token.folded):
            return False
        if self._kept[place] and token.folded not in self.lists.family:
            return False
        if len(token.folded) < 3:
            return False
        return self._family_only(token) or not self._common(token.folded)

    def _family_only(self, token: Token) -> bool:
        """A family name that is no verb, adjective or adverb."""
        return token.folded in self.lists.family and not self._acts(token.folded)

    def _is_part_before(self, place: int) -> bool:
        token = self.tokens[place]
        following = self.tokens[place + 1]
        if token.hole or token.folded in cues.TITLES | cues.OFFICES:
            return False
        if len(token.text) == 1:
            return token.capital and token.folded != "i" and following.capital
        if "." in following.gap or self._cited[place]:
            return False
        if token.capital != following.capital or not self._free_for_person(place):
            return False
        return self._given(token) and not (token.opens and self._common(token.folded)) and (
            token.capital or not self._common(token.folded)
        )

    # --- the result

    def _mark_cited(self) -> list[bool]:
        """Names of authors: before "et al." or a year, and those joined to them."""
        cited = [False] * len(self.tokens)
        for place in reversed(range(len(self.tokens))):
            token = self.tokens[place]
            if not token.capital and token.folded not in cues.PARTICLES:
                continue
            if _CITED.match(self.text, token.end):
                cited[place] = True
            elif place + 1 < len(self.tokens) and cited[place + 1] and token.capital:
                gap = self.tokens[place + 1].gap
                cited[place] = bool(_LIST_GAP.fullmatch(gap)) or gap in (" ", " & ", ", & ")
            elif place + 2 < len(self.tokens) and cited[place + 2]:
                cited[place] = self.tokens[place + 1].folded == "and"
        return cited

    def spans(self) -> list[Span]:
        """The names found, neighbouring words as one."""
        found: list[Span] = []
        previous = -2
        for place, token in enumerate(self.tokens):
            if not self._is_name[place]:
                continue
            joined = previous == place - 1 and _INITIAL_GAP.fullmatch(token.gap)
            start = found.pop()[0] if joined else token.start
            found.append((start, token.end))
            previous = place
        return found


def _one_slip(written: str, name: str) -> bool:
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
