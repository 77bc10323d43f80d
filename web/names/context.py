"""Names that the words before them introduce: a title, a relation, "my name is"."""

import re

from web.names import cues
from web.names.words import INITIAL_GAP, Words

_TITLE_GAP = re.compile(r"\.? {0,2}")
_LOOSE_GAP = re.compile(r" ?[,(:\-–—]? ?[\"“‘']?")


def mark_introduced(words: Words) -> None:
    """Mark the names that follow words which tell of a person."""
    for place, token in enumerate(words.tokens):
        if token.folded in cues.TITLES or token.folded in cues.OFFICES:
            _after_title(words, place)
        if words.near(place, _LOOSE_GAP) and words.free_for_person(place):
            if words.role(words.tokens[place - 1]):
                _after_relation(words, place)
            _after_introduction(words, place)


def _after_title(words: Words, title: int) -> None:
    """ "dr smith", "Mr T", "Professor S. K. Nair", "our dean, Dr Sundaram"."""
    first = title + 1
    if not words.near(first, _TITLE_GAP) or words.tokens[first].folded in cues.TITLES:
        return
    # "miss" in small letters is a verb more often than a title.
    written = words.tokens[title].text
    office = words.tokens[title].folded in cues.OFFICES or written == "miss"
    while words.initial(first, small=not office):
        words.is_name[first] = True
        first += 1
        if not words.near(first, INITIAL_GAP):
            return
    if first >= len(words.tokens) or not words.free_for_person(first):
        return
    if _named_after_title(words, title, first, office=office):
        words.take(first)


def _named_after_title(words: Words, title: int, first: int, *, office: bool) -> bool:
    token = words.tokens[first]
    if len(token.text) < 2 or token.folded in cues.NOT_AFTER_TITLE:
        return False
    unusual = not words.common(token)
    if token.capital:
        return not office or words.known(token) or unusual
    if cues.is_function_word(token.folded):
        return False
    if words.before(title) in cues.DETERMINERS:  # "the dr will", "my prof sarah"
        return words.certain(first)
    known = words.known(token) or unusual
    if office:
        return words.certain(first) or words.listed_family(token) or unusual
    return known or words.tokens[title].folded in ("mr", "mrs", "ms")


def _after_relation(words: Words, place: int) -> None:
    """ "my tutor Sarah", "patient John Barrowclough", "the physio (megan)"."""
    token = words.tokens[place]
    if token.shouted or words.function(token):
        return
    close = token.gap in (" ", "  ")
    if token.capital:
        # "My colleague, Reflecting on it, …" has a comma and no name.
        if words.known(token) or (close and not words.common(token)):
            words.take(place)
        return
    if words.certain(place):
        words.take(place)
        return
    mine = cues.POSSESSIVES & {words.before(place, 2), words.before(place, 3)}
    if not close or not mine or len(token.folded) < 3 or words.role(token):
        return
    if words.after(place) in cues.SPEAKS:
        named = words.known(token) or not words.common(token)
    else:
        named = words.given(token) and not words.acts(token) and _moves_on(words, place)
    if named:
        words.take(place)


def _moves_on(words: Words, place: int) -> bool:
    """Whether no noun follows: "my lead rosemary changed …", not "my tutor angel cake"."""
    following = words.after(place)
    if not following or cues.is_function_word(following):
        return True
    return words.acts(words.tokens[place + 1])


def _after_introduction(words: Words, place: int) -> None:
    """ "my name is …", "a patient called …", "I'm …", "this is …"."""
    token = words.tokens[place]
    if words.function(token) or token.shouted:
        return
    one, two, three = (words.before(place, n) for n in (1, 2, 3))
    named = one in cues.NAME_WORDS or (one in ("is", "was") and two in cues.NAME_WORDS)
    called = one in cues.CALLED and (
        two in cues.RELATIONS | cues.CALLED_SO or three in cues.RELATIONS
    )
    if called or (named and "," not in token.gap):
        if (words.known(token) or not words.common(token)) and len(token.folded) > 2:
            words.take(place)
        return
    this = one == "is" and two == "this"
    if not (this or one in ("im", "i'm") or (one == "am" and two == "i")):
        return
    # "This is Claude" speaks of the tool; "I'm Julia" does not.
    if words.kept(place) and (this or not words.given(token)):
        return
    if words.certain(place) or (token.capital and words.known(token)):
        words.take(place)
